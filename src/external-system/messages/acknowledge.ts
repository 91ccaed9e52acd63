import type { AcknowledgeMessage } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, type Context } from '../context.ts';
import { raiseNumbers } from '../db/case-numbers.ts';
import { lockRecord, settleRecord } from '../db/records.ts';
import type { CaseRecord } from '../records.ts';
import { isNumberTaken, renumber } from './renumber.ts';
import { askForState, isWithoutCase, riseAlone, wantUnknown } from './restored.ts';
import { isBehind } from './standing.ts';

/**
 * Notes how Salesforce's write of a revision went. An acknowledgement of an older revision says nothing of the newer
 * one and changes nothing. One that speaks of a revision not known here settles nothing: the registry stands behind
 * what was seen, and asks for Salesforce's state.
 */
export const acknowledge = async (context: Context, tx: Queryable, message: AcknowledgeMessage): Promise<void> => {
  await raiseNumbers(tx, message.externalId);
  const record = await lockRecord(tx, message.key);
  if (!record) return wantUnknown(context, tx, message);
  if (record.deleted_at === null) {
    if (record.seen_revision !== null && isWithoutCase(message)) return riseAlone(context, tx, record);
    const seen = { ...message, seenRevision: Math.max(message.revision, message.seenRevision ?? 0) };
    if (record.seen_revision !== null || (await isBehind(tx, record, seen)))
      return askForState(context, tx, record, seen);
    if (isNumberTaken(record, message)) return renumber(context, tx, record);
  }
  await settle(context, tx, record, message);
};

const settle = async (
  context: Context,
  tx: Queryable,
  record: CaseRecord,
  message: AcknowledgeMessage,
): Promise<void> => {
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
