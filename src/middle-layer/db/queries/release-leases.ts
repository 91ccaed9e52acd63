import type { Queryable } from '../../../shared/sql/types.ts';
import type { Target } from '../../types.ts';

/** Frees what this worker had leased of a target when it ended, or lost the database: nobody works on it any more. */
export const releaseLeases = async (db: Queryable, worker: string, target: Target): Promise<number> => {
  const freed = await db.query(
    "UPDATE message SET state = 'queued', lease = NULL, lease_until = NULL WHERE state = 'sending' AND starts_with(lease, $1) AND target = $2 RETURNING seq",
    [`${worker}/`, target],
  );
  return freed.length;
};
