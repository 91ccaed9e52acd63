import type { Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

export interface RecordChange {
  key: string;
  values: Values;
  requestVersion: number | null;
  originCaseId: string | null;
  deletedAt: Date | null;
  now: Date;
  nextAt: Date;
}

/** Stores new values as the next revision; the update-sync-status starts again at `In Progress`. */
export const updateRecord = async (tx: Queryable, change: RecordChange): Promise<CaseRecord> =>
  (
    await tx.query<CaseRecord>(
      `UPDATE case_record
          SET revision = revision + 1, values = $2::jsonb, request_version = $3, origin_case_id = coalesce(origin_case_id, $4),
              deleted_at = $5, sync_status = 'In Progress', sync_error_code = NULL, sync_error = NULL, sync_attempts = 0,
              sync_next_at = $6, updated_at = $7
        WHERE key = $1
        RETURNING *`,
      [
        change.key,
        JSON.stringify(change.values),
        change.requestVersion,
        change.originCaseId,
        change.deletedAt,
        change.nextAt,
        change.now,
      ],
    )
  )[0]!;
