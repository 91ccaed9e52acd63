import { isArrayOf, isPlain } from '../../shared/shapes.ts';
import { exactCell } from '../digest/exact.ts';
import type { Cell, Table } from '../digest/peel.ts';
import { partsOf, type DigestSide } from '../types.ts';
import { expected, UnreadableAnswer } from '../../shared/expected.ts';

/** Gets a path of the external system's public API and returns its JSON. */
export type GetJson = <T>(path: string) => Promise<T>;

type CompactCell = [cell: number, count: number, k1: number, k2: number, d: number, c: number];

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isCell = (value: unknown): value is Cell =>
  isPlain(value) && [value.count, value.k1, value.k2, value.d, value.c].every(isNumber);

const isCompactCell = (value: unknown): value is CompactCell => isArrayOf(value, isNumber) && value.length === 6;

type CompactSums = [count: number, k1: number, k2: number, d: number, c: number];

const isSums = (value: unknown): value is CompactSums[] =>
  isArrayOf(value, (sums): sums is CompactSums => isArrayOf(sums, isNumber) && sums.length === 5);

const EXTERNAL = 'the external system';

const exact = (cell: Cell): Cell => exactCell(cell, EXTERNAL);

const isTable = (value: unknown): value is CompactCell[] => isArrayOf(value, isCompactCell);

const isTables = (value: unknown): value is CompactCell[][] => isArrayOf(value, isTable);

/** The external system's digests, summed by its database. Any store that serves these two paths can stand here. */
export const externalSide = (get: GetJson): DigestSide => ({
  // one part is asked for in the plain form, which any external system has
  async totals(parts) {
    if (parts === 1) return [exact(expected(await get<unknown>('/v1/digest/totals'), isCell, EXTERNAL, 'sums'))];
    const read = await get<unknown>(`/v1/digest/totals?parts=${parts}`);
    const cells = expected(isPlain(read) ? read.parts : null, isSums, EXTERNAL, 'sums of parts');
    const ranges = partsOf(parts).length;
    if (cells.length !== ranges) throw new UnreadableAnswer(`${EXTERNAL} gave ${cells.length} parts of ${ranges}`);
    return cells.map(([count, k1, k2, d, c]) => exact({ count, k1, k2, d, c }));
  },

  async tables(tables, fold, { from, to }) {
    const read = await get<unknown>(`/v1/digest/tables?tables=${tables}&fold=${fold}&from=${from}&to=${to}`);
    const found = expected(isPlain(read) ? read.tables : null, isTables, EXTERNAL, 'tables of sums');
    if (found.length !== tables) throw new UnreadableAnswer(`${EXTERNAL} gave ${found.length} tables of ${tables}`);
    return found.map(
      (cells): Table => new Map(cells.map(([cell, count, k1, k2, d, c]) => [cell, exact({ count, k1, k2, d, c })])),
    );
  },
});
