import type { FromExternal, MessageReceipt } from '../../shared/case-messages.ts';
import { LARGE_BODY_BYTES, type Transport } from 'kernel/http.ts';
import { pauseAfter } from '../../shared/backoff.ts';
import { handOver, type BatchReceiver } from '../../shared/batches.ts';
import { bySize } from '../../shared/by-size.ts';
import type { Database } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { type QueuedMessage, markRejected, markSent, postpone, queuedMessages } from '../db/outbox.ts';
import type { Faults } from '../faults/faults.ts';

const payloads = (messages: readonly QueuedMessage[]): FromExternal[] => messages.map(({ payload }) => payload);

/**
 * Sends one batch of the outbox to the middle layer; returns how many messages it took on. What is
 * not accepted is sent again after a pause (exponential, full jitter).
 */
export const publishOutbox = async (
  context: Context,
  db: Database,
  transport: Transport,
  receiver: BatchReceiver,
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
  for (const part of bySize(sent, LARGE_BODY_BYTES / 2))
    receipts.push(...((await handOver(transport, receiver, '/v1/messages', payloads(part))) ?? []));
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
