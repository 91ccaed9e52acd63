import type { FromExternal, MessageReceipt, ToExternal } from '../../shared/case-messages.ts';
import { malformed } from '../../shared/batches.ts';
import { checkToExternal, idOf, withStorableDiagnostics } from '../../shared/check-message.ts';
import { ownFault } from '../../shared/own-fault.ts';
import { acceptedReceipt } from '../../shared/receipts.ts';
import { isDatabaseUnavailable, isDataError, sqlState } from '../../shared/sql/errors.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { emit, withId, type Answer, type Context } from '../context.ts';
import { acknowledge } from './acknowledge.ts';
import { recordDeletion } from './deletion.ts';
import { applyRequest } from './request.ts';
import { writeBack } from './write-back.ts';

/** Acts on one message within a transaction, and returns what answers it. Every kind may be repeated and may come late. */
const act = async (context: Context, tx: Queryable, message: ToExternal): Promise<Answer[]> => {
  switch (message.kind) {
    case 'request':
      return applyRequest(context, tx, message);
    case 'acknowledge':
      await acknowledge(context, tx, message);
      return [];
    case 'writeBack':
      return writeBack(context, tx, message);
    case 'deletion':
      return recordDeletion(context, tx, message);
  }
};

const answersAtOnce = ({ settings, random }: Context): boolean =>
  settings.answers === 'mixed' ? random.next() < 0.5 : settings.answers === 'at once';

/**
 * Acts on one message. Its answers go into the receipt, and are owed to nobody beyond that: whoever gets no receipt
 * sends the message again, and is answered again. Or they go into the outbox, in the same transaction.
 */
const answered = (context: Context, db: Database, message: ToExternal): Promise<FromExternal[]> =>
  db.transaction(async (tx) => {
    const answers = await act(context, tx, message);
    if (answersAtOnce(context)) return answers.map((answer) => withId(context, answer));
    for (const answer of answers) await emit(context, tx, answer);
    return [];
  });

/** Why a message that could not be handled is refused: for good when its content is at fault, else for now. */
const refusalOf = (error: unknown): Omit<MessageReceipt & { accepted: false }, 'id'> => {
  const fault = ownFault(error);
  return fault
    ? { accepted: false, retryable: false, ...fault }
    : {
        accepted: false,
        retryable: true,
        errorCode: 'NOT_STORED',
        message: 'could not be stored now; send it again',
      };
};

/** The error with its culprit's name. The database's own words may quote a value: they stay out of the log. */
const named = ({ kind, id, key }: ToExternal, errorCode: string, error: unknown): Error => {
  const words = isDataError(error) ? `SQLSTATE ${sqlState(error)}` : String(error);
  return new Error(`the message ${id} (${kind}) of ${key} failed: ${errorCode}, ${words}`, { cause: error });
};

/**
 * Takes in messages one by one, each in its own transaction, so that one failing delays no other. One receipt each,
 * in order; `accepted` is given after commit.
 */
export const receiveMessages = async (
  context: Context,
  db: Database,
  messages: readonly unknown[],
  onError: (error: unknown) => void,
): Promise<MessageReceipt[]> => {
  const receipts: MessageReceipt[] = [];
  for (const given of messages) {
    const id = idOf(given);
    const problem = checkToExternal(given);
    if (problem) {
      receipts.push(malformed(given, problem));
      continue;
    }
    const message = withStorableDiagnostics(given as ToExternal);
    try {
      const answers = await answered(context, db, message);
      receipts.push(acceptedReceipt(message, answers));
    } catch (error) {
      // the next one would wait as long for nothing; what was stored before is recognised when it comes again
      if (isDatabaseUnavailable(error)) throw error;
      const refusal = refusalOf(error);
      onError(named(message, refusal.errorCode, error));
      receipts.push({ id, ...refusal });
    }
  }
  return receipts;
};
