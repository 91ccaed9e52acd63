import { contentOf } from '../digest/content.ts';
import { elementOf } from '../digest/element.ts';
import type { SalesforceClient } from '../sides/salesforce-client.ts';
import { stateColumns, stateOf, type SyncedFields } from '../sides/salesforce-records.ts';
import { WHOLE_RANGE, type Range } from '../types.ts';

/** Days in which a rolling audit has read everything once, a slice a day. */
export const AUDIT_DAYS = 30;
const DAY = 24 * 3_600_000;

export interface Audited {
  range: Range;
  records: number;
  /** Keys whose stored digest does not fit their values. */
  suspects: string[];
}

/** The slice of the key space that is due on the day of `now` (epoch milliseconds). Keys are hashed, so slices are alike in size. */
export const sliceOfDay = (now: number, days = AUDIT_DAYS): Range => {
  const day = Math.floor(now / DAY) % days;
  const width = WHOLE_RANGE.to / days;
  return { from: Math.floor(day * width), to: Math.floor((day + 1) * width) };
};

/**
 * Reads the Cases of a range in full and recomputes their digests: sums prove that digests are equal,
 * this proves that digests are true. Cases with a key but no digest belong to every range.
 */
export const audit = async (client: SalesforceClient, fields: SyncedFields, range: Range): Promise<Audited> => {
  const columns = stateColumns(fields);
  const [stamped, unstamped] = await client.composite([
    `SELECT ${columns} FROM Case WHERE Digest_K1__c >= ${range.from} AND Digest_K1__c < ${range.to} ORDER BY Id`,
    `SELECT ${columns} FROM Case WHERE Digest_K1__c = null AND Sync_Key__c != null ORDER BY Id`,
  ]);
  const states = [...stamped!, ...unstamped!].map((row) => stateOf(row, fields));
  const suspects = states.filter(({ key, values, digest }) => {
    const element = elementOf(key, contentOf(values, fields.types));
    return (
      digest === null ||
      digest.k1 !== element.k1 ||
      digest.k2 !== element.k2 ||
      digest.d !== element.d ||
      digest.c !== element.c
    );
  });
  return { range, records: states.length, suspects: suspects.map(({ key }) => key) };
};
