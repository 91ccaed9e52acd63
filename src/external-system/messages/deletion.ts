import { isBack, type SalesforceDeletionMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Answer, Context } from '../context.ts';
import { lockKey, lockRecord } from '../db/records.ts';
import { saveDeletion } from '../db/deletions.ts';
import { tellDeletedAgain } from './deleted-again.ts';

/**
 * Records that the Case was deleted, merged away, archived or restored in Salesforce, or that it left or entered the
 * scope of the sync, and confirms it. The record itself stays: people decide. It may come before the record does. One that is older than what was recorded is confirmed
 * and changes nothing.
 */
export const recordDeletion = async (
  context: Context,
  tx: Queryable,
  message: SalesforceDeletionMessage,
): Promise<Answer[]> => {
  const { key, caseId, reason, masterKey, at, tombstoneId } = message;
  const deletion = isBack(reason) ? null : { caseId, reason, masterKey, at };
  await lockKey(tx, key);
  // the record first, as requests lock it
  const record = await lockRecord(tx, key);
  await saveDeletion(tx, { key, at: new Date(at), tombstoneId, deletion });
  const deleted = isBack(reason) && record?.deleted_at ? await tellDeletedAgain(context, tx, record) : [];
  return [...deleted, { kind: 'deletionRecorded', key, tombstoneId }];
};
