import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseState } from './lock-case-states.ts';

/** What is known of the keys, without a lock. */
export const readCaseStates = async (db: Queryable, keys: readonly string[]): Promise<Map<string, CaseState>> => {
  const rows = await db.query<CaseState>('SELECT * FROM case_state WHERE key = ANY($1)', [keys]);
  return new Map(rows.map((row) => [row.key, row]));
};
