import type { Queryable } from '../../../shared/sql/types.ts';

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

/** Locks and reads what is known of the keys, in key order. Whoever queues or settles messages of a key holds this lock first. */
export const lockCaseStates = (tx: Queryable, keys: readonly string[]): Promise<CaseState[]> =>
  tx.query<CaseState>('SELECT * FROM case_state WHERE key = ANY($1) ORDER BY key FOR UPDATE', [keys]);
