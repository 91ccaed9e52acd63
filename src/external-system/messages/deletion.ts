import type { SalesforceDeletionMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { emit, type Context } from '../context.ts';
import { lockRecord } from '../db/queries/lock-record.ts';
import { tellDeletedAgain } from './deleted-again.ts';

/**
 * Records that the Case was deleted, merged away or restored in Salesforce, and confirms it. The record itself
 * stays: people decide. One that is older than what was recorded is confirmed and changes nothing.
 */
export const recordDeletion = async (
  context: Context,
  tx: Queryable,
  message: SalesforceDeletionMessage,
): Promise<void> => {
  const { key, caseId, reason, masterKey, at, tombstoneId } = message;
  const deletion = reason === 'Undeleted' ? null : JSON.stringify({ caseId, reason, masterKey, at });
  await tx.query(
    `UPDATE case_record
        SET salesforce_deletion = $2::jsonb, salesforce_deletion_at = $3, salesforce_deletion_id = $4
      WHERE key = $1
        AND (salesforce_deletion_at IS NULL OR (salesforce_deletion_at, salesforce_deletion_id) < ($3, $4))`,
    [key, deletion, new Date(at), tombstoneId],
  );
  const record = reason === 'Undeleted' ? await lockRecord(tx, key) : null;
  if (record?.deleted_at) await tellDeletedAgain(context, tx, record);
  await emit(context, tx, { kind: 'deletionRecorded', key, tombstoneId });
};
