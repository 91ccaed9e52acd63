import assert from 'node:assert/strict';
import { test } from 'node:test';
import { combined, exactCell, EXACT_RECORDS, InexactSum } from '../../../src/reconciliation/digest/exact.ts';
import { emptyCell, type Cell } from '../../../src/reconciliation/digest/peel.ts';
import { findCandidates } from '../../../src/reconciliation/find/candidates.ts';
import { partsFor } from '../../../src/reconciliation/sides/key-range.ts';
import { externalSide } from '../../../src/reconciliation/sides/external.ts';
import { salesforceSide } from '../../../src/reconciliation/sides/salesforce.ts';
import { partsOf } from '../../../src/reconciliation/types.ts';

const LARGEST = 999_999_999;
const FIFTY_MILLION = 50_000_000;

const cellOf = (count: number, each: number): Cell => ({
  count,
  k1: count * each,
  k2: count * each,
  d: count * each,
  c: count * each,
});

/** Pseudo-random numbers below 10^9, without keeping them. */
const numbers = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % 1_000_000_000;
  };
};

test('a sum that a Number or a double may have rounded is refused', () => {
  assert.deepEqual(exactCell(cellOf(EXACT_RECORDS, LARGEST), 'x'), cellOf(EXACT_RECORDS, LARGEST));
  for (const k1 of [1e15, 2 ** 53 + 2, 1.5, Number.NaN, -1e15])
    assert.throws(() => exactCell({ ...emptyCell(), k1 }, 'Salesforce'), InexactSum, String(k1));
});

test('one double rounds the sum of 50 million records; parts of the keys do not, and neither do all parts together', () => {
  const parts = partsOf(partsFor(FIFTY_MILLION / 1_000));
  const width = parts[0]!.to;
  const cells = parts.map(() => emptyCell());
  const next = numbers(7);
  let naive = 0;
  let exact = 0n;
  // the sum is odd from 2^53 on, where doubles are even: by one number alone the two can be told apart
  for (let i = 0; i < FIFTY_MILLION; i++) {
    const k1 = next();
    const cell = cells[Math.floor(k1 / width)]!;
    cell.count++;
    cell.k1 += k1;
    naive += k1;
  }
  for (const { k1 } of cells) exact += BigInt(k1);
  assert.ok(exact > 2n ** 53n, 'more than a double keeps');
  assert.notEqual(BigInt(naive), exact, 'the sum of all in one double is wrong');
  assert.ok(Math.max(...cells.map(({ count }) => count)) < 333_333, 'an index serves each part');
  for (const cell of cells) exactCell(cell, 'Salesforce');
  assert.equal(BigInt(combined(cells).k1), exact % 10n ** 15n);
  assert.equal(combined(cells).count, FIFTY_MILLION);
});

test('of 50 million records a difference of one is seen, where one double on either side would hide it', async () => {
  const parts = partsFor(FIFTY_MILLION / 1_000);
  const ranges = partsOf(parts);
  const each = Math.ceil(FIFTY_MILLION / ranges.length);
  const sums = ranges.map(() => cellOf(each, LARGEST));
  const changed = sums.with(17, { ...sums[17]!, d: sums[17]!.d + 1 });
  const [whole, other] = [sums, changed].map((cells) => cells.reduce((sum, { d }) => sum + d, 0));
  assert.equal(whole, other, 'one double hides it');
  const asked: string[] = [];
  const side = (cells: Cell[]): Parameters<typeof findCandidates>[0] => ({
    totals: async () => cells,
    tables: async (tables, _fold, range) => {
      asked.push(`${range.from}`);
      return Array.from({ length: tables }, () => new Map());
    },
  });
  await findCandidates(side(sums), side(changed), parts);
  assert.deepEqual([...new Set(asked)], [String(ranges[17]!.from)]);
});

test('neither side takes a rounded sum for a sum', async () => {
  const sum = 1.8e16;
  const salesforce = salesforceSide(
    async (queries) => queries.map(() => [{ n: 18e6, k1: sum, k2: 1, d: 1, c: 1 }]),
    'Case',
  );
  await assert.rejects(salesforce.totals(1), /Salesforce sums 18000000 records .* smaller parts/);
  await assert.rejects(salesforce.tables(1, 80, { from: 0, to: 9 }), InexactSum);
  const external = externalSide(
    async (path) =>
      (path.includes('tables')
        ? { tables: [[[1, 18e6, sum, 1, 1, 1]]] }
        : { count: 18e6, k1: sum, k2: 1, d: 1, c: 1 }) as never,
  );
  await assert.rejects(external.totals(1), InexactSum);
  await assert.rejects(external.tables(1, 80, { from: 0, to: 9 }), InexactSum);
});

test('the sample asks for as many parts as an index serves, and for one in a small org', () => {
  assert.deepEqual([0, 1, 100, 1_000, 50_000].map(partsFor), [1, 1, 1, 6, 255]);
});
