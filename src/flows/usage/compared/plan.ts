import type { Discrepancy, RepairStep } from '../../../reconciliation/types.ts';
import { partsOfKey } from '../../../shared/usage-entry.ts';
import type { Values } from '../../../shared/values.ts';
import { COUNTS } from './classify.ts';
import { KINDS } from './kinds.ts';
import type { BookingState, EntryState, UsageKind } from './types.ts';

/** What is done about one discrepancy of usage. */
export type UsageStep = ReportStep | AskStep;

/** Salesforce states a seal once more. */
export interface AskStep extends RepairStep {
  do: 'request again';
  /** Of the Contract_Seal__c. */
  sealId: string;
}

/** What the service application does about one booking: it reports the ad, by its own queue. */
export interface ReportStep extends RepairStep {
  do: Exclude<RepairStep['do'], 'request again'>;
  adId: string;
  position: number;
  /** Whether the report of the ad's version leaves once more; otherwise the ad gets a new version, for Salesforce has decided on this one. */
  isSame: boolean;
  /** The ad's version as compared: one that has moved on is left. Null: nobody booked the ad. */
  ifVersion: number | null;
  /** The highest version that Salesforce has of the ad's use: the new one is above it. */
  seenVersion: number;
  /** What the entry said that is replaced, so that the repair can be undone; empty: no value is. */
  before: Values;
}

const VERSION = 'Version__c';

/** What the entry says without its version, where the repair replaces any of it. */
const replaced = (discrepancy: Discrepancy<UsageKind>, ours: EntryState | null): Values => {
  if (!ours || discrepancy.fields.every(({ field }) => field === VERSION)) return {};
  const { [VERSION]: _version, ...values } = ours.values;
  return ours.counts ? { ...values, [COUNTS]: false } : { [COUNTS]: true };
};

/**
 * What repairs a discrepancy, or null when a person must decide. Bookings belong to the service application: it reports
 * them, and an entry that nobody booked is cancelled by a report too. An ad that waits for a decision is decided on first.
 */
export const planRepair = (
  discrepancy: Discrepancy<UsageKind>,
  ours: EntryState | null,
  theirs: BookingState | null,
): UsageStep | null => {
  const { key, kind } = discrepancy;
  const { repair } = KINDS[kind];
  if (repair === 'request again')
    return discrepancy.recordId === null ? null : { do: repair, key, sealId: discrepancy.recordId };
  const parts = partsOfKey(key);
  if (repair === 'none' || parts === null || theirs?.outcome === 'EXCEPTION') return null;
  // of an ad that nobody booked only what counts is taken back
  if (!theirs && kind !== 'missing outside') return null;
  return {
    do: repair,
    key,
    ...parts,
    isSame: kind === 'stuck in progress',
    ifVersion: theirs?.revision ?? null,
    seenVersion: ours?.version ?? 0,
    before: repair === 'carry by owner' ? replaced(discrepancy, ours) : {},
  };
};
