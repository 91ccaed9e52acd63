import type { MessageReceipt } from '../../shared/case-messages.ts';
import { json, LARGE_BODY_BYTES, TransportError, type Transport } from 'kernel/http.ts';
import { pauseAfter } from '../../shared/backoff.ts';
import { bySize } from '../../shared/by-size.ts';
import { isReceipt } from '../../shared/receipts.ts';
import { isArrayOf, isPlain, parsed } from '../../shared/shapes.ts';
import type { Database } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { type QueuedMessage, markRejected, markSent, postpone, queuedMessages } from '../db/outbox.ts';
import type { Faults } from '../faults/faults.ts';

export interface Receiver {
  url: string;
  token: string;
}

/**
 * Sends one batch of the outbox to the middle layer; returns how many messages it took on. What is
 * not accepted is sent again after a pause (exponential, full jitter).
 */
export const publishOutbox = async (
  context: Context,
  db: Database,
  transport: Transport,
  receiver: Receiver,
  faults: Faults,
): Promise<number> => {
  const { clock, settings } = context;
  const queued = await queuedMessages(
    db,
    new Date(clock.now()),
    new Date(clock.now() + settings.maxBackoffMs),
    settings.outboxBatch,
  );
  if (queued.length === 0) return 0;
  const { lost, sent } = faults.outgoing(queued);
  // lost: the registry believes that these were delivered
  await markSent(
    db,
    lost.map((message) => message.id),
    new Date(clock.now()),
  );
  if (sent.length === 0) return queued.length;
  const receipts: MessageReceipt[] = [];
  for (const part of bySize(sent, LARGE_BODY_BYTES / 2)) receipts.push(...(await deliver(transport, receiver, part)));
  const delivered: number[] = [];
  const later: QueuedMessage[] = [];
  for (const message of new Set(sent)) {
    const receipt = receipts.find((candidate) => candidate.id === message.payload.id);
    if (receipt?.accepted) delivered.push(message.id);
    else if (receipt && !receipt.retryable)
      await markRejected(db, message.id, `${receipt.errorCode}: ${receipt.message}`);
    else later.push(message);
  }
  if (delivered.length) await markSent(db, delivered, new Date(clock.now()));
  for (const [attempts, group] of Map.groupBy(later, (message) => message.attempts)) {
    const { backoffMs: baseMs, maxBackoffMs: maxMs } = settings;
    const pause = pauseAfter(attempts + 1, { baseMs, maxMs }, context.random);
    await postpone(
      db,
      group.map((message) => message.id),
      new Date(clock.now() + pause),
    );
  }
  return queued.length;
};

/** The receipts, or none: what is not the middle layer's answer says nothing of the messages, and they are sent again. */
const deliver = async (
  transport: Transport,
  { url, token }: Receiver,
  messages: QueuedMessage[],
): Promise<MessageReceipt[]> => {
  try {
    const { body } = json(0, { messages: messages.map((message) => message.payload) });
    const response = await transport({
      method: 'POST',
      url: `${url}/v1/messages`,
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    });
    const answer = response.status === 202 ? parsed(response.body) : undefined;
    return isPlain(answer) && isArrayOf(answer.results, isReceipt) ? answer.results : [];
  } catch (error) {
    if (error instanceof TransportError) return [];
    throw error;
  }
};
