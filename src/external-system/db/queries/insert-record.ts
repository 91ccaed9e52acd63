import type { Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';
import { lockKey } from './lock-key.ts';

export interface NewRecord {
  key: string;
  externalId: string;
  revision: number;
  values: Values;
  extra: Values | null;
  requestVersion: number | null;
  requestedAt: Date | null;
  requestDigest: number | null;
  lineage: string[];
  originCaseId: string | null;
  now: Date;
  nextAt: Date;
}

/** Inserts a record, unsettled until `nextAt`. It takes over what is known of its Case's deletion: that may have been told before. */
export const insertRecord = async (tx: Queryable, record: NewRecord): Promise<CaseRecord> => {
  await lockKey(tx, record.key);
  const rows = await tx.query<CaseRecord>(
    `INSERT INTO case_record (external_id, key, revision, values, extra, request_version, origin_case_id,
                                sync_status, sync_next_at, salesforce_deletion, created_at, updated_at, lineage, requested_at, request_digest)
       VALUES ($9, $1, $8, $2::jsonb, $3::jsonb, $4, $5, 'In Progress', $6,
               (SELECT deletion FROM salesforce_deletion WHERE key = $1), $7, $7, $10::text[], $11, $12)
       RETURNING *`,
    [
      record.key,
      JSON.stringify(record.values),
      record.extra ? JSON.stringify(record.extra) : null,
      record.requestVersion,
      record.originCaseId,
      record.nextAt,
      record.now,
      record.revision,
      record.externalId,
      record.lineage,
      record.requestedAt,
      record.requestDigest,
    ],
  );
  return rows[0]!;
};
