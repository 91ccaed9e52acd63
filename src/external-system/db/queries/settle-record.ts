import type { Queryable } from '../../../shared/sql/types.ts';

export interface SyncOutcome {
  key: string;
  revision: number;
  success: boolean;
  errorCode: string | null;
  error: string | null;
  /** When a poller should look at the record again, or null when nothing is left to do. */
  nextAt: Date | null;
}

/** Sets the update-sync-status of the current revision; an outcome of an older one changes nothing. Returns whether it counted. */
export const settleRecord = async (tx: Queryable, outcome: SyncOutcome): Promise<boolean> =>
  (
    await tx.query(
      `UPDATE case_record
          SET sync_status = CASE WHEN $3 THEN 'Success' ELSE 'Failed' END, sync_error_code = $4, sync_error = $5,
              sync_attempts = CASE WHEN $3 THEN 0 ELSE sync_attempts END, sync_next_at = $6,
              acknowledged_revision = CASE WHEN $3 AND deleted_at IS NULL THEN revision ELSE acknowledged_revision END
        WHERE key = $1 AND revision = $2
        RETURNING key`,
      [outcome.key, outcome.revision, outcome.success, outcome.errorCode, outcome.error, outcome.nextAt],
    )
  ).length > 0;
