/** Sums of elements in memory: what a database holds of them. */
import { addTo, emptyCell, type Cell, type Table } from '../../src/reconciliation/digest/peel.ts';
import { LARGE_CELLS, LARGE_TABLES, SMALL_CELLS, SMALL_TABLES, type Element } from '../../src/shared/digest/element.ts';
import type { RangeSums } from './bisection.ts';

export interface TableSet {
  tables: number;
  /** Cells of a table. */
  fold: number;
}

export const SMALL_SET: TableSet = { tables: SMALL_TABLES, fold: SMALL_CELLS };
export const LARGE_SET: TableSet = { tables: LARGE_TABLES, fold: LARGE_CELLS };

/** `cells`: of each element its cell in each large table. */
export const tablesOf = (elements: Element[], cells: number[][], { tables, fold }: TableSet): Table[] => {
  const result: Table[] = Array.from({ length: tables }, () => new Map());
  elements.forEach((element, i) =>
    result.forEach((table, number) => addTo(table, cells[i]![number]! % fold, element, 1)),
  );
  return result;
};

export const totalOf = (elements: Element[]): Cell => {
  const sum = emptyCell();
  for (const { k1, k2, d, c } of elements) {
    sum.count++;
    sum.k1 += k1;
    sum.k2 += k2;
    sum.d += d;
    sum.c += c;
  }
  return sum;
};

type Summed = 'k1' | 'k2' | 'd' | 'c';

/** Sorted by k1 with prefix sums, so that the sums of any range are at hand. */
export const rangeSumsOf = (elements: Element[]): RangeSums => {
  const sorted = elements.toSorted((a, b) => a.k1 - b.k1);
  const keys = Float64Array.from(sorted, ({ k1 }) => k1);
  const prefix = (name: Summed): Float64Array => {
    const sums = new Float64Array(sorted.length + 1);
    sorted.forEach((element, i) => (sums[i + 1] = sums[i]! + element[name]));
    return sums;
  };
  const sums = { k1: prefix('k1'), k2: prefix('k2'), d: prefix('d'), c: prefix('c') };
  const firstFrom = (at: number): number => {
    let [low, high] = [0, keys.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (keys[middle]! < at) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (ranges) =>
    ranges.map(({ from, to }) => {
      const [a, b] = [firstFrom(from), firstFrom(to)];
      const of = (name: Summed): number => sums[name][b]! - sums[name][a]!;
      return { count: b - a, k1: of('k1'), k2: of('k2'), d: of('d'), c: of('c') };
    });
};
