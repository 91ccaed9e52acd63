import { LARGE_CELLS, SMALL_CELLS } from '../../shared/digest/element.ts';
import { exactCell } from '../digest/exact.ts';
import { emptyCell, type Cell, type Table } from '../digest/peel.ts';
import { partsOf, type DigestSide } from '../types.ts';
import { inRange } from './key-range.ts';

/** Runs SOQL queries in one Composite call (at most five): one API call however many there are. Rows come back in the order of the queries. */
export type CompositeQuery = (queries: string[]) => Promise<Record<string, unknown>[][]>;

const SUMS = 'COUNT(Id) n, SUM(Digest_K1__c) k1, SUM(Digest_K2__c) k2, SUM(Digest_D__c) d, SUM(Digest_C__c) c';

const cellOf = (row: Record<string, unknown> | undefined): Cell => {
  if (!row) return emptyCell();
  const { n, k1, k2, d, c } = row;
  const cell = { count: Number(n), k1: Number(k1 ?? 0), k2: Number(k2 ?? 0), d: Number(d ?? 0), c: Number(c ?? 0) };
  return exactCell(cell, 'Salesforce');
};

/**
 * The digests of an object, summed by the org: one row for the totals of each part, five parts in a call; five GROUP BY
 * queries in one call for the tables. Each query leads with the indexed K1 and reads what lies in its range alone.
 */
export const salesforceSide = (composite: CompositeQuery, object: string): DigestSide => ({
  async totals(parts) {
    const results = await composite(
      partsOf(parts).map((range) => `SELECT ${SUMS} FROM ${object} WHERE ${inRange(range)}`),
    );
    return results.map((rows) => cellOf(rows[0]));
  },

  async tables(tables, fold, range) {
    const set = { [LARGE_CELLS]: 'Large', [SMALL_CELLS]: 'Small' }[fold];
    if (!set) throw new RangeError(`Salesforce keeps cells folded to ${LARGE_CELLS} or ${SMALL_CELLS}, not to ${fold}`);
    const fields = Array.from({ length: tables }, (_, table) => `Digest_${set}_${table + 1}__c`);
    const results = await composite(
      // without the last filter the null group would be one more than GROUP BY allows
      fields.map(
        (field) =>
          `SELECT ${field} cell, ${SUMS} FROM ${object} WHERE ${inRange(range)} AND ${field} != null GROUP BY ${field}`,
      ),
    );
    return results.map((rows): Table => new Map(rows.map((row) => [Number(row.cell), cellOf(row)])));
  },
});
