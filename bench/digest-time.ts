/**
 * How long does a comparison take? Both sides are real and in this process: the local org behind its API,
 * reached by reconciliation's own client, and the registry on PGlite behind its own. No network lies between
 * them, so each API call is counted beside the time; what a call costs on a network is added in a column that
 * says so. Waiting for a query job is left out. Times are ratios of one run.
 */
import { compositeText } from './support/wire.ts';
import { LARGE_CELLS, LARGE_TABLES, SMALL_CELLS, SMALL_TABLES } from '../src/shared/digest/element.ts';
import type { Cell, Table } from '../src/reconciliation/digest/peel.ts';
import { hasKeyWithin } from '../src/reconciliation/sides/key-range.ts';
import { queryJobRows } from '../src/shared/salesforce/query-job.ts';
import { readSyncedFields, stateColumns, stateOf } from '../src/reconciliation/sides/salesforce-records.ts';
import { comparedCase } from '../src/flows/cases/compared/case.ts';
import { salesforceSide } from '../src/reconciliation/sides/salesforce.ts';
import { WHOLE_RANGE, type SalesforceState, type SyncedFields } from '../src/reconciliation/types.ts';
import type { Clock } from 'kernel/clock.ts';
import { caseValues } from './support/cases.ts';
import { DIFFERENCES, splitOf } from './support/differences.ts';
import { extraction } from './support/extraction.ts';
import { median, print, printTable, secondsOf, sizeOf, timesOf } from './support/figures.ts';
import { byBisection, byDigests, byExtraction, extractionQuery, type Sides } from './support/methods.ts';
import { createCases, type BenchOrg } from './support/org.ts';
import type { Parts } from './support/parts.ts';
import { loadRegistry, makeDiffer } from './support/registry.ts';

const RECORDS = 10_000;
const RECORDS_QUICK = 1_000;
const DIFFERENCES_QUICK = [0, 10, 100];
const ROUNDS = 3;
/** Bisection is given up after so many times the time of the digests: what it takes beyond is not the question. */
const PATIENCE = 20;
/** A round trip to an org over the internet, for the column that is computed. */
const ROUND_TRIP_MS = 100;
/** Computed bytes may be this far from real ones. */
const TOLERANCE = 0.02;

interface Timed {
  ms: number;
  calls: number;
}

/** Runs it a few times; throws when it did not find what differs. */
const measure = async (sides: Sides, rounds: number, work: () => Promise<number>, expected: number): Promise<Timed> => {
  const times: number[] = [];
  const before = sides.client.calls;
  for (let round = 0; round < rounds; round++) {
    const began = performance.now();
    const found = await work();
    times.push(performance.now() - began);
    if (found !== expected) throw new Error(`${found} elements were found of ${expected}`);
  }
  return { ms: median(times), calls: (sides.client.calls - before) / rounds };
};

const overNetwork = ({ ms, calls }: Timed): number => ms + calls * ROUND_TRIP_MS;

const measureAll = async (sides: Sides, d: number, rounds: number): Promise<string[]> => {
  const digests = await measure(sides, rounds, () => byDigests(sides), d);
  const extraction = await measure(sides, rounds, () => byExtraction(sides), d);
  const [before, began] = [sides.client.calls, performance.now()];
  const elapsed = (): number => performance.now() - began;
  const { finished, found } = await byBisection(sides, () => elapsed() < PATIENCE * digests.ms);
  if (finished && found < d) throw new Error(`bisection found ${found} of ${d} elements`);
  const bisection = { ms: elapsed(), calls: sides.client.calls - before };
  const least = finished ? '' : '>';
  return [
    String(d),
    `${secondsOf(digests.ms)} (${digests.calls})`,
    `${timesOf(extraction.ms / digests.ms)} (${extraction.calls})`,
    `${least}${timesOf(bisection.ms / digests.ms)} (${least}${bisection.calls})`,
    timesOf(overNetwork(extraction) / overNetwork(digests)),
    `${least}${timesOf(overNetwork(bisection) / overNetwork(digests))}`,
  ];
};

