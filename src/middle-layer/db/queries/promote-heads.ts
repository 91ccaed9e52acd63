import type { Queryable } from '../../../shared/sql/types.ts';

/** Makes the first open message of each target and key the one that may be sent next. The caller holds the lock of the keys. */
export const promoteHeads = (tx: Queryable, keys: readonly string[]): Promise<unknown> =>
  tx.query(
    `UPDATE message m SET head = true
     FROM (SELECT DISTINCT ON (key, target) seq, head FROM message WHERE key = ANY($1) AND state IN ('queued', 'sending')
           ORDER BY key, target, seq) AS first
     WHERE m.seq = first.seq AND NOT first.head`,
    [keys],
  );
