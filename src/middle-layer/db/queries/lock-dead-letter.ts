import type { Queryable } from '../../../shared/sql/types.ts';
import type { DeadLetterSummary } from './list-dead-letters.ts';

export interface DeadLetter extends DeadLetterSummary {
  messageSeq: number;
  message: object;
  history: { at: string; outcome: string; code: string | null; durationMs: number | null }[];
  resolvedAt: Date | null;
  resolution: 'retried' | 'superseded' | null;
}

/** A dead letter with its message and history, or null. Within a transaction it is locked. */
export const lockDeadLetter = async (tx: Queryable, id: number): Promise<DeadLetter | null> => {
  const [row] = await tx.query<DeadLetter>(
    `SELECT d.seq AS id, d.message_seq AS "messageSeq", m.target, m.kind, m.key, m.version, m.attempt, m.revision, d.code, d.cause,
       d.died_at AS "diedAt", d.history, m.payload AS message, d.resolved_at AS "resolvedAt", d.resolution
     FROM dead_letter d JOIN message m ON m.seq = d.message_seq WHERE d.seq = $1 FOR UPDATE OF m, d`,
    [id],
  );
  return row ?? null;
};
