/**
 * How much does a proof of equality cost on the wire? n records, d differing elements, by digests, against
 * extracting everything and comparing, against bisection over the same sums by key range, and against the
 * bound of log2 C(n, d) bits. API calls and bytes are Salesforce's and exact for the texts that would cross;
 * they do not depend on the machine. Confirming reads are counted apart. Time: digest-time.ts, digest-scale.ts.
 */
import { cellsOf, elementOf, type Element } from '../src/shared/digest/element.ts';
import { peel, subtract } from '../src/reconciliation/digest/peel.ts';
import { QUERIES_PER_COMPOSITE } from '../src/shared/salesforce/answers.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { bisect, sameSums, type RangeSums } from './support/bisection.ts';
import { DIFFERENCES, splitOf } from './support/differences.ts';
import { extraction } from './support/extraction.ts';
import { LARGE_SET, rangeSumsOf, SMALL_SET, tablesOf, totalOf } from './support/elements.ts';
import { print, printTable, sizeOf, timesOf } from './support/figures.ts';
import { addCost, compositeText, costOf, NO_COST, type Cost } from './support/wire.ts';

const SIZES = [10_000, 100_000, 1_000_000];
const ROWS_PER_PAGE = 2_000;
const KEYS_PER_CONFIRMING_CALL = 1_000;

/** A level of ranges is asked for at once, five a call. */
const bisectionCost = async (ours: RangeSums, theirs: RangeSums, elements: number): Promise<Cost> => {
  let cost = NO_COST;
  const counted: RangeSums = async (ranges) => {
    const sums = await ours(ranges);
    cost = addCost(cost, costOf(compositeText(sums), Math.ceil(ranges.length / QUERIES_PER_COMPOSITE)));
    return sums;
  };
  const { found } = await bisect(counted, theirs);
  if (found < elements) throw new Error(`bisection found ${found} of ${elements} elements`);
  return cost;
};

const logChoose = (n: number, d: number): number => {
  let bits = 0;
  for (let i = 0; i < d; i++) bits += Math.log2((n - i) / (d - i));
  return bits;
};

/** One side in memory: its elements, and in which cells they are. */
interface Side {
  elements: Element[];
  cells: number[][];
}

/** Sums first, then the small tables, then the large ones, until the difference is decoded. Throws when one was missed or invented. */
const digestCost = (ours: Side, theirs: Side, elements: number): Cost => {
  const total = totalOf(ours.elements);
  let cost = costOf(compositeText([total]), 1);
  if (sameSums(total, totalOf(theirs.elements))) {
    if (elements > 0) throw new Error(`${elements} elements differ and the sums do not`);
    return cost;
  }
  for (const set of [SMALL_SET, LARGE_SET]) {
    const tables = tablesOf(ours.elements, ours.cells, set);
    cost = addCost(cost, costOf(compositeText(tables), 1));
    const others = tablesOf(theirs.elements, theirs.cells, set);
    const peeled = peel(
      tables.map((table, i) => subtract(table, others[i]!)),
      set.fold,
    );
    const found = peeled.first.length + peeled.second.length;
    if (peeled.residue === 0) {
      if (found !== elements) throw new Error(`${found} elements were found of ${elements}`);
      return cost;
    }
  }
  throw new Error(`${elements} elements could not be decoded`);
};

/** What digests are for: fewer bytes than extraction by this factor, from a million records on, or a hundred thousand that hardly differ. */
const GOAL = 100;
const mustReachGoal = (n: number, d: number): boolean => n >= 1_000_000 || (n >= 100_000 && d <= 100);

const benchSize = async (n: number): Promise<void> => {
  const random = seededRandom(n);
  const keys = Array.from({ length: n }, () => randomUuid(random));
  const elements = keys.map((key) => elementOf(key, 'one'));
  const ours: Side = { elements, cells: elements.map(cellsOf) };
  const ourRanges = rangeSumsOf(elements);
  const full = extraction(n);
  const rows: string[][] = [];
  for (const d of DIFFERENCES) {
    const { missing, changed } = splitOf(d);
    const updated = keys.slice(missing, missing + changed).map((key) => elementOf(key, 'two'));
    const theirs: Side = {
      elements: [...updated, ...ours.elements.slice(missing + changed)],
      cells: [...updated.map(cellsOf), ...ours.cells.slice(missing + changed)],
    };
    const cost = digestCost(ours, theirs, d);
    if (mustReachGoal(n, d) && full.bytes < GOAL * cost.bytes)
      throw new Error(`n=${n} d=${d}: ${cost.bytes} bytes are not ${GOAL} times fewer than ${full.bytes}`);
    const halves = await bisectionCost(ourRanges, rangeSumsOf(theirs.elements), d);
    rows.push([
      String(n),
      String(d),
      String(cost.calls),
      sizeOf(cost.bytes),
      sizeOf(cost.gzip),
      `${timesOf(full.bytes / cost.bytes)} (${timesOf(full.gzip / cost.gzip)})`,
      `${halves.calls}, ${sizeOf(halves.bytes)}`,
      d === 0 ? '–' : timesOf(cost.bytes / (logChoose(n, d) / 8)),
      String(Math.ceil((missing + changed) / KEYS_PER_CONFIRMING_CALL)),
    ]);
  }
  printTable(
    [
      'n',
      'd',
      'calls',
      'bytes',
      'gzip',
      'extraction/digest (gzip)',
      'bisection: calls, bytes',
      'digest/bound',
      'confirming calls',
    ],
    rows,
  );
  print(
    `  extraction: ${full.calls} calls, ${sizeOf(full.bytes)}, gzip ${sizeOf(full.gzip)}; by pages of a query ${Math.ceil(n / ROWS_PER_PAGE)} calls`,
  );
};

export const benchDigest = async (quick: boolean): Promise<void> => {
  print('digest: calls and bytes of Salesforce to find d differing elements among n records');
  for (const n of quick ? SIZES.slice(0, 1) : SIZES) await benchSize(n);
};
