import type { AcknowledgeMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, type Context } from '../context.ts';
import { lockRecord } from '../db/queries/lock-record.ts';
import { settleRecord } from '../db/queries/settle-record.ts';

/**
 * Notes how Salesforce's write of a revision went (step 4). An acknowledgement of an older revision
 * says nothing of the newer one and changes nothing.
 */
export const acknowledge = async (context: Context, tx: Queryable, message: AcknowledgeMessage): Promise<void> => {
  const record = await lockRecord(tx, message.key);
  if (!record) return;
  const triesLeft = record.sync_attempts < context.settings.maxFailedAttempts;
  const looksAgain = message.success ? record.salesforce_case_id === null && record.deleted_at === null : triesLeft;
  await settleRecord(tx, {
    key: message.key,
    revision: message.revision,
    success: message.success,
    errorCode: message.success ? null : (message.errorCode ?? 'UNKNOWN'),
    error: message.success ? null : (message.message ?? 'Salesforce refused the record without a text'),
    nextAt: looksAgain ? afterGrace(context, record.sync_attempts) : null,
  });
};
