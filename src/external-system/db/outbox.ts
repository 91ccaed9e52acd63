import type { FromExternal } from '../../shared/case-messages.ts';
import { countAlong } from '../../shared/sql/count-along.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { storableDiagnostic } from '../../shared/text.ts';

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

export interface QueuedMessage {
  id: number;
  payload: FromExternal;
  attempts: number;
}

/** The oldest messages that are due. One that waits for its retry holds back the later ones of its key, so order is kept per record. */
export const queuedMessages = (
  db: Queryable,
  now: Date,
  /** The latest that a retry can be due: one that is later was put off by a clock that was ahead, and is due. */
  latest: Date,
  limit: number,
): Promise<QueuedMessage[]> =>
  db.query<QueuedMessage>(
    `SELECT id, payload, attempts FROM outbox o
      WHERE state = 'queued' AND (next_at <= $1 OR next_at > $3)
        AND NOT EXISTS (SELECT 1 FROM outbox w WHERE w.key = o.key AND w.state = 'queued' AND w.id < o.id
          AND w.next_at > $1 AND w.next_at <= $3)
      ORDER BY id LIMIT $2`,
    [now, limit, latest],
  );

/** The receiver has committed these messages. What it had refused of the same record and kind before is replaced by them. */
export const markSent = (db: Queryable, ids: number[], now: Date): Promise<unknown> =>
  db.query(
    `WITH sent AS (
       UPDATE outbox SET state = 'sent', sent_at = $2 WHERE id = ANY($1::bigint[]) AND state = 'queued' RETURNING id, key, kind
     )
     UPDATE outbox o SET state = 'superseded', created_at = $2 FROM sent
     WHERE o.state = 'rejected' AND o.key = sent.key AND o.kind = sent.kind AND o.id < sent.id`,
    [ids, now],
  );

/** The receiver will never take this message: kept until a newer one of its record is taken, shown by readiness, not sent again. */
export const markRejected = (db: Queryable, id: number, error: string): Promise<unknown> =>
  db.query(`UPDATE outbox SET state = 'rejected', error = $2 WHERE id = $1`, [id, storableDiagnostic(error)]);

/** Not delivered: due again at `nextAt`. */
export const postpone = (db: Queryable, ids: number[], nextAt: Date): Promise<unknown> =>
  db.query(`UPDATE outbox SET attempts = attempts + 1, next_at = $2 WHERE id = ANY($1::bigint[])`, [ids, nextAt]);

export interface Rejected {
  /** At most MAX_COUNTED. */
  count: number;
  /** The records of the oldest ones. */
  keys: string[];
}

/** Records of the registry that are named to people. */
const NAMED = 3;

/** Messages that the receiver refused for good, and no newer one has replaced. */
export const rejectedMessages = async (db: Queryable): Promise<Rejected> => {
  const [row] = await db.query<Rejected>(
    `SELECT ${countAlong('outbox', ['id'], "state = 'rejected'")} AS count,
       ARRAY(SELECT key FROM outbox WHERE state = 'rejected' ORDER BY id LIMIT $1) AS keys`,
    [NAMED],
  );
  return row!;
};
