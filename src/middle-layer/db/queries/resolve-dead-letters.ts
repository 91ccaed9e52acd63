import type { Queryable } from '../../../shared/sql/types.ts';

/** Closes the dead letters of messages; their history stays until retention. */
export const resolveDeadLetters = (
  tx: Queryable,
  messageSeqs: readonly number[],
  resolution: 'retried' | 'superseded',
  now: Date,
): Promise<unknown> =>
  tx.query(
    'UPDATE dead_letter SET resolved_at = $2, resolution = $3 WHERE message_seq = ANY($1) AND resolved_at IS NULL',
    [messageSeqs, now, resolution],
  );
