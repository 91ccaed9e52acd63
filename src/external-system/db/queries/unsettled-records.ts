import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

/** What a trigger can still reach: a Case that is gone needs to hear nothing but that the record is gone too. */
export const REACHABLE = '(deleted_at IS NOT NULL OR salesforce_deletion IS NULL)';

/** Records due for a new trigger, oldest first, locked; a second poller skips them. */
export const lockUnsettledRecords = (
  tx: Queryable,
  now: Date,
  /** The latest that a trigger can be due: one that is later was put off by a clock that was ahead, and is due. */
  latest: Date,
  limit: number,
): Promise<CaseRecord[]> =>
  tx.query<CaseRecord>(
    `SELECT * FROM case_record
      WHERE (sync_next_at <= $1 OR sync_next_at > $3) AND ${REACHABLE}
      ORDER BY sync_next_at, key LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit, latest],
  );

/** Counts the new trigger and says when to look again. */
export const markRetriggered = (tx: Queryable, key: string, nextAt: Date | null): Promise<unknown> =>
  tx.query(
    `UPDATE case_record SET sync_status = 'In Progress', sync_attempts = sync_attempts + 1, sync_next_at = $2 WHERE key = $1`,
    [key, nextAt],
  );
