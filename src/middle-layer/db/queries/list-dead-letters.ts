import type { Queryable } from '../../../shared/sql/types.ts';

export interface DeadLetterSummary {
  id: number;
  target: string;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  code: string;
  cause: string;
  diedAt: Date;
}

/** Open dead letters after `after`, oldest first. */
export const listDeadLetters = (db: Queryable, after: number, limit: number): Promise<DeadLetterSummary[]> =>
  db.query<DeadLetterSummary>(
    `SELECT d.seq AS id, m.target, m.kind, m.key, m.version, m.attempt, m.revision, d.code, d.cause, d.died_at AS "diedAt"
     FROM dead_letter d JOIN message m ON m.seq = d.message_seq
     WHERE d.resolved_at IS NULL AND d.seq > $1 ORDER BY d.seq LIMIT $2`,
    [after, limit],
  );
