import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

/** Notes that the record includes a request whose values it holds already: no new revision. */
export const noteRequest = async (
  tx: Queryable,
  request: { key: string; requestVersion: number | null; requestedAt: Date | null; requestDigest: number | null },
): Promise<CaseRecord> =>
  (
    await tx.query<CaseRecord>(
      'UPDATE case_record SET request_version = $2, requested_at = $3, request_digest = $4 WHERE key = $1 RETURNING *',
      [request.key, request.requestVersion, request.requestedAt, request.requestDigest],
    )
  )[0]!;
