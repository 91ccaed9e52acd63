import type { Handler, HttpRequest } from 'kernel/http.ts';
import type { MessageReceipts, ToExternal } from '../../../shared/case-messages.ts';

/** Whether messages are handed over to the registry. */
export const isMessages = ({ method, url }: HttpRequest): boolean => method === 'POST' && url === '/v1/messages';

/** What an external system of the earlier wire form reads of a request. */
const asItReads = (request: HttpRequest): HttpRequest => {
  const { messages } = JSON.parse(request.body) as { messages: ToExternal[] };
  const known = messages.map((message) => ({ ...message, acknowledges: undefined }));
  return { ...request, body: JSON.stringify({ messages: known }) };
};

/**
 * A registry of the wire form before write-backs acknowledged and receipts answered: it knows nothing of `acknowledges`, and
 * gives bare receipts.
 */
export const inEarlierForm =
  (registry: Handler): Handler =>
  async (request) => {
    if (!isMessages(request)) return registry(request);
    const response = await registry(asItReads(request));
    if (response.status !== 202) return response;
    const { results } = JSON.parse(response.body) as MessageReceipts;
    const bare = results.map((receipt) => (receipt.accepted ? { id: receipt.id, accepted: true } : receipt));
    return { ...response, body: JSON.stringify({ results: bare }) };
  };
