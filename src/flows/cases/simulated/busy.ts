import type { Handler } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { MessageReceipt, MessageReceipts, ToExternal } from '../../../shared/case-messages.ts';
import { isMessages } from './earlier-form.ts';

const BUSY_SHARE = 0.04;

const notStored = ({ id }: ToExternal): MessageReceipt => ({
  id,
  accepted: false,
  retryable: true,
  errorCode: 'NOT_STORED',
  message: 'could not be stored now; send it again',
});

/** A registry whose database has no room for some messages of a batch, as under locks: it takes the others. `mayBe`: asked for each batch. */
export const atTimesBusy =
  (registry: Handler, random: Random, mayBe: () => boolean): Handler =>
  async (request) => {
    if (!isMessages(request) || !mayBe()) return registry(request);
    const { messages } = JSON.parse(request.body) as { messages: ToExternal[] };
    const isLeft = messages.map(() => random.next() < BUSY_SHARE);
    const body = JSON.stringify({ messages: messages.filter((_message, index) => !isLeft[index]) });
    const response = await registry({ ...request, body });
    if (response.status !== 202) return response;
    const taken = (JSON.parse(response.body) as MessageReceipts).results;
    const results = messages.map((message, index) => (isLeft[index] ? notStored(message) : taken.shift()!));
    return { ...response, body: JSON.stringify({ results }) };
  };
