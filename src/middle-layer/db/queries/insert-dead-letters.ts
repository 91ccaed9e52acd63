import type { Queryable } from '../../../shared/sql/types.ts';

/** Makes dead letters of dead messages, each with its history from the audit. */
export const insertDeadLetters = (
  tx: Queryable,
  letters: readonly { seq: number; code: string; cause: string }[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO dead_letter (message_seq, code, cause, history, died_at)
     SELECT d.seq, d.code, d.cause, coalesce((
         SELECT jsonb_agg(jsonb_build_object('at', a.at, 'outcome', a.outcome, 'code', a.code, 'durationMs', a.duration_ms) ORDER BY a.seq)
         FROM audit a WHERE a.message_id = m.id), '[]'::jsonb), $2
     FROM jsonb_to_recordset($1::jsonb) AS d(seq bigint, code text, cause text)
     JOIN message m ON m.seq = d.seq
     ORDER BY d.seq`,
    [JSON.stringify(letters), now],
  );
