import type { Queryable } from '../../../shared/sql/types.ts';

/** Frees what an earlier run of this worker had leased when it ended: it cannot come back. */
export const releaseLeases = async (db: Queryable, worker: string): Promise<number> => {
  const freed = await db.query(
    "UPDATE message SET state = 'queued', lease = NULL, lease_until = NULL WHERE state = 'sending' AND starts_with(lease, $1) RETURNING seq",
    [`${worker}/`],
  );
  return freed.length;
};
