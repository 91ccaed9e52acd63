/** The seal of a fulfilled contract with very many usage entries, while Salesforce computes it: `Contract_Sealing__c`. See docs/usage-protocol.md, "Seals". */
import { timeOf } from './salesforce/soql.ts';

export interface SealProgress {
  /** Usage entries that are counted. */
  counted: number;
  /** All that the contract had when it was fulfilled. */
  expected: number;
  /** When the last step was done, in epoch milliseconds. */
  movedAt: number;
  /** Why it does not go on, or has begun again; null: nothing was in its way. */
  notice: string | null;
}

/** What a query asks of it. */
export const PROGRESS_COLUMNS = 'Entries__c, Expected__c, Notice__c, LastModifiedDate';

/** SealTakeUp of the org starts what died once an hour: what has not moved for longer was not taken up. */
const OVERDUE_MS = 2 * 60 * 60_000;

/** A row of such a query. A time that cannot be read counts as long ago. */
export const progressOf = (row: Record<string, unknown>): SealProgress => ({
  counted: Number(row.Entries__c),
  expected: Number(row.Expected__c),
  movedAt: timeOf(row.LastModifiedDate) ?? 0,
  notice: typeof row.Notice__c === 'string' ? row.Notice__c : null,
});

/** Whether somebody has to look: it has not moved for two hours, or something was in its way. `now`: epoch milliseconds. */
export const isStuck = ({ movedAt, notice }: SealProgress, now: number): boolean =>
  notice !== null || now - movedAt > OVERDUE_MS;
