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
 * Leases up to `limit` messages: of each key only the first unsettled one, so that order is kept per key
 * and keys do not wait for each other. Nothing is claimed while the flow is paused. Messages put off often
 * come last, so that one which brings its target down cannot hold up the others.
 */
export const claimMessages = (db: Queryable, claim: Claim): Promise<ClaimedMessage[]> =>
  db.query<ClaimedMessage>(
    `WITH due AS (
       SELECT m.seq FROM message m
       WHERE m.target = $1
         AND (m.state = 'queued' AND m.next_attempt_at <= $6 OR m.state = 'sending' AND m.lease_until <= $5)
         AND NOT EXISTS (SELECT 1 FROM message earlier WHERE earlier.target = m.target AND earlier.key = m.key
           AND earlier.seq < m.seq AND earlier.state IN ('queued', 'sending'))
         AND EXISTS (SELECT 1 FROM sweep_state WHERE pause IS NULL)
         AND EXISTS (SELECT 1 FROM message any_due WHERE any_due.target = $1
           AND (any_due.state = 'queued' AND any_due.next_attempt_at <= $5 OR any_due.state = 'sending' AND any_due.lease_until <= $5))
       ORDER BY m.deferrals, m.seq
       LIMIT $2
       FOR UPDATE OF m SKIP LOCKED
     ), claimed AS (
       UPDATE message m SET state = 'sending', lease = $3, lease_until = $4
       FROM due WHERE m.seq = due.seq
       RETURNING m.*
     )
     SELECT claimed.seq, claimed.id, claimed.target, claimed.kind, claimed.key, claimed.version, claimed.attempt, claimed.revision,
       claimed.payload, claimed.attempts, claimed.deferrals, c.account_id AS "accountId", c.case_id AS "caseId"
     FROM claimed LEFT JOIN case_state c ON c.key = claimed.key
     ORDER BY claimed.seq`,
    [claim.target, claim.limit, claim.lease, claim.leaseUntil, claim.now, claim.horizon],
  );
