import { lockKeys } from '../../../../middle-layer/db/keys.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';
import { CASES } from '../name.ts';

export interface CaseState {
  key: string;
  case_id: string | null;
  account_id: string | null;
  external_id: string | null;
  request_version: number;
  request_attempt: number;
  write_back_version: number;
  write_back_attempt: number;
  revision: number;
  revision_mark: string | null;
  requested_at: Date | null;
}

/** Locks Cases for queueing and tells what is known of them; one that is new gets its row. */
export const lockCases = async (tx: Queryable, keys: Iterable<string>): Promise<Map<string, CaseState>> => {
  const distinct = [...new Set(keys)];
  await lockKeys(tx, CASES, distinct);
  const rows = await tx.query<CaseState>(
    `WITH made AS (
       INSERT INTO case_state (key) SELECT key FROM unnest($1::text[]) AS key ORDER BY key ON CONFLICT (key) DO NOTHING RETURNING *
     )
     SELECT * FROM case_state WHERE key = ANY($1) UNION ALL SELECT * FROM made ORDER BY key`,
    [distinct],
  );
  return new Map(rows.map((row) => [row.key, row]));
};

/** What is known of the keys, without a lock. */
export const readCaseStates = async (db: Queryable, keys: readonly string[]): Promise<Map<string, CaseState>> => {
  const rows = await db.query<CaseState>('SELECT * FROM case_state WHERE key = ANY($1)', [keys]);
  return new Map(rows.map((row) => [row.key, row]));
};

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
