import { LARGE_CELLS, SMALL_CELLS } from '../digest/element.ts';
import { emptyCell, type Cell, type Table } from '../digest/peel.ts';
import { WHOLE_RANGE, type DigestSide, type Range } from '../types.ts';

/** Runs SOQL queries in one Composite call (at most five): one API call however many there are. Rows come back in the order of the queries. */
export type CompositeQuery = (queries: string[]) => Promise<Record<string, unknown>[][]>;

const SUMS = 'COUNT(Id) n, SUM(Digest_K1__c) k1, SUM(Digest_K2__c) k2, SUM(Digest_D__c) d, SUM(Digest_C__c) c';

const cellOf = (row: Record<string, unknown> | undefined): Cell =>
  row
    ? {
        count: Number(row.n),
        k1: Number(row.k1 ?? 0),
        k2: Number(row.k2 ?? 0),
        d: Number(row.d ?? 0),
        c: Number(row.c ?? 0),
      }
    : emptyCell();

const inRange = ({ from, to }: Range): string => {
  const bounds = [];
  if (from > WHOLE_RANGE.from) bounds.push(` AND Digest_K1__c >= ${from}`);
  if (to < WHOLE_RANGE.to) bounds.push(` AND Digest_K1__c < ${to}`);
  return bounds.join('');
};

/** The digests of an object, summed by the org: one row for the totals, five GROUP BY queries in one call for the tables. */
export const salesforceSide = (composite: CompositeQuery, object: string): DigestSide => ({
  async totals() {
    const [rows] = await composite([`SELECT ${SUMS} FROM ${object} WHERE Digest_Large_1__c != null`]);
    return cellOf(rows![0]);
  },

  async tables(tables, fold, range) {
    const set = { [LARGE_CELLS]: 'Large', [SMALL_CELLS]: 'Small' }[fold];
    if (!set) throw new RangeError(`Salesforce keeps cells folded to ${LARGE_CELLS} or ${SMALL_CELLS}, not to ${fold}`);
    const fields = Array.from({ length: tables }, (_, table) => `Digest_${set}_${table + 1}__c`);
    const results = await composite(
      // without the filter the null group would be one more than GROUP BY allows
      fields.map(
        (field) =>
          `SELECT ${field} cell, ${SUMS} FROM ${object} WHERE ${field} != null${inRange(range)} GROUP BY ${field}`,
      ),
    );
    return results.map((rows): Table => new Map(rows.map((row) => [Number(row.cell), cellOf(row)])));
  },
});
