import type { ExternalState, SalesforceState } from '../../../reconciliation/types.ts';
import type { AdOutcome } from '../../../shared/usage-messages.ts';

/** A usage entry as reconciliation sees it. */
export interface EntryState extends SalesforceState {
  /** A cancelled entry does not count, and has no digest. */
  counts: boolean;
  version: number;
  contractNumber: string | null;
  /** Whether its contract is fulfilled: then nobody changes it any more. */
  isLocked: boolean;
}

/** What the service application knows of an ad's use at a position. Its `revision` is the ad's version. */
export interface BookingState extends ExternalState {
  /** Whether an entry should count, by what Salesforce has applied as far as the application knows. */
  counts: boolean;
  /** Null: of a use that Salesforce never applied. */
  appliedVersion: number | null;
  contractNumber: string | null;
  /** Of the ad's newest version; null: not known yet. */
  outcome: AdOutcome | null;
  errorCode: string | null;
  report: { state: 'queued' | 'taken' | 'rejected'; queuedAt: number } | null;
}

export type UsageKind =
  | 'missing in Salesforce'
  | 'missing outside'
  | 'field mismatch'
  | 'version skew'
  | 'bypassed trigger'
  | 'stuck in progress'
  | 'failed'
  | 'broken seal'
  | 'unfinished seal'
  | 'lost seal'
  | 'wrong sum';