const readAll = async ({ client }: BenchOrg, fields: SyncedFields, clock: Clock): Promise<SalesforceState[]> => {
  const states: SalesforceState[] = [];
  const soql = `SELECT ${stateColumns(comparedCase, fields)} FROM Case WHERE ${hasKeyWithin('Sync_Key__c', WHOLE_RANGE)}`;
  for await (const rows of queryJobRows(client, soql, fields.types, clock))
    states.push(...rows.map((row) => stateOf(comparedCase, row, fields)));
  return states;
};

/** The bytes that digest.ts computes, against those of the org's own answers: sums must fit, extraction must not be made larger than it is. */
const proveBytes = async (bench: BenchOrg, fields: SyncedFields, clock: Clock): Promise<void> => {
  const side = salesforceSide((queries) => bench.client.composite(queries), 'Case');
  const results: string[] = [];
  const reads: [string, () => Promise<(Cell | Table)[]>][] = [
    ['one row', () => side.totals(1)],
    ['small tables', () => side.tables(SMALL_TABLES, SMALL_CELLS, WHOLE_RANGE)],
    ['large tables', () => side.tables(LARGE_TABLES, LARGE_CELLS, WHOLE_RANGE)],
  ];
  for (const [name, read] of reads) {
    const before = bench.received();
    const computed = Buffer.byteLength(compositeText(await read()));
    const real = bench.received() - before;
    if (Math.abs(computed / real - 1) > TOLERANCE)
      throw new Error(`the org answered ${real} bytes for the ${name}, computed are ${computed}: correct wire.ts`);
    results.push(`${name} ${sizeOf(real)} (${sizeOf(computed)})`);
  }
  const records = (await bench.client.query('SELECT COUNT(Id) n FROM Case'))[0]!.n as number;
  const before = bench.received();
  for await (const _ of queryJobRows(bench.client, extractionQuery(fields), fields.types, clock));
  const [real, computed] = [bench.received() - before, extraction(records).bytes].map((bytes) => bytes / records);
  if (real! < computed!) throw new Error(`an extracted record has ${real} bytes, digest.ts takes it for ${computed}`);
  results.push(`a record of extraction ${real!.toFixed(0)} B (${computed!.toFixed(0)} B)`);
  print(`  bytes that the org's API answered, and as digest.ts computes them: ${results.join(', ')}`);
};

export const benchDigestTime = async (quick: boolean, { org: bench, registry }: Parts): Promise<void> => {
  const [records, rounds] = quick ? [RECORDS_QUICK, 1] : [RECORDS, ROUNDS];
  // a query job is done at the next look: nobody is waited for
  const clock: Clock = { now: () => bench.clock.now(), sleep: async (ms) => bench.clock.shift(ms) };
  await createCases(bench, await caseValues(records));
  const fields = await readSyncedFields(bench.client, 'cases', 'Case');
  await loadRegistry(registry, await readAll(bench, fields, clock), fields);
  print(`digest-time: local org and registry, ${records} records each, in this process (median of ${rounds})`);
  await proveBytes(bench, fields, clock);
  const sides: Sides = { client: bench.client, external: registry.request, fields, clock };
  const rows: string[][] = [];
  for (const d of quick ? DIFFERENCES_QUICK : DIFFERENCES) {
    await makeDiffer(registry, splitOf(d));
    rows.push(await measureAll(sides, d, rounds));
  }
  printTable(
    [
      'd',
      'digests (calls)',
      'extraction/digests (calls)',
      'bisection/digests (calls)',
      `extraction at ${ROUND_TRIP_MS} ms a call*`,
      `bisection at ${ROUND_TRIP_MS} ms a call*`,
    ],
    rows,
  );
  print('  * the same ratio with so much added for each call: computed, not measured');
};
