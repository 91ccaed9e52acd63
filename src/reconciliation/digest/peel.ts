import { cellsOf, checks, type Element } from '../../shared/digest/element.ts';

/** Sums of one cell: of the elements in it, how many and the sum of each of their numbers. */
export interface Cell {
  count: number;
  k1: number;
  k2: number;
  d: number;
  c: number;
}

/** One table: cell index to sums. Cells without elements are absent. */
export type Table = Map<number, Cell>;

export interface Peeled {
  /** Elements that only the first side has. */
  first: Element[];
  /** Elements that only the second side has. */
  second: Element[];
  /** Cells that are left: 0 when the tables were decoded completely. */
  residue: number;
}

const NUMBERS = ['count', 'k1', 'k2', 'd', 'c'] as const;

export const emptyCell = (): Cell => ({ count: 0, k1: 0, k2: 0, d: 0, c: 0 });

/** Adds `sign` times an element to a table. */
export const addTo = (table: Table, cell: number, element: Element, sign: 1 | -1): void => {
  const sums = table.get(cell) ?? emptyCell();
  sums.count += sign;
  for (const name of ['k1', 'k2', 'd', 'c'] as const) sums[name] += sign * element[name];
  table.set(cell, sums);
};

/** First minus second, cell by cell. Cells that agree are left out. */
export const subtract = (first: Table, second: Table): Table => {
  const difference: Table = new Map();
  for (const index of new Set([...first.keys(), ...second.keys()])) {
    const [a, b] = [first.get(index) ?? emptyCell(), second.get(index) ?? emptyCell()];
    const cell = emptyCell();
    for (const name of NUMBERS) cell[name] = a[name] - b[name];
    if (NUMBERS.some((name) => cell[name] !== 0)) difference.set(index, cell);
  }
  return difference;
};

/** Sums over a whole table. In tables that were read at one moment they agree, since each record is in every table once. */
export const totals = (table: Table): Cell => {
  const sum = emptyCell();
  for (const cell of table.values()) for (const name of NUMBERS) sum[name] += cell[name];
  return sum;
};

/** The one element of a cell, and whose it is, or null when the cell holds none or several. */
const pureElement = (
  cell: Cell,
  table: number,
  index: number,
  fold: number,
): { element: Element; sign: 1 | -1 } | null => {
  if (cell.count !== 1 && cell.count !== -1) return null;
  const sign = cell.count;
  const element: Element = { k1: sign * cell.k1, k2: sign * cell.k2, d: sign * cell.d, c: sign * cell.c };
  if (Object.values(element).some((number) => number < 0)) return null;
  return checks(element) && cellsOf(element)[table]! % fold === index ? { element, sign } : null;
};

/**
 * Peels the difference of two sides' tables (an invertible Bloom lookup table, Goodrich and
 * Mitzenmacher 2011): takes out elements that stand alone in a cell until none is left or none can be
 * told. `fold` is the number of cells of a table. The tables are used up.
 */
export const peel = (tables: Table[], fold: number): Peeled => {
  const result: Peeled = { first: [], second: [], residue: 0 };
  const work: [table: number, index: number][] = tables.flatMap((table, number) =>
    [...table.keys()].map((index): [number, number] => [number, index]),
  );
  for (let next = work.pop(); next; next = work.pop()) {
    const [number, index] = next;
    const cell = tables[number]!.get(index);
    const pure = cell && pureElement(cell, number, index, fold);
    if (!pure) continue;
    const { element, sign } = pure;
    (sign === 1 ? result.first : result.second).push(element);
    const places = cellsOf(element);
    tables.forEach((table, at) => {
      const place = places[at]! % fold;
      addTo(table, place, element, sign === 1 ? -1 : 1);
      if (NUMBERS.every((name) => table.get(place)![name] === 0)) table.delete(place);
      else work.push([at, place]);
    });
  }
  result.residue = tables.reduce((sum, table) => sum + table.size, 0);
  return result;
};
