/**
 * What does a feed cost? A first load, a next day on which one row in a thousand changed and one record was edited in
 * Salesforce, beside a plain COPY of the same rows, and beside the way in which every row is looked up and saved by itself. The
 * program is a process of its own, which asks for org and databases: its memory is its own alone. The org is the local one: its
 * time is taken out of "beside COPY", which is in processor time.
 */
import type { PGlite } from '@electric-sql/pglite';
import type { Done } from './support/feed-program.ts';
import { cpuSince, FeedWorld } from './support/feed-world.ts';
import { print, printTable, secondsOf, sizeOf, timesOf } from './support/figures.ts';

const ROWS = [10_000, 100_000, 1_000_000];
const ROWS_QUICK = [10_000];
/** What is measured of the way with two calls a row. */
const ROWS_ONE_BY_ONE = 1_000;
/** One row in so many changes from day to day. */
const CHANGED_ONE_IN = 1_000;
const MAX_CALLS_OF_FIRST_LOAD = 60;
const CALLS_BESIDE_WRITES = 6;

const VIEW = `
  CREATE TABLE day (number int); INSERT INTO day VALUES (1);
  CREATE VIEW accounts_view AS
    SELECT lpad(i::text, 8, '0')::char(10) AS code,
           ('Tercero ' || i || CASE WHEN i % ${CHANGED_ONE_IN} = 0 THEN ' día ' || number ELSE '' END)::varchar(200) AS name,
           ('601 ' || i)::text AS phone, (i + 0.0001)::numeric(18, 4) AS credit, CASE WHEN i % 7 = 0 THEN 'N' ELSE 'S' END AS active,
           (date '2000-01-01' + i % 9000) AS since, NULL::text AS note
      FROM generate_series(1, $ROWS) AS i, day`;

interface Measured extends Done {
  name: string;
  outcome: NonNullable<Done['outcome']>;
  orgMs: number;
  databasesMs: number;
  peak: number;
}

/** All rows out of the view and into another table, by COPY: milliseconds, and those of the processor. */
const copied = async (database: PGlite): Promise<{ ms: number; cpuMs: number }> => {
  const began = performance.now();
  const before = process.cpuUsage();
  const { blob } = await database.query("COPY (SELECT * FROM accounts_view) TO '/dev/blob'");
  await database.exec('CREATE TABLE copied AS SELECT * FROM accounts_view WHERE false');
  await database.query("COPY copied FROM '/dev/blob'", [], { blob: blob! });
  return { ms: performance.now() - began, cpuMs: cpuSince(before) };
};

const aSecond = (rows: number, ms: number): string => Math.round((rows * 1_000) / ms).toLocaleString('en');

const checked = (first: Measured, next: Measured): void => {
  if (next.outcome.counts.drifted !== 1) throw new Error('the edit in Salesforce was not found in the same run');
  if (first.outcome.apiCalls > MAX_CALLS_OF_FIRST_LOAD)
    throw new Error(`the first load took ${first.outcome.apiCalls} API calls; at most ${MAX_CALLS_OF_FIRST_LOAD}`);
  const most = Math.ceil(next.outcome.counts.updated / 200) + CALLS_BESIDE_WRITES;
  if (next.outcome.apiCalls > most)
    throw new Error(`the next day took ${next.outcome.apiCalls} API calls; at most ${most}`);
};

/** So many rows, in a world of their own. Returns the most memory that the program had, in bytes. */
const measure = async (count: number): Promise<number> => {
  const world = await FeedWorld.open(VIEW.replace('$ROWS', String(count)));
  const run = async (name: string): Promise<Measured> => {
    const done = await world.perform();
    const outcome = done.outcome!;
    if (outcome.status !== 'succeeded') throw new Error(`${name}: ${outcome.status}: ${outcome.reasons.join('; ')}`);
    return { ...done, name, outcome, orgMs: world.cpuMs.org, databasesMs: world.cpuMs.databases, peak: world.peak };
  };
  try {
    const copy = await copied(world.database);
    const first = await run('first load');
    await world.database.exec('UPDATE day SET number = 2');
    world.retail.apex("Account a = [SELECT Id FROM Account WHERE Key__c = 'ACME-00000007']; a.Phone = '1'; update a;");
    const next = await run('next day, 0.1% changed, one edited in Salesforce');
    const quiet = await run('next day, nothing changed');
    print(
      `feeds: ${count.toLocaleString('en')} rows; a plain COPY of them takes ${secondsOf(copy.ms)}, ${aSecond(count, copy.ms)} rows a second`,
    );
    printTable(
      [
        'run',
        'written',
        'API calls',
        'time',
        'rows a second',
        ...['program', 'databases', 'org'].map((part) => `processor: ${part}`),
        'without the org, beside COPY',
        'memory',
      ],
      [first, next, quiet].map(({ name, outcome: { counts, apiCalls }, ms, cpuMs, databasesMs, orgMs, peak }) => [
        name,
        String(counts.created + counts.updated),
        String(apiCalls),
        secondsOf(ms),
        aSecond(count, ms),
        ...[cpuMs, databasesMs, orgMs].map(secondsOf),
        timesOf((cpuMs + databasesMs) / copy.cpuMs),
        sizeOf(peak),
      ]),
    );
    const single = await world.perform({ oneByOne: ROWS_ONE_BY_ONE });
    print(
      `  row by row: ${ROWS_ONE_BY_ONE} rows take ${single.calls} API calls and ${secondsOf(single.ms)}; a row of the first load costs ` +
        `${(first.outcome.apiCalls / count).toFixed(5)} calls beside 2, and ${(first.ms / count).toFixed(2)} ms beside ${(single.ms / ROWS_ONE_BY_ONE).toFixed(2)} ms`,
    );
    checked(first, next);
    return quiet.peak;
  } finally {
    await world.close();
  }
};

export const benchFeeds = async (quick: boolean): Promise<void> => {
  const sizes = quick ? ROWS_QUICK : ROWS;
  const peaks: number[] = [];
  for (const count of sizes) peaks.push(await measure(count));
  if (peaks.length < 2) return;
  print('  the most memory of the program, beside what it needs for the fewest rows:');
  printTable(
    ['rows', 'memory', 'beside the fewest'],
    peaks.map((peak, at) => [sizes[at]!.toLocaleString('en'), sizeOf(peak), timesOf(peak / peaks[0]!)]),
  );
};
