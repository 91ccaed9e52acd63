import type { MessageReceipt, ToExternal } from '../../shared/case-messages.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { acknowledge } from './acknowledge.ts';
import { checkMessage, idOf } from './check.ts';
import { recordDeletion } from './deletion.ts';
import { applyRequest } from './request.ts';
import { writeBack } from './write-back.ts';

/** Acts on one message within a transaction. Every kind may be repeated and may come late. */
const act = (context: Context, tx: Queryable, message: ToExternal): Promise<void> => {
  switch (message.kind) {
    case 'request':
      return applyRequest(context, tx, message);
    case 'acknowledge':
      return acknowledge(context, tx, message);
    case 'writeBack':
      return writeBack(context, tx, message);
    case 'deletion':
      return recordDeletion(context, tx, message);
  }
};

/**
 * Takes in messages one by one, each in its own transaction, so that one failing delays no other.
 * A receipt `accepted` is given after commit.
 */
export const receiveMessages = async (
  context: Context,
  db: Database,
  messages: unknown[],
  onError: (error: unknown) => void,
): Promise<MessageReceipt[]> => {
  const receipts: MessageReceipt[] = [];
  for (const message of messages) {
    const problem = checkMessage(message);
    const id = idOf(message);
    if (problem) {
      receipts.push({ id, accepted: false, retryable: false, errorCode: 'BAD_MESSAGE', message: problem });
      continue;
    }
    try {
      await db.transaction((tx) => act(context, tx, message as ToExternal));
      receipts.push({ id, accepted: true });
    } catch (error) {
      onError(error);
      receipts.push({
        id,
        accepted: false,
        retryable: true,
        errorCode: 'NOT_STORED',
        message: 'could not be stored now; send it again',
      });
    }
  }
  return receipts;
};
