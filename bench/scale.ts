/**
 * What does an org of 1, 10 and 50 million Cases cost, and does a backlog of a tenth of them drain? No org here holds so
 * many, so the first two tables are **computed**: by the product's own code, which makes the calls, against answers of
 * the right shape, and by the constants that stand in its Apex. The third one **ran**: the middle layer with its database,
 * each Case standing for 1,000, between sides in memory; the org in memory ends a query that no index would serve at the
 * size that it stands for. What is counted there (sweeps, API calls) is what the large one would take.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { partsFor, RECORDS_A_PART } from '../src/reconciliation/sides/key-range.ts';
import { salesforceSide } from '../src/reconciliation/sides/salesforce.ts';
import { SalesforceClient } from '../src/shared/salesforce/client.ts';
import { LargeSalesforce } from '../tests/flows/cases/in-memory/large-salesforce.ts';
import { testDatabase } from '../tests/middle-layer/support/database.ts';
import { World } from '../tests/middle-layer/support/world.ts';
import { print, printTable, secondsOf, sizeOf } from './support/figures.ts';

const MILLION = 1_000_000;
const SIZES = [MILLION, 10 * MILLION, 50 * MILLION];
const SIZES_QUICK = [MILLION];
/** A tenth of the Cases waits. */
const BACKLOG = 10;
const STANDS_FOR = 1_000;
/** Rows of one response of the REST API. */
const PAGE = 2_000;
const RUNS_AN_HOUR = 4;
const CHUNK = 200;
/** What the smallest org may execute asynchronously in a day (Apex Developer Guide, Execution Governors and Limits). */
const EXECUTIONS_A_DAY = 250_000;
const HOURS = 24;

const CLASSES = fileURLToPath(new URL('../force-app/cases/main/default/classes/', import.meta.url));

/** A whole number that stands in an Apex class as a constant. */
const constantOf = (path: string, name: string): number => {
  const text = readFileSync(`${CLASSES}${path}.cls`, 'utf8');
  const value = new RegExp(`Integer ${name} = (\\d+);`).exec(text)?.[1];
  if (value === undefined) throw new Error(`${path} has no constant ${name}`);
  return Number(value);
};

const million = (count: number): string => `${count / MILLION} million`;

/** Calls and bytes of a comparison of sides that agree, by the client and the side that are used. */
const comparison = async (cases: number): Promise<{ parts: number; calls: number; bytes: number }> => {
  const parts = partsFor(cases / 1_000);
  let [calls, bytes] = [0, 0];
  const row = { n: RECORDS_A_PART, k1: 10 ** 14, k2: 10 ** 14, d: 10 ** 14, c: 10 ** 14 };
  const records = [{ attributes: { type: 'AggregateResult' }, ...row }];
  const client = new SalesforceClient(async ({ body }) => {
    calls += 1;
    const { compositeRequest } = body as { compositeRequest: { referenceId: string }[] };
    const compositeResponse = compositeRequest.map(({ referenceId }) => ({
      referenceId,
      httpStatusCode: 200,
      httpHeaders: {},
      body: { totalSize: 1, done: true, records },
    }));
    const answer = { compositeResponse };
    bytes += JSON.stringify(body).length + JSON.stringify(answer).length;
    return answer as never;
  }, '67.0');
  await salesforceSide((queries) => client.composite(queries), 'Case').totals(parts);
  return { parts, calls, bytes };
};

const tellComparison = async (sizes: readonly number[]): Promise<void> => {
  const sums = constantOf('reconciliation/CaseDigestBatch', 'ROWS_A_RANGE');
  const rows: string[][] = [];
  for (const cases of sizes) {
    const { parts, calls, bytes } = await comparison(cases);
    const chunks = Math.ceil(cases / CHUNK);
    const days = chunks / constantOf('cases/CaseWalk', 'chunksADay');
    rows.push(
      [
        million(cases),
        parts,
        calls,
        sizeOf(bytes),
        Math.ceil(cases / sums),
        chunks.toLocaleString('en'),
        days.toFixed(1),
      ].map(String),
    );
  }
  print('scale, computed: a comparison of sides that agree, sums by Apex alone, a backfill or a renewal of all Cases');
  printTable(['Cases', 'parts', 'calls', 'bytes', 'executions of CaseDigestBatch', 'chunks of a walk', 'days'], rows);
};

