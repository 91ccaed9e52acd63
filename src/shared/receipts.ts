import type { FromExternal, MessageReceipt, ToExternal } from './case-messages.ts';
import { isPlain, isText } from './shapes.ts';

/**
 * A receipt as both sides of the external link write it. A refusal needs its words: it is a verdict on a message. What
 * the answers of a receipt say is checked one by one: a bad answer spoils no receipt.
 */
export const isReceipt = (value: unknown): value is MessageReceipt =>
  isPlain(value) &&
  isText(value.id) &&
  ((value.accepted === true && (value.answers === undefined || Array.isArray(value.answers))) ||
    (value.accepted === false &&
      typeof value.retryable === 'boolean' &&
      isText(value.errorCode) &&
      isText(value.message)));

/** The receipt of a message that was committed. */
export const acceptedReceipt = (message: ToExternal, answers: readonly FromExternal[] = []): MessageReceipt => ({
  id: message.id,
  accepted: true,
  ...(message.kind === 'writeBack' && message.acknowledges ? { acknowledges: true } : {}),
  ...(answers.length ? { answers: [...answers] } : {}),
});
