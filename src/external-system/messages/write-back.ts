import type { WriteBackMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Answer, Context } from '../context.ts';
import { lockRecord, storeCaseId } from '../db/records.ts';
import { raiseNumbers } from '../db/case-numbers.ts';
import { tellDeletedAgain } from './deleted-again.ts';
import { wantUnknown } from './restored.ts';

/** Stores the Case id and confirms it: the confirmation is read from what is stored, never from the mere arrival. */
export const writeBack = async (context: Context, tx: Queryable, message: WriteBackMessage): Promise<Answer[]> => {
  await raiseNumbers(tx, message.externalId);
  const record = await lockRecord(tx, message.key);
  if (!record) {
    await wantUnknown(context, tx, { ...message, seenRevision: 0 });
    return [];
  }
  if (record.deleted_at) return tellDeletedAgain(context, tx, record);
  const stored = await storeCaseId(tx, message.key, message.salesforceCaseId);
  return [
    {
      kind: 'writeBackConfirmed',
      key: message.key,
      externalId: record.external_id,
      salesforceCaseId: stored.salesforce_case_id!,
      version: message.version,
    },
  ];
};
