import type { RequestMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { knowsMark } from '../db/revisions.ts';
import type { CaseRecord } from '../records.ts';
import { requestedAtOf } from '../store-revision.ts';

/**
 * How the two sides' histories of a record stand to each other:
 * - `level`: each knows what the other has told it
 * - `registry behind`: the other side has seen a revision that is not known here: this database was restored
 * - `org behind`: Salesforce has forgotten what it had told or taken: the org was restored
 */
export type Standing = 'level' | 'registry behind' | 'org behind';

interface Seen {
  seenRevision?: number | null;
  seenMark?: string | null;
}

/** Whether the other side has seen a revision that the registry's history does not have. */
export const isBehind = async (tx: Queryable, record: CaseRecord, { seenRevision, seenMark }: Seen): Promise<boolean> =>
  (seenRevision ?? 0) > record.revision || (seenMark != null && !(await knowsMark(tx, record, seenMark)));

/** A version below one that was applied, yet begun after it: Salesforce counts from an earlier state again. */
const versionsFell = (record: CaseRecord, request: RequestMessage): boolean => {
  const began = requestedAtOf(request);
  if (began === null || record.requested_at === null || began <= record.requested_at) return false;
  // the same version that is asked for once more
  const knowsBoth = request.digest != null && record.request_digest !== null;
  return request.version !== record.request_version || (knowsBoth && request.digest !== record.request_digest);
};

/** The Case no longer knows a revision that Salesforce has acknowledged. */
const forgotRevisions = (record: CaseRecord, { caseRevision }: RequestMessage): boolean =>
  caseRevision !== undefined &&
  record.acknowledged_revision !== null &&
  (caseRevision ?? 0) < record.acknowledged_revision;

export const wasApplied = (record: CaseRecord, request: RequestMessage): boolean =>
  record.request_version !== null && record.request_version >= request.version;

export const standingOf = async (tx: Queryable, record: CaseRecord, request: RequestMessage): Promise<Standing> => {
  if (await isBehind(tx, record, request)) return 'registry behind';
  const fell = wasApplied(record, request) ? versionsFell(record, request) : forgotRevisions(record, request);
  return fell ? 'org behind' : 'level';
};
