import type { WriteBackMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Answer, Context } from '../context.ts';
import { lockRecord, storeCaseId } from '../db/records.ts';
import { raiseNumbers } from '../db/case-numbers.ts';
import { acknowledge } from './acknowledge.ts';
import { tellDeletedAgain } from './deleted-again.ts';
import { wantUnknown } from './restored.ts';

/**
 * Stores the Case id and confirms it: the confirmation is read from what is stored, never from the mere arrival. What the
 * message acknowledges is noted first, as by a message of its own.
 */
export const writeBack = async (context: Context, tx: Queryable, message: WriteBackMessage): Promise<Answer[]> => {
  const { id, key, externalId, acknowledges } = message;
  if (acknowledges)
    await acknowledge(context, tx, { kind: 'acknowledge', id, key, externalId, success: true, ...acknowledges });
  await raiseNumbers(tx, externalId);
  const record = await lockRecord(tx, key);
  if (!record) {
    // an acknowledgement of a record that is not known here has asked for its state
    if (!acknowledges) await wantUnknown(context, tx, { ...message, seenRevision: 0 });
    return [];
  }
  if (record.deleted_at) return tellDeletedAgain(context, tx, record);
  const stored = await storeCaseId(tx, key, message.salesforceCaseId);
  return [
    {
      kind: 'writeBackConfirmed',
      key,
      externalId: record.external_id,
      salesforceCaseId: stored.salesforce_case_id!,
      version: message.version,
    },
  ];
};
