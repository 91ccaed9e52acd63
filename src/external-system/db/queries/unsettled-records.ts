import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

/** Records due for a new trigger, oldest first, locked; a second poller skips them. Deletions on either side are left alone. */
export const lockUnsettledRecords = (tx: Queryable, now: Date, limit: number): Promise<CaseRecord[]> =>
  tx.query<CaseRecord>(
    `SELECT * FROM case_record
      WHERE sync_next_at <= $1 AND deleted_at IS NULL AND salesforce_deletion IS NULL
      ORDER BY sync_next_at, key LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );

/** Counts the new trigger and says when to look again. */
export const markRetriggered = (tx: Queryable, key: string, nextAt: Date | null): Promise<unknown> =>
  tx.query(
    `UPDATE case_record SET sync_status = 'In Progress', sync_attempts = sync_attempts + 1, sync_next_at = $2 WHERE key = $1`,
    [key, nextAt],
  );
