import type { Queryable } from '../../../shared/sql/types.ts';

/** Notes that the other side has seen a revision that is not known here, and when its state is asked for again. */
export const fallBehind = (
  tx: Queryable,
  { key, seenRevision, seenMark, nextAt }: { key: string; seenRevision: number; seenMark: string | null; nextAt: Date },
): Promise<unknown> =>
  tx.query(
    `UPDATE case_record
        SET seen_revision = greatest(seen_revision, $2), seen_mark = coalesce($3, seen_mark),
            sync_status = 'In Progress', sync_error_code = NULL, sync_error = NULL, sync_next_at = $4
      WHERE key = $1`,
    [key, seenRevision, seenMark, nextAt],
  );
