import type { Queryable } from '../../../shared/sql/types.ts';

/** The latest that anything can be due, by what it waits for. What is due later was put off by a clock that was ahead. */
export interface Latest {
  attempt: Date;
  lease: Date;
  answer: Date;
}

/** Makes due now what a clock that was ahead, and has been set right since, put off for too long. */
export const clampTimes = (db: Queryable, now: Date, { attempt, lease, answer }: Latest): Promise<unknown> =>
  db.query(
    `WITH attempts AS (
       UPDATE message SET next_attempt_at = $1, turn_at = $1 WHERE head AND state = 'queued' AND next_attempt_at > $2
     ), leases AS (
       UPDATE message SET lease_until = $1 WHERE state = 'sending' AND lease_until > $3
     ), intakes AS (
       UPDATE intake SET due_at = $1 WHERE answered_at IS NULL AND due_at > $4
     )
     UPDATE tombstone SET due_at = $1 WHERE due_at > $4`,
    [now, attempt, lease, answer],
  );
