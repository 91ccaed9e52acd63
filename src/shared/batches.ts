/** Batches of messages, as the parts hand them over: `POST` of `{messages}`, answered 202 with a receipt each. */
import { json, TransportError, type Transport } from 'kernel/http.ts';
import type { MessageReceipt } from './case-messages.ts';
import { idOf, MALFORMED } from './check-message.ts';
import { describeProblem, type Problem } from './checks.ts';
import { isReceipt } from './receipts.ts';
import { jsonBody, RequestError, type RoutedRequest } from './router.ts';
import { isArrayOf, isPlain, parsed } from './shapes.ts';

/** Who takes messages in, and the secret that it knows the sender by. */
export interface BatchReceiver {
  url: string;
  token: string;
}

/**
 * Hands messages over at a path of the receiver. The receipts; null: nothing got through, or what answered was not the
 * receiver, which says nothing of any message.
 */
export const handOver = async (
  transport: Transport,
  { url, token }: BatchReceiver,
  path: string,
  messages: readonly object[],
): Promise<MessageReceipt[] | null> => {
  try {
    const response = await transport({
      method: 'POST',
      url: `${url}${path}`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: json(0, { messages }).body,
    });
    const answer = response.status === 202 ? parsed(response.body) : undefined;
    return isPlain(answer) && isArrayOf(answer.results, isReceipt) ? answer.results : null;
  } catch (error) {
    if (error instanceof TransportError) return null;
    throw error;
  }
};

/** The messages of a batch. Throws RequestError 400 when it is none, or holds more than `most`. */
export const messagesIn = (request: RoutedRequest, most: number): unknown[] => {
  const { messages } = jsonBody(request);
  if (!Array.isArray(messages) || messages.length === 0 || messages.length > most)
    throw new RequestError(400, 'BAD_REQUEST', `messages must be a list of 1 to ${most} messages`);
  return messages;
};

/** The receipt of a message that is wrong in itself. */
export const malformed = (message: unknown, problem: Problem): MessageReceipt => ({
  id: idOf(message),
  accepted: false,
  retryable: false,
  errorCode: MALFORMED,
  message: describeProblem(problem),
});
