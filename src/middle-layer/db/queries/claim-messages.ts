import type { Queryable } from '../../../shared/sql/types.ts';
import type { ClaimedMessage, Target } from '../../types.ts';

export interface Claim {
  target: Target;
  limit: number;
  lease: string;
  leaseUntil: Date;
  now: Date;
  /** Messages due by then come along when any is due now. */
  horizon: Date;
}

/**
 * Leases up to `limit` messages, in the order of their turns: of each key only the head, so that order is kept
 * per key and keys do not wait for each other. Nothing is claimed while the flow is paused. A message that was
 * put off has its turn after those that were queued before that, so one which brings its target down cannot
 * hold up the others. The cost depends on `limit`, not on how many messages wait.
 */
export const claimMessages = (db: Queryable, claim: Claim): Promise<ClaimedMessage[]> =>
  db.query<ClaimedMessage>(
    `WITH running AS (
       SELECT 1 FROM sweep_state WHERE pause IS NULL
     ), expired AS (
       SELECT seq FROM message
       WHERE target = $1 AND state = 'sending' AND lease_until <= $5 AND EXISTS (SELECT 1 FROM running)
       ORDER BY lease_until, seq
       LIMIT $2
       FOR UPDATE SKIP LOCKED
     ), due AS (
       SELECT seq FROM message
       WHERE target = $1 AND head AND state = 'queued' AND next_attempt_at <= $6 AND EXISTS (SELECT 1 FROM running)
         AND (EXISTS (SELECT 1 FROM expired)
           OR EXISTS (SELECT 1 FROM message WHERE target = $1 AND head AND state = 'queued' AND next_attempt_at <= $5))
       ORDER BY turn_at, seq
       LIMIT $2 - (SELECT count(*) FROM expired)
       FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE message m SET state = 'sending', lease = $3, lease_until = $4
       FROM (SELECT seq FROM expired UNION ALL SELECT seq FROM due) AS taken WHERE m.seq = taken.seq
       RETURNING m.*
     )
     SELECT claimed.seq, claimed.id, claimed.target, claimed.kind, claimed.key, claimed.version, claimed.attempt, claimed.revision,
       claimed.payload, claimed.attempts, claimed.deferrals, c.account_id AS "accountId", c.case_id AS "caseId"
     FROM claimed LEFT JOIN case_state c ON c.key = claimed.key
     ORDER BY claimed.seq`,
    [claim.target, claim.limit, claim.lease, claim.leaseUntil, claim.now, claim.horizon],
  );
