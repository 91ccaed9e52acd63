import { randomUuid } from 'kernel/random.ts';
import { claimAlone, claimMessages, releaseLeases } from '../db/messages.ts';
import type { OpenFlow, Sending } from '../flow.ts';
import type { ClaimedMessage, Deliver, FlowContext } from '../types.ts';
import { BATCH_LIMIT, type Circuit } from './circuit.ts';
import { paceAfter } from './pace.ts';
import { settleInHalves } from './settle-in-halves.ts';
import { deliverInHalves } from './unforeseen.ts';

/** Messages that are leased together, and leave together. */
export interface Batch {
  lease: string;
  messages: ClaimedMessage[];
  /** The circuit's era when it was claimed: what becomes of the batch says nothing of a later one. */
  era: number;
}

/** Carries the queue of one target of a flow: claim, deliver, settle. */
export interface Sender {
  target: string;
  circuit: Circuit;
  /** Leases a batch of what is due; null when there is nothing to send, or when it has to wait. */
  claim: () => Promise<Batch | null>;
  /** Delivers a batch and settles it. Batches are of different keys: several may be under way. */
  carry: (batch: Batch) => Promise<void>;
  /** One batch from beginning to end; false when there was nothing to send. */
  pass: () => Promise<boolean>;
  /** Whether the batches under way have to end before the next one leaves. */
  isFull: () => boolean;
  /** Until when it gathers what comes, in epoch milliseconds; 0: not now. */
  gathersUntil: () => number;
  /** Frees what is leased to this worker and not under way; returns how many messages. */
  release: () => Promise<number>;
}

export const createSender = (
  context: FlowContext,
  target: string,
  deliver: Deliver,
  follow: OpenFlow['settled'],
  circuit: Circuit,
  { lanes = 1, gatherMs = 0, alone = false }: Sending = {},
): Sender => {
  const { clock, random, settings, worker, db, flow } = context;
  /** The leases of what is under way. */
  const underWay = new Set<string>();
  let restsUntil = 0;

  // a target that recovers meets one batch at a time
  const isFull = (): boolean =>
    underWay.size >= (circuit.allowance(clock.now()) < BATCH_LIMIT ? 1 : Math.max(1, lanes));

  /** A rest that is longer than any was set by a clock that was ahead. */
  const gathersUntil = (): number => (restsUntil > clock.now() + gatherMs ? 0 : restsUntil);

  const claim = async (): Promise<Batch | null> => {
    const now = clock.now();
    const limit = circuit.allowance(now);
    if (limit === 0 || isFull() || now < gathersUntil()) return null;
    const lease = `${worker}/${randomUuid(random)}`;
    const { era } = circuit;
    const messages = await (alone ? claimAlone : claimMessages)(db, {
      flow,
      target,
      limit,
      lease,
      leaseUntil: new Date(now + settings.leaseMs),
      now: new Date(now),
    });
    if (messages.length === 0) return null;
    restsUntil = now + paceAfter(messages.length, gatherMs);
    underWay.add(lease);
    return { lease, messages, era };
  };

  const send = async ({ lease, messages, era }: Batch): Promise<void> => {
    const results = await deliverInHalves(context, target, deliver, messages);
    const failure = results.find((result) => result.is === 'unavailable');
    if (failure) {
      circuit.fail(clock.now(), failure.code, failure.retryAfterMs, era);
      context.log('warn', 'target unavailable', {
        flow,
        target,
        code: failure.code,
        retryAt: new Date(circuit.state.retryAt!).toISOString(),
      });
    } else circuit.succeed(era);
    await settleInHalves(context, follow, lease, messages, results);
  };

  const carry = (batch: Batch): Promise<void> => send(batch).finally(() => underWay.delete(batch.lease));

  return {
    target,
    circuit,
    claim,
    carry,
    pass: async () => {
      const batch = await claim();
      if (batch) await carry(batch);
      return batch !== null;
    },
    isFull,
    gathersUntil,
    release: () => releaseLeases(db, worker, flow, target, [...underWay]),
  };
};