const tellJob = (sizes: readonly number[]): void => {
  const [aRun, aSpan] = [
    constantOf('reconciliation/OverdueSpans', 'casesARun'),
    constantOf('reconciliation/KeySpans', 'casesASpan'),
  ];
  const rows = sizes.map((cases) => {
    const overdue = cases / BACKLOG;
    const spans = Math.ceil(cases / aSpan);
    // a run ends with the span in which it has done its share
    const spansARun = Math.ceil(aRun / (overdue / spans));
    const runs = Math.ceil(spans / spansARun);
    const hours = runs / RUNS_AN_HOUR;
    // a batch job is one execution for its start, one for its end, and one for each chunk
    const executions = overdue / CHUNK + 2 * spans;
    const share = executions / Math.max(1, hours / HOURS) / EXECUTIONS_A_DAY;
    return [
      million(cases),
      million(overdue),
      String(spans),
      String(runs),
      hours.toFixed(1),
      executions.toLocaleString('en'),
      `${(100 * share).toFixed(1)}%`,
    ];
  });
  print('scale, computed: the scheduled job, when a tenth of the Cases is overdue');
  printTable(['Cases', 'overdue', 'spans', 'runs', 'hours', 'executions', 'of a day’s'], rows);
};

interface Drained {
  sweeps: number;
  calls: number;
  ms: number;
  memory: number;
  ended: number;
}

/** Until all that waits is `Success`. */
const drain = async (cases: number): Promise<Drained> => {
  const database = await testDatabase();
  try {
    const pending = cases / BACKLOG;
    const world = new World(database.db, 1, (random) => new LargeSalesforce(random, STANDS_FOR, cases - pending));
    for (let index = 0; index < pending / STANDS_FOR; index++)
      world.salesforce.createCase({ Subject: `Case ${index}` });
    await world.start({ sweepRoom: 2_000 });
    const org = world.salesforce as LargeSalesforce;
    let sweeps = 0;
    const sweep = org.sweep.bind(org);
    org.sweep = (...asked) => {
      sweeps += 1;
      return sweep(...asked);
    };
    const left = (): boolean => [...org.cases.values()].some(({ status }) => status !== 'Success');
    const began = performance.now();
    let memory = 0;
    while (left()) {
      const did = await world.layer.step();
      memory = Math.max(memory, process.memoryUsage().rss);
      if (!did && (await world.publish()) === 0) await world.clock.advance(1_000);
    }
    const ms = performance.now() - began;
    const { json } = await world.call('GET', '/v1/status');
    return { sweeps, calls: json.flows.cases.counters.salesforceApiCalls, ms, memory, ended: org.ended };
  } finally {
    await database.close();
  }
};

export const benchScale = async (quick: boolean): Promise<void> => {
  const sizes = quick ? SIZES_QUICK : SIZES;
  await tellComparison(sizes);
  tellJob(sizes);
  const rows: string[][] = [];
  for (const cases of sizes) {
    const backlog = cases / BACKLOG;
    const { sweeps, calls, ms, memory, ended } = await drain(cases);
    const pages = Math.ceil(backlog / PAGE);
    // what is stored is posted 200 records a call, twice a Case: the answer, and the confirmation
    const deliveries = (2 * backlog) / CHUNK;
    rows.push(
      [
        million(cases),
        million(backlog),
        pages,
        sweeps,
        ended,
        calls,
        (calls + deliveries).toLocaleString('en'),
        secondsOf(ms),
        sizeOf(memory),
      ].map(String),
    );
    if (sweeps > 2 * (pages + partsFor(cases / 1_000)) + 10)
      throw new Error(`${sweeps} sweeps for ${pages} pages: more than its pages and slices`);
  }
  print(`scale, ran: a backlog of a tenth, each Case standing for ${STANDS_FOR.toLocaleString('en')}`);
  printTable(
    [
      'Cases',
      'backlog',
      'pages',
      'sweeps',
      'ended by Salesforce',
      'calls that ran',
      'with all deliveries (computed)',
      'time',
      'memory',
    ],
    rows,
  );
};
