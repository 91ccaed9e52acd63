import { quoted } from '../../shared/salesforce/soql.ts';
import { WHOLE_RANGE, type Range } from '../types.ts';

/**
 * The condition that a record's K1 lies in the range. K1 is indexed and spread evenly, so a range that is narrow enough
 * is selective however large the object is (Salesforce Help, "Make SOQL queries selective").
 */
export const inRange = ({ from, to }: Range): string => `Digest_K1__c >= ${from} AND Digest_K1__c < ${to}`;

/** Records of one part that is summed: below the 333,333 rows up to which a custom index serves, with room for growth. */
export const RECORDS_A_PART = 200_000;
/** One key in so many is counted to know how many records there are. */
export const SAMPLES = 1_000;
/** The keys that are counted. */
export const SAMPLE: Range = { from: 0, to: WHOLE_RANGE.to / SAMPLES };

/** How many records a thousandth of the keys has: selective up to 333 million records, where counting all would time out. */
export const sampleOf = (object: string): string => `SELECT COUNT(Id) n FROM ${object} WHERE ${inRange(SAMPLE)}`;

/**
 * Into how many parts the keys must be cut so that each has at most RECORDS_A_PART records, by the count of the sample.
 * Chance may leave the sample short: four standard deviations are added.
 */
export const partsFor = (sampled: number): number =>
  Math.max(1, Math.ceil(((sampled + 4 * Math.sqrt(sampled)) * SAMPLES) / RECORDS_A_PART));

/** Hex digits of a key that bound a slice of it. */
const DIGITS = 8;
/** Keys are UUIDs in lower case: every one sorts below this. */
const BEYOND = 'g';

/** The condition that the key lies in a slice of all keys, cut where the range cuts K1. Keys are drawn at random, so they spread as evenly. */
export const hasKeyWithin = (field: string, { from, to }: Range): string => {
  const bound = (at: number): string =>
    at >= WHOLE_RANGE.to
      ? BEYOND
      : Math.ceil((at / WHOLE_RANGE.to) * 16 ** DIGITS)
          .toString(16)
          .padStart(DIGITS, '0');
  return `${field} >= ${quoted(from === 0 ? '0' : bound(from))} AND ${field} < ${quoted(bound(to))}`;
};
