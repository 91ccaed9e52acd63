import type { Finding } from '../../../reconciliation/compared-object.ts';
import { isAtRest, type Rules } from '../../../reconciliation/find/at-rest.ts';
import type { Discrepancy, FieldDifference } from '../../../reconciliation/types.ts';
import { canonicalValue, contentOf, type ContentType } from '../../../shared/digest/content.ts';
import { elementOf } from '../../../shared/digest/element.ts';
import type { BookingState, EntryState, UsageKind } from './types.ts';

/** Whether a use counts is compared beside what it says. */
export const COUNTS = 'Cancelled__c';
const VERSION = 'Version__c';

/** What differs between an entry and its booking. */
const differences = (
  ours: EntryState | null,
  theirs: BookingState | null,
  { owners, types }: Rules,
): FieldDifference[] => {
  const [here, there] = [ours?.counts === true, theirs?.counts === true];
  if (here !== there) return [{ field: COUNTS, owner: 'External', salesforce: ours && !here, external: !there }];
  if (!here) return [];
  return Object.keys(types)
    .filter(
      (field) =>
        canonicalValue(ours!.values[field], types[field]!) !== canonicalValue(theirs!.values[field], types[field]!),
    )
    .map((field) => ({
      field,
      owner: owners[field]!,
      salesforce: ours!.values[field] ?? null,
      external: theirs!.values[field] ?? null,
    }));
};

const fitsItsDigest = ({ key, values, digest, counts }: EntryState, types: Record<string, ContentType>): boolean =>
  counts ? digest?.d === elementOf(key, contentOf(values, types)).d : digest === null;

const kindOf = (
  ours: EntryState | null,
  theirs: BookingState | null,
  fields: FieldDifference[],
  fits: boolean,
): UsageKind => {
  if (ours?.isLocked) return 'broken seal';
  if (!ours) return 'missing in Salesforce';
  if (ours.counts && !theirs?.counts) return 'missing outside';
  if (!fits) return 'bypassed trigger';
  return fields.some(({ field }) => field === VERSION) ? 'version skew' : 'field mismatch';
};

const detailOf = (ours: EntryState | null, theirs: BookingState | null, fields: FieldDifference[]): string => {
  const versions = `entry at version ${ours?.version ?? 'none'}, booking at ${theirs?.appliedVersion ?? 'none'}`;
  if (!ours) return `no entry ${theirs!.key}; ${versions}`;
  if (!theirs) return `entry ${ours.key}, of an ad that nobody booked`;
  const names = fields.map(({ field }) => field).join(', ') || 'the stored digest does not fit, what it says agrees';
  return `entry ${ours.key}: ${names}; ${versions}`;
};

/** Of an ad whose newest version has not come through: null where nothing is to be waited for. */
const unsettled = (
  { report, outcome, errorCode, revision }: BookingState,
  rules: Rules,
): { kind: UsageKind; detail: string } | 'in flight' | null => {
  if (report?.state === 'rejected')
    return { kind: 'failed', detail: `version ${revision} cannot be reported as it is` };
  if (report)
    return isAtRest(report.queuedAt, rules)
      ? { kind: 'stuck in progress', detail: `version ${revision} is ${report.state}, and has no outcome` }
      : 'in flight';
  return outcome === 'REFUSED' ? { kind: 'failed', detail: errorCode ?? 'no error code' } : null;
};

/**
 * What one key's state on both sides amounts to. The application knows what Salesforce has applied: an ad that waits for a
 * decision is as its last applied version left it, which is agreed.
 */
export const classify = (
  ours: EntryState | null,
  theirs: BookingState | null,
  _gone: unknown,
  rules: Rules,
): Finding<UsageKind> => {
  const found = (kind: UsageKind, detail: string, fields: FieldDifference[] = []): Discrepancy<UsageKind> => ({
    kind,
    key: (ours ?? theirs)!.key,
    recordId: ours?.id ?? null,
    externalId: theirs?.externalId ?? null,
    fields,
    detail,
  });
  if (!ours && !theirs) return 'equal';
  const waits = theirs && unsettled(theirs, rules);
  if (waits === 'in flight') return waits;
  if (waits) return found(waits.kind, waits.detail);
  const fields = differences(ours, theirs, rules);
  const fits = !ours || fitsItsDigest(ours, rules.types);
  if (fields.length === 0 && fits) return 'equal';
  if (!isAtRest(Math.max(ours?.modifiedAt ?? 0, theirs?.updatedAt ?? 0), rules)) return 'in flight';
  return found(kindOf(ours, theirs, fields, fits), detailOf(ours, theirs, fields), fields);
};
