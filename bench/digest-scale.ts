/**
 * How does the computing of a comparison grow with the records? The registry is real: PGlite behind its API, with
 * all records; summing, reading, decoding and comparing are measured. No local org is filled with so many Cases:
 * Salesforce's answers are made beforehand, and neither its own work nor the network is in any of the three ways.
 * That favours extraction most: digest.ts tells what it would carry over the wire.
 */
import { rowsOfCsv } from '../src/shared/salesforce/csv-rows.ts';
import { externalSide } from '../src/reconciliation/sides/external.ts';
import { findCandidates } from '../src/reconciliation/find/candidates.ts';
import type { DigestSide } from '../src/reconciliation/types.ts';
import { bisect, type RangeSums } from './support/bisection.ts';
import { DIFFERENCES, splitOf } from './support/differences.ts';
import { rangeSumsOf } from './support/elements.ts';
import { print, printTable, secondsOf, timesOf } from './support/figures.ts';
import { answeredBefore, encode, loadMany, ManyRecords } from './support/many-records.ts';
import { compareAll, externalRangeSums } from './support/methods.ts';
import type { Parts } from './support/parts.ts';
import { makeDiffer, type BenchRegistry } from './support/registry.ts';

const SIZES = [100_000, 1_000_000];
const SIZES_QUICK = [2_000];
const DIFFERENCES_QUICK = [0, 10];
/** Bisection is given up after so many times the time of the digests. */
const PATIENCE = 20;
const RANGES_AT_ONCE = 5;

/** Measures time, except what is taken out. */
class Stopwatch {
  #began = performance.now();
  #out = 0;

  without<T>(work: () => T): T {
    const before = performance.now();
    const result = work();
    this.#out += performance.now() - before;
    return result;
  }

  get ms(): number {
    return performance.now() - this.#began - this.#out;
  }
}

const assertFound = (found: number, expected: number): void => {
  if (found < expected) throw new Error(`${found} elements were found of ${expected}`);
};

const timeDigests = async (ours: DigestSide, { request }: BenchRegistry, d: number): Promise<number> => {
  const watch = new Stopwatch();
  const { salesforce, external } = await findCandidates(
    ours,
    externalSide((path) => request('GET', path)),
  );
  const { ms } = watch;
  if (salesforce.length + external.length !== d)
    throw new Error(`${salesforce.length + external.length} elements were decoded of ${d}`);
  return ms;
};

const timeExtraction = async (records: ManyRecords, { request }: BenchRegistry, d: number): Promise<number> => {
  const watch = new Stopwatch();
  async function* rows(): AsyncGenerator<ReturnType<typeof rowsOfCsv>> {
    const sets = records.csv();
    for (let set = watch.without(() => sets.next()); !set.done; set = watch.without(() => sets.next()))
      yield rowsOfCsv(set.value, records.types);
  }
  assertFound(await compareAll(rows(), request, records.types), d);
  return watch.ms;
};

/** `>` before what it took until it was given up. */
const timeBisection = async (ours: RangeSums, { request }: BenchRegistry, d: number, patience: number) => {
  const watch = new Stopwatch();
  const { finished, found } = await bisect(ours, externalRangeSums(request), RANGES_AT_ONCE, () => watch.ms < patience);
  const { ms } = watch;
  if (finished) assertFound(found, d);
  return { least: finished ? '' : '>', ms };
};

const benchSize = async (registry: BenchRegistry, n: number, differences: number[]): Promise<void> => {
  const records = await ManyRecords.of(n);
  const encoding = new Stopwatch();
  const encoded = encode(records);
  const perRecord = (encoding.ms / n) * 1_000;
  await loadMany(registry, records, encoded);
  const ours = answeredBefore(encoded.elements, encoded.cells);
  const ourRanges = rangeSumsOf(encoded.elements);
  const rows: string[][] = [];
  let extraction = 0;
  for (const d of differences) {
    await makeDiffer(registry, splitOf(d));
    // how much differs hardly matters to it
    extraction ||= await timeExtraction(records, registry, d);
    const digests = await timeDigests(ours, registry, d);
    const bisection = await timeBisection(ourRanges, registry, d, PATIENCE * digests);
    rows.push([
      String(n),
      String(d),
      secondsOf(digests),
      timesOf(extraction / digests),
      `${bisection.least}${timesOf(bisection.ms / digests)}`,
    ]);
  }
  printTable(['n', 'd', 'digests', 'extraction/digests', 'bisection/digests'], rows);
  print(
    `  extraction took ${secondsOf(extraction)}; encoding a record takes ${perRecord.toFixed(0)} µs, once when it is saved`,
  );
};

export const benchDigestScale = async (quick: boolean, { registry }: Parts): Promise<void> => {
  print("digest-scale: computing outside Salesforce, of sums and records of the registry's database");
  for (const n of quick ? SIZES_QUICK : SIZES) await benchSize(registry, n, quick ? DIFFERENCES_QUICK : DIFFERENCES);
};
