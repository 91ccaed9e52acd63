import type { Queryable } from '../../../shared/sql/types.ts';
import type { MessageState } from '../../types.ts';

export interface Settlement {
  seq: number;
  state: 'queued' | 'done' | 'dead';
  attempts: number;
  deferrals: number;
  /** When it may be tried again, and with that its place in the queue: the end. */
  dueAt: Date;
}

export interface Settled {
  seq: number;
  state: MessageState;
}

/**
 * Ends the lease of messages. One that is not done while a newer message of its kind waits behind it is
 * superseded. A message whose lease another worker has taken over is left alone and not returned.
 */
export const settleMessages = (
  tx: Queryable,
  settlements: readonly Settlement[],
  lease: string,
  now: Date,
): Promise<Settled[]> =>
  tx.query<Settled>(
    `WITH settlement AS (
       SELECT s.seq, s.attempts, s.deferrals, s."dueAt", CASE WHEN s.state <> 'done' AND EXISTS (
           SELECT 1 FROM message m JOIN message newer ON newer.target = m.target AND newer.kind = m.kind AND newer.key = m.key
             AND newer.state = 'queued' AND newer.seq > m.seq AND newer.ordinal >= m.ordinal
           WHERE m.seq = s.seq) THEN 'superseded' ELSE s.state END AS state
       FROM jsonb_to_recordset($1::jsonb) AS s(seq bigint, state text, attempts integer, deferrals integer, "dueAt" timestamptz)
     )
     UPDATE message m SET state = s.state, attempts = s.attempts, deferrals = s.deferrals, next_attempt_at = s."dueAt",
       turn_at = s."dueAt", head = s.state = 'queued', lease = NULL, lease_until = NULL, settled_at = CASE WHEN s.state = 'queued' THEN NULL ELSE $3::timestamptz END
     FROM settlement s
     WHERE m.seq = s.seq AND m.state = 'sending' AND m.lease = $2
     RETURNING m.seq, m.state`,
    [JSON.stringify(settlements), lease, now],
  );
