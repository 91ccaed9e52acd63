import type { RequestMessage } from '../../../../shared/case-messages.ts';
import { countAlong } from '../../../../shared/sql/count-along.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';

/** Keeps a full request until it is answered; false when the key was taken in before. */
export const insertIntake = async (
  tx: Queryable,
  intake: { key: string; payload: object; dueAt: Date },
  now: Date,
): Promise<boolean> => {
  const rows = await tx.query(
    `INSERT INTO intake (key, payload, accepted_at, due_at) VALUES ($1, $2::jsonb, $3, $4)
     ON CONFLICT (key) DO NOTHING RETURNING key`,
    [intake.key, JSON.stringify(intake.payload), now, intake.dueAt],
  );
  return rows.length > 0;
};

export interface DueIntake {
  key: string;
  payload: RequestMessage;
}

/** Intakes without an answer whose request has left the queue and whose time is up; of `keys` only, when given. */
export const dueIntakes = (
  db: Queryable,
  now: Date,
  limit: number,
  keys: readonly string[] | null,
): Promise<DueIntake[]> =>
  db.query<DueIntake>(
    `SELECT i.key, i.payload FROM intake i
     WHERE i.answered_at IS NULL AND i.due_at <= $1 AND ($3::text[] IS NULL OR i.key = ANY($3))
       AND NOT EXISTS (SELECT 1 FROM message m WHERE m.flow = 'cases' AND m.key = i.key AND m.target = 'external' AND m.kind = 'request'
         AND m.state IN ('queued', 'sending', 'dead'))
     ORDER BY i.due_at LIMIT $2`,
    [now, limit, keys],
  );

/** Marks intakes as answered and drops what was kept of them; returns the requests of those that were still open. */
export const answerIntakes = (
  tx: Queryable,
  keys: readonly string[],
  now: Date,
): Promise<{ key: string; payload: object }[]> =>
  tx.query(
    `WITH open AS (SELECT key, payload FROM intake WHERE key = ANY($1) AND answered_at IS NULL ORDER BY key FOR UPDATE)
     UPDATE intake SET answered_at = $2, payload = NULL FROM open WHERE intake.key = open.key
     RETURNING open.key, open.payload`,
    [keys, now],
  );

/** Keeps an intake until it is answered, again or still: it is about to be sent once more. */
export const reopenIntake = (tx: Queryable, intake: { key: string; payload: object; dueAt: Date }): Promise<unknown> =>
  tx.query('UPDATE intake SET payload = $2::jsonb, due_at = $3, answered_at = NULL WHERE key = $1', [
    intake.key,
    JSON.stringify(intake.payload),
    intake.dueAt,
  ]);

/** Intakes that were asked for as often as a message may be refused, and still have no answer; at most MAX_COUNTED are counted. */
export const countOverdueIntakes = async (db: Queryable, maxAttempts: number): Promise<number> => {
  const attempt = "(payload->>'attempt')::int";
  const [row] = await db.query<{ n: number }>(
    `SELECT ${countAlong('intake', [attempt, 'key'], `answered_at IS NULL AND ${attempt} >= $1`)} AS n`,
    [maxAttempts],
  );
  return row!.n;
};

/** Drops from delivered requests the fields that Salesforce never stores. */
export const dropExtra = (tx: Queryable, keys: readonly string[]): Promise<unknown> =>
  tx.query(
    "UPDATE message SET payload = payload - 'extra' WHERE flow = 'cases' AND key = ANY($1) AND kind = 'request' AND state IN ('done', 'superseded') AND payload ? 'extra'",
    [keys],
  );

/** Drops the unstored fields of delivered intakes whose answer came before their delivery was written down. */
export const dropAnsweredExtra = (db: Queryable): Promise<unknown> =>
  db.query(
    `UPDATE message m SET payload = m.payload - 'extra' FROM intake i
     WHERE m.flow = 'cases' AND i.key = m.key AND i.answered_at IS NOT NULL AND m.kind = 'request' AND m.state IN ('done', 'superseded') AND m.payload ? 'extra'`,
  );

/** Makes due now what a clock that was ahead, and has been set right since, put off beyond `latest`. */
export const clampAnswers = (db: Queryable, now: Date, latest: Date): Promise<unknown> =>
  db.query(
    `WITH intakes AS (
       UPDATE intake SET due_at = $1 WHERE answered_at IS NULL AND due_at > $2
     )
     UPDATE tombstone SET due_at = $1 WHERE due_at > $2`,
    [now, latest],
  );
