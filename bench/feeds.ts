/**
 * What does a feed cost? A first load, a next day on which one row in a thousand changed and one record was edited in
 * Salesforce, beside a plain copy of the same rows within the source, and beside the way in which every row is looked up
 * and saved by itself. The org is the local one: its own time is taken out of "beside a copy".
 */
import { PGlite } from '@electric-sql/pglite';
import { PostgresSource } from '../src/feeds/source/postgres.ts';
import { runFeed, type RunOutcome } from '../src/feeds/run.ts';
import { Retail } from '../tests/feeds/support/retail.ts';
import { print, printTable, secondsOf, sizeOf, timesOf } from './support/figures.ts';

const ROWS = 1_000_000;
const ROWS_QUICK = 10_000;
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

interface Measured {
  name: string;
  outcome: RunOutcome;
  ms: number;
  orgMs: number;
  memory: number;
}

export const benchFeeds = async (quick: boolean): Promise<void> => {
  const count = quick ? ROWS_QUICK : ROWS;
  const database = await PGlite.create();
  await database.exec(VIEW.replace('$ROWS', String(count)));
  const retail = await Retail.open();
  const link = {
    query: async (text: string, parameters: readonly string[] = []) =>
      (await database.query<Record<string, unknown>>(text, [...parameters])).rows,
    close: () => database.close(),
  };
  const source = new PostgresSource(link, 600_000);
  const feed = retail.config.feed('ACME', 'accounts');
  let orgMs = 0;
  retail.intercept = async (request) => {
    const began = performance.now();
    const answer = await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
    orgMs += performance.now() - began;
    return answer;
  };
  const run = async (name: string): Promise<Measured> => {
    await retail.orgClock.advance(24 * 3_600_000);
    orgMs = 0;
    let memory = 0;
    const began = performance.now();
    const onProgress = (): void => void (memory = Math.max(memory, process.memoryUsage().rss));
    const outcome = await runFeed({ ...(await retail.parts()), source, onProgress }, feed);
    if (outcome.status !== 'succeeded') throw new Error(`${name}: ${outcome.status}: ${outcome.reasons.join('; ')}`);
    return { name, outcome, ms: performance.now() - began, orgMs, memory };
  };
  try {
    const copying = performance.now();
    await database.exec('CREATE TABLE copied AS SELECT * FROM accounts_view');
    const copyMs = performance.now() - copying;
    const first = await run('first load');
    await database.exec('UPDATE day SET number = 2');
    retail.apex("Account a = [SELECT Id FROM Account WHERE Key__c = 'ACME-00000007']; a.Phone = '1'; update a;");
    const next = await run('next day, 0.1% changed, one edited in Salesforce');
    const quiet = await run('next day, nothing changed');
    print(`feeds: ${count.toLocaleString('en')} rows; a copy of them within the source takes ${secondsOf(copyMs)}`);
    printTable(
      ['run', 'written', 'API calls', 'time', 'of it the org', 'without the org, beside a copy', 'memory'],
      [first, next, quiet].map(({ name, outcome: { counts, apiCalls }, ms, orgMs: org, memory }) => [
        name,
        String(counts.created + counts.updated),
        String(apiCalls),
        secondsOf(ms),
        secondsOf(org),
        timesOf((ms - org) / copyMs),
        sizeOf(memory),
      ]),
    );
    await oneByOne(retail);
    const written = next.outcome.counts.updated;
    if (next.outcome.counts.drifted !== 1) throw new Error('the edit in Salesforce was not found in the same run');
    if (first.outcome.apiCalls > MAX_CALLS_OF_FIRST_LOAD)
      throw new Error(`the first load took ${first.outcome.apiCalls} API calls; at most ${MAX_CALLS_OF_FIRST_LOAD}`);
    const most = Math.ceil(written / 200) + CALLS_BESIDE_WRITES;
    if (next.outcome.apiCalls > most)
      throw new Error(`the next day took ${next.outcome.apiCalls} API calls; at most ${most}`);
  } finally {
    await source.close();
    retail.close();
  }
};

/** The way of the program that feeds replace: look a row up by its external id, then save it. */
const oneByOne = async (retail: Retail): Promise<void> => {
  const { client } = await retail.parts();
  const began = performance.now();
  for (let row = 1; row <= ROWS_ONE_BY_ONE; row++) {
    const key = `ACME-${String(row).padStart(8, '0')}`;
    await client.get(`/sobjects/Account/Key__c/${key}`);
    await client.change('PATCH', `/sobjects/Account/Key__c/${key}`, { Phone: `602 ${row}` });
  }
  const ms = performance.now() - began;
  print(`  row by row: ${ROWS_ONE_BY_ONE} rows take ${client.calls} API calls and ${secondsOf(ms)}`);
};
