import type { Clock } from 'kernel/clock.ts';
import { contentOf } from '../../shared/digest/content.ts';
import { elementOf } from '../../shared/digest/element.ts';
import { queryJobRows } from '../../shared/salesforce/query-job.ts';
import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import type { ComparedObject } from '../compared-object.ts';
import { hasKeyWithin, inRange, RECORDS_A_PART } from '../sides/key-range.ts';
import { stateColumns, stateOf } from '../sides/salesforce-records.ts';
import { WHOLE_RANGE, type Range, type SalesforceState, type SyncedFields } from '../types.ts';
import { readContentCheckBudget } from './content-check-budget.ts';

/** Days in which a rolling content check has read everything once, a slice a day. */
export const CONTENT_CHECK_DAYS = 30;
const DAY = 24 * 3_600_000;
/**
 * Records that a query reads in five calls, 2,000 a page: what a query job costs at least (make it, look twice,
 * fetch the result, delete it). More than these are read through a job.
 */
export const MAX_QUERIED = 10_000;

export interface CheckedContents {
  range: Range;
  records: number;
  /** Keys whose stored digest does not fit their values. */
  suspects: string[];
}

/** What a content check used of the API calls that it may make in a day. */
export interface ContentCheckCost {
  through: 'query' | 'query job';
  calls: number;
  /** Of these and those of other content checks in the 24 hours before. */
  callsInDay: number;
  dailyBudget: number;
  /** The org's API requests in 24 hours; null when the user may not read them. */
  dailyAllocation: number | null;
}

export interface ContentCheckOutcome {
  /** Null when the content check broke off. */
  checked: CheckedContents | null;
  /** Why it broke off. What the sums tell does not depend on it; a BudgetSpent is the run's own, and ends the run. */
  failure: Error | null;
  cost: ContentCheckCost;
}

export interface ContentCheckOptions {
  range: Range;
  /** Records in all, as the sums tell. */
  records: number;
  clock: Clock;
  /** API calls that content checks made in the 24 hours before. */
  callsInDay: number;
  /** Default MAX_QUERIED. */
  maxQueried?: number;
}

/** What a content check reads of. */
type Read = Pick<ComparedObject, 'object' | 'inside'>;

/** The slice of the key space that is due on the day of `now` (epoch milliseconds). Keys are hashed, so slices are of similar size. */
export const sliceOfDay = (now: number, days = CONTENT_CHECK_DAYS): Range => {
  const day = Math.floor(now / DAY) % days;
  const width = WHOLE_RANGE.to / days;
  return { from: Math.floor(day * width), to: Math.floor((day + 1) * width) };
};

/**
 * Reads the records of a range in full and recomputes their digests: sums prove that digests are equal,
 * this proves that digests are true. Records with a key but no digest are looked for too (withoutDigest). Keeps within a
 * daily budget of its own; only the budget of the whole run ends more than the content check.
 */
export const checkContents = async (
  client: SalesforceClient,
  compared: Read,
  fields: SyncedFields,
  options: ContentCheckOptions,
): Promise<ContentCheckOutcome> => {
  const { range, records, maxQueried = MAX_QUERIED } = options;
  const callsBefore = client.calls;
  const { calls: dailyBudget, allocation } = await readContentCheckBudget(client);
  const expected = (records * (range.to - range.from)) / WHOLE_RANGE.to;
  const through = expected > maxQueried ? 'query job' : 'query';
  const checked: CheckedContents = { range, records: 0, suspects: [] };
  const read = async (): Promise<void> => {
    const sets =
      through === 'query' ? byQuery(client, compared, fields, options) : byJob(client, compared, fields, options);
    for await (const states of sets) {
      checked.records += states.length;
      for (const state of states) if (!digestFits(compared, state, fields)) checked.suspects.push(state.key);
    }
  };
  const left = dailyBudget - options.callsInDay - (client.calls - callsBefore);
  const spent = (): Error =>
    new Error(
      `its budget of ${dailyBudget} API calls a day is spent; ${options.callsInDay} were made in the 24 hours before`,
    );
  const failure = await client.within(left, spent, read).then(
    () => null,
    (error: Error) => error,
  );
  const calls = client.calls - callsBefore;
  return {
    checked: failure === null ? checked : null,
    failure,
    cost: { through, calls, callsInDay: options.callsInDay + calls, dailyBudget, dailyAllocation: allocation },
  };
};

const digestFits = ({ inside }: Read, state: SalesforceState, { types }: SyncedFields): boolean => {
  const { key, values, digest } = state;
  if (inside.isSummed?.(state) === false) return digest === null;
  const element = elementOf(key, contentOf(values, types));
  return (
    digest !== null &&
    digest.k1 === element.k1 &&
    digest.k2 === element.k2 &&
    digest.d === element.d &&
    digest.c === element.c
  );
};

/**
 * Records with a key but no digest have no K1 to be found by. In an object that one query can walk they are all looked
 * for each time; in a larger one those whose key lies in the slice of keys that is as wide as the checked range.
 */
const withoutDigest = ({ inside }: Read, { range, records }: ContentCheckOptions): string =>
  `${hasKeyWithin(inside.key, records > RECORDS_A_PART ? range : WHOLE_RANGE)} AND Digest_K1__c = null AND ${inside.synced}`;

async function* byQuery(
  client: SalesforceClient,
  compared: Read,
  fields: SyncedFields,
  options: ContentCheckOptions,
): AsyncGenerator<SalesforceState[]> {
  const columns = stateColumns(compared, fields);
  const results = await client.composite(
    [inRange(options.range), withoutDigest(compared, options)].map(
      (where) => `SELECT ${columns} FROM ${compared.object} WHERE ${where} ORDER BY Id`,
    ),
  );
  for (const rows of results) yield rows.map((row) => stateOf(compared, row, fields));
}

/** ORDER BY would keep Salesforce from dividing the job by primary key (Bulk API 2.0 Developer Guide, SOQL considerations). */
async function* byJob(
  client: SalesforceClient,
  compared: Read,
  fields: SyncedFields,
  options: ContentCheckOptions,
): AsyncGenerator<SalesforceState[]> {
  const soql = `SELECT ${stateColumns(compared, fields)} FROM ${compared.object} WHERE (${inRange(options.range)}) OR (${withoutDigest(compared, options)})`;
  for await (const rows of queryJobRows(client, soql, fields.types, options.clock))
    yield rows.map((row) => stateOf(compared, row, fields));
}
