import type { CaseState } from '../db/queries/lock-case-states.ts';
import type { Learned } from '../types.ts';

/**
 * Turns what a delivery taught into a change of the key's state. A write-back that was queued because
 * the target asked for it counts as known for the attempt that the version has now, so the next sweep
 * does not queue it again.
 */
export const learn = (news: Learned, state: CaseState): Partial<CaseState> & { key: string } => {
  const change: Partial<CaseState> & { key: string } = { key: news.key };
  if (news.caseId) change.case_id = news.caseId;
  if (news.externalId) change.external_id = news.externalId;
  if (news.request && isNewer(news.request, state)) {
    change.request_version = news.request.version;
    change.request_attempt = news.request.attempt;
    change.requested_at = news.request.requestedAt === null ? null : new Date(news.request.requestedAt);
  }
  // who lost its state may have lost the write-back too
  if (news.request) change.write_back_attempt = -1;
  if (news.writeBackVersion !== undefined && news.writeBackVersion >= state.write_back_version) {
    change.write_back_version = news.writeBackVersion;
    const attempt = attemptOf(news.writeBackVersion, state);
    const known = state.write_back_version === news.writeBackVersion ? state.write_back_attempt : -1;
    change.write_back_attempt = Math.max(attempt, known);
  }
  return change;
};

/** The attempt that the version has now. */
const attemptOf = (version: number, { request_version: known, request_attempt: attempt }: CaseState): number =>
  known === version ? attempt : 0;

const isNewer = ({ version, attempt }: NonNullable<Learned['request']>, state: CaseState): boolean =>
  version > state.request_version || (version === state.request_version && attempt > state.request_attempt);

/** Whether a write-back of that version was queued since it was last requested, or one of a newer version. */
export const writeBackIsKnown = (news: Learned | undefined, state: CaseState | undefined): boolean => {
  if (news?.writeBackVersion === undefined || state === undefined) return false;
  const { write_back_version: known, write_back_attempt: attempt } = state;
  return (
    known > news.writeBackVersion ||
    (known === news.writeBackVersion && attempt >= attemptOf(news.writeBackVersion, state))
  );
};
