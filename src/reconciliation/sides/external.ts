import { isArrayOf, isPlain } from '../../shared/shapes.ts';
import type { Cell, Table } from '../digest/peel.ts';
import type { DigestSide } from '../types.ts';
import { expected, UnreadableAnswer } from '../../shared/expected.ts';

/** Gets a path of the external system's public API and returns its JSON. */
export type GetJson = <T>(path: string) => Promise<T>;

type CompactCell = [cell: number, count: number, k1: number, k2: number, d: number, c: number];

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);

const isCell = (value: unknown): value is Cell =>
  isPlain(value) && [value.count, value.k1, value.k2, value.d, value.c].every(isNumber);

const isCompactCell = (value: unknown): value is CompactCell => isArrayOf(value, isNumber) && value.length === 6;

const isTable = (value: unknown): value is CompactCell[] => isArrayOf(value, isCompactCell);

const isTables = (value: unknown): value is CompactCell[][] => isArrayOf(value, isTable);

/** The external system's digests, summed by its database. Any store that serves these two paths can stand here. */
export const externalSide = (get: GetJson): DigestSide => ({
  totals: async () => expected(await get<unknown>('/v1/digest/totals'), isCell, 'the external system', 'sums'),

  async tables(tables, fold, { from, to }) {
    const read = await get<unknown>(`/v1/digest/tables?tables=${tables}&fold=${fold}&from=${from}&to=${to}`);
    const found = expected(isPlain(read) ? read.tables : null, isTables, 'the external system', 'tables of sums');
    if (found.length !== tables)
      throw new UnreadableAnswer(`the external system gave ${found.length} tables of ${tables}`);
    return found.map(
      (cells): Table => new Map(cells.map(([cell, count, k1, k2, d, c]) => [cell, { count, k1, k2, d, c }])),
    );
  },
});
