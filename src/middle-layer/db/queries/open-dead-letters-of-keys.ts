import type { Queryable } from '../../../shared/sql/types.ts';

/** An open dead letter without its message and without the receiver's text: either may hold field values. */
export interface OpenDeadLetter {
  id: number;
  target: string;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  code: string;
  /** Refusals until it was given up. */
  attempts: number;
  diedAt: Date;
}

/** Of these keys, oldest first. */
export const openDeadLettersOfKeys = (db: Queryable, keys: readonly string[]): Promise<OpenDeadLetter[]> =>
  db.query<OpenDeadLetter>(
    `SELECT d.seq AS id, m.target, m.kind, m.key, m.version, m.attempt, m.revision, d.code, m.attempts, d.died_at AS "diedAt"
     FROM dead_letter d JOIN message m ON m.seq = d.message_seq
     WHERE d.resolved_at IS NULL AND m.state = 'dead' AND m.key = ANY($1::text[]) ORDER BY d.seq`,
    [[...keys]],
  );
