import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  cellsOf,
  checks,
  elementOf,
  LARGE_CELLS,
  LARGE_TABLES,
  SMALL_CELLS,
  SMALL_TABLES,
  type Element,
} from '../../../src/shared/digest/element.ts';
import { addTo, peel, subtract, totals, type Table } from '../../../src/reconciliation/digest/peel.ts';
import { randomUuid, seededRandom } from 'kernel/random.ts';

const tablesOf = (elements: Element[], tables: number, fold: number): Table[] => {
  const result: Table[] = Array.from({ length: tables }, () => new Map());
  for (const element of elements) {
    const cells = cellsOf(element);
    result.forEach((table, number) => addTo(table, cells[number]! % fold, element, 1));
  }
  return result;
};

const differenceOf = (first: Element[], second: Element[], tables: number, fold: number): Table[] => {
  const [a, b] = [tablesOf(first, tables, fold), tablesOf(second, tables, fold)];
  return a.map((table, number) => subtract(table, b[number]!));
};

const sides = (
  seed: number,
  records: number,
  changed: number,
  missing: number,
): { first: Element[]; second: Element[]; keys: string[] } => {
  const random = seededRandom(seed);
  const keys = Array.from({ length: records }, () => randomUuid(random));
  const first = keys.map((key) => elementOf(key, 'one'));
  const second = keys.slice(missing).map((key, index) => elementOf(key, index < changed ? 'two' : 'one'));
  return { first, second, keys };
};

const byNumber = (elements: Element[]): number[] => elements.map(({ d }) => d).sort((a, b) => a - b);

test('equal sides leave nothing', () => {
  const { first, second } = sides(1, 500, 0, 0);
  const tables = differenceOf(first, second, LARGE_TABLES, LARGE_CELLS);
  assert.ok(tables.every((table) => table.size === 0));
  assert.deepEqual(peel(tables, LARGE_CELLS), { first: [], second: [], residue: 0 });
});

for (const [name, tables, fold, records, changed, missing] of [
  ['one missing record', SMALL_TABLES, SMALL_CELLS, 1_000, 0, 1],
  ['100 elements in the small set', SMALL_TABLES, SMALL_CELLS, 2_000, 45, 10],
  ['6,000 elements in the large set', LARGE_TABLES, LARGE_CELLS, 8_000, 2_900, 200],
] as const) {
  test(`${name}: found exactly, none invented`, () => {
    for (let seed = 1; seed <= 3; seed++) {
      const { first, second } = sides(seed, records, changed, missing);
      const peeled = peel(differenceOf(first, second, tables, fold), fold);
      const inSecond = new Set(second.map(({ d }) => d));
      const inFirst = new Set(first.map(({ d }) => d));
      assert.equal(peeled.residue, 0, `seed ${seed}`);
      assert.deepEqual(byNumber(peeled.first), byNumber(first.filter(({ d }) => !inSecond.has(d))), `seed ${seed}`);
      assert.deepEqual(byNumber(peeled.second), byNumber(second.filter(({ d }) => !inFirst.has(d))), `seed ${seed}`);
    }
  });
}

test('too many differences leave a residue, and what was peeled is still true', () => {
  const { first, second } = sides(5, 4_000, 3_000, 0);
  const peeled = peel(differenceOf(first, second, SMALL_TABLES, SMALL_CELLS), SMALL_CELLS);
  assert.ok(peeled.residue > 0);
  assert.ok([...peeled.first, ...peeled.second].every(checks));
});

test('totals agree across the tables of one side, and stay within 15 digits', () => {
  const { first } = sides(2, 1_000, 0, 0);
  const all = tablesOf(first, LARGE_TABLES, LARGE_CELLS).map(totals);
  for (const total of all) assert.deepEqual(total, all[0]);
  assert.ok((1_000_000 * 999_999_999).toString().length <= 15);
});
