import type { Cell, Table } from '../digest/peel.ts';
import type { DigestSide } from '../types.ts';

/** Gets a path of the external system's public API and returns its JSON. */
export type GetJson = <T>(path: string) => Promise<T>;

type CompactCell = [cell: number, count: number, k1: number, k2: number, d: number, c: number];

/** The external system's digests, summed by its database. Any store that serves these two paths can stand here. */
export const externalSide = (get: GetJson): DigestSide => ({
  totals: () => get<Cell>('/v1/digest/totals'),

  async tables(tables, fold, { from, to }) {
    const read = await get<{ tables: CompactCell[][] }>(
      `/v1/digest/tables?tables=${tables}&fold=${fold}&from=${from}&to=${to}`,
    );
    return read.tables.map(
      (cells): Table => new Map(cells.map(([cell, count, k1, k2, d, c]) => [cell, { count, k1, k2, d, c }])),
    );
  },
});
