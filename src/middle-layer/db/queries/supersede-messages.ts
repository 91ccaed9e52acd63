import type { Queryable } from '../../../shared/sql/types.ts';

/** Takes messages out of the queue, and dead ones off the list, because newer ones say more. */
export const supersedeMessages = (tx: Queryable, seqs: readonly number[], now: Date): Promise<unknown> =>
  tx.query(
    "UPDATE message SET state = 'superseded', settled_at = $2, head = false WHERE seq = ANY($1) AND state IN ('queued', 'dead')",
    [seqs, now],
  );
