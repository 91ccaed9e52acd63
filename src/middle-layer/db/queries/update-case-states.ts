import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseState } from './lock-case-states.ts';

/** Stores what was learned of keys; absent fields stay as they are. */
export const updateCaseStates = (
  tx: Queryable,
  changes: readonly (Partial<CaseState> & { key: string })[],
): Promise<unknown> =>
  tx.query(
    `UPDATE case_state c SET
       case_id = coalesce(u.case_id, c.case_id),
       account_id = coalesce(u.account_id, c.account_id),
       external_id = coalesce(u.external_id, c.external_id),
       request_version = coalesce(u.request_version, c.request_version),
       request_attempt = coalesce(u.request_attempt, c.request_attempt),
       write_back_version = coalesce(u.write_back_version, c.write_back_version),
       write_back_attempt = coalesce(u.write_back_attempt, c.write_back_attempt),
       revision = greatest(u.revision, c.revision),
       revision_mark = coalesce(u.revision_mark, c.revision_mark),
       requested_at = greatest(u.requested_at, c.requested_at)
     FROM jsonb_to_recordset($1::jsonb) AS u(key text, case_id text, account_id text, external_id text,
       request_version integer, request_attempt integer, write_back_version integer, write_back_attempt integer, revision integer, revision_mark text,
       requested_at timestamptz)
     WHERE c.key = u.key`,
    [JSON.stringify(changes)],
  );
