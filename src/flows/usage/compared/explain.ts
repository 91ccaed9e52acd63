import { codeName, fateOf, moment, whyNotDelivered } from '../../../reconciliation/trail/fate.ts';
import type { Trail } from '../../../reconciliation/trail/types.ts';
import type { Compared as AnyCompared } from '../../../reconciliation/types.ts';
import type { BookingState, EntryState, UsageKind } from './types.ts';

type Compared = AnyCompared<EntryState, BookingState, UsageKind>;

/** What became of the report of a version; what the trail does not mention has not happened, unless older entries were left out. */
const reportOf = (trail: Trail, version: number, andThen: string): string | null => {
  const report = fateOf(trail, { target: 'salesforce', kinds: ['ad'], version });
  const subject = `The report of version ${version}`;
  if (!report.seen && !report.letter)
    return trail.more ? null : `No report of version ${version} ever reached the middle layer.`;
  if (!report.done) return whyNotDelivered(subject, report);
  return `Salesforce answered ${codeName(report.done.outcome)} to version ${version} at ${moment(report.done.at)}${andThen}`;
};

const neverReported = (trail: Trail): string | null => {
  const last = trail.entries.findLast(({ kind, target }) => kind === 'ad' && target === 'salesforce');
  if (last) return `Version ${last.version} of the ad was reported at ${moment(last.at)}; the application has lost it.`;
  return trail.more ? null : 'Nobody ever reported this ad: the entry was made past the middle layer.';
};

/** What the audit trail tells of a discrepancy's cause: a sentence of codes and times, never of values; null when it tells nothing. */
export const explain = ({ discrepancy, external, salesforce }: Compared, trail: Trail): string | null => {
  switch (discrepancy.kind) {
    case 'missing outside':
      return external ? null : neverReported(trail);
    case 'stuck in progress':
    case 'failed':
      return external && reportOf(trail, external.revision, ', and the application has not heard it.');
    case 'wrong sum':
    case 'unfinished seal':
    case 'lost seal':
      return null;
    default:
      return external?.appliedVersion == null || (salesforce && salesforce.version > external.appliedVersion)
        ? null
        : reportOf(trail, external.appliedVersion, '; the entry was changed or deleted in Salesforce since.');
  }
};
