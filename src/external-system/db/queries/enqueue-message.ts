import type { FromExternal } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

/** Puts a message into the outbox, within the transaction of what it tells. A newer `record` replaces queued older ones of its key. */
export const enqueueMessage = async (tx: Queryable, message: FromExternal, now: Date): Promise<void> => {
  if (message.kind === 'record') {
    await tx.query(`UPDATE outbox SET state = 'superseded' WHERE key = $1 AND kind = 'record' AND state = 'queued'`, [
      message.key,
    ]);
  }
  await tx.query(
    `INSERT INTO outbox (message_id, key, kind, payload, next_at, created_at) VALUES ($1, $2, $3, $4::jsonb, $5, $5)`,
    [message.id, message.key, message.kind, JSON.stringify(message), now],
  );
};
