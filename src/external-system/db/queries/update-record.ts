import type { Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

export interface RecordChange {
  key: string;
  /** A new number, or null to keep the one it has. */
  externalId: string | null;
  values: Values;
  requestVersion: number | null;
  requestedAt: Date | null;
  requestDigest: number | null;
  originCaseId: string | null;
  deletedAt: Date | null;
  lineage: string[];
  /** The newest revision that the other side is known to have seen: the new one is above it. */
  seenRevision: number | null;
  /** Whether these values include all that the other side has seen. */
  isLevel: boolean;
  now: Date;
  nextAt: Date;
}

/** Stores new values as the next revision; the update-sync-status starts again at `In Progress`. */
export const updateRecord = async (tx: Queryable, change: RecordChange): Promise<CaseRecord> =>
  (
    await tx.query<CaseRecord>(
      `UPDATE case_record
          SET revision = greatest(revision, seen_revision, $8) + 1, values = $2::jsonb, request_version = $3,
              origin_case_id = coalesce(origin_case_id, $4), external_id = coalesce($12, external_id),
              deleted_at = $5, sync_status = 'In Progress', sync_error_code = NULL, sync_error = NULL, sync_attempts = 0,
              sync_next_at = $6, updated_at = $7, lineage = $9::text[],
              seen_revision = CASE WHEN $10 THEN NULL ELSE seen_revision END, seen_mark = CASE WHEN $10 THEN NULL ELSE seen_mark END,
              requested_at = $11, request_digest = $13
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
        change.seenRevision,
        change.lineage,
        change.isLevel,
        change.requestedAt,
        change.externalId,
        change.requestDigest,
      ],
    )
  )[0]!;
