import { createHash } from 'node:crypto';
import { MESSAGE_BATCH_LIMIT, type MessageReceipt, type ToExternal } from '../../shared/case-messages.ts';
import { idOf } from '../../shared/check-message.ts';
import { seededRandom, type Random } from 'kernel/random.ts';
import type { QueuedMessage } from '../db/outbox.ts';

/** Shares are probabilities from 0 to 1, per message or per request as named. */
export interface FaultPlan {
  seed: number;
  /** Incoming messages accepted and then lost, by kind: the sender was told that they were delivered. */
  loseIncoming: Partial<Record<ToExternal['kind'], number>>;
  /** Outgoing messages lost although the registry takes them for delivered, by kind. */
  loseOutgoing: Record<string, number>;
  /** Messages handled twice. */
  duplicate: number;
  /** Batches whose order is shuffled. */
  reorder: number;
  /** Requests answered 503 before anything is done. */
  refuse: number;
  /** Requests answered 504 after everything was committed. */
  timeoutAfterCommit: number;
  /** Pause before each answer, in milliseconds of the clock. */
  latencyMs: number;
}

export const NO_FAULTS: FaultPlan = {
  seed: 1,
  loseIncoming: {},
  loseOutgoing: {},
  duplicate: 0,
  reorder: 0,
  refuse: 0,
  timeoutAfterCommit: 0,
  latencyMs: 0,
};

/** How often each fault has struck, by name: `loseIncoming.acknowledge`, `duplicate.incoming`, … */
export type FaultCounts = Record<string, number>;

/**
 * Decides which messages a fault strikes. Losses depend on the seed and the message's own identity,
 * not on timing, so the same plan loses the same messages however the batches fall.
 */
export class Faults {
  plan: FaultPlan;
  counts: FaultCounts = {};
  #random: Random;
  /** Epoch milliseconds until which the whole system is down. */
  downUntil = 0;

  constructor(plan: FaultPlan = NO_FAULTS) {
    this.plan = plan;
    this.#random = seededRandom(plan.seed);
  }

  set(plan: Partial<FaultPlan>): void {
    this.plan = { ...this.plan, ...plan };
    this.#random = seededRandom(this.plan.seed);
  }

  count(name: string, by = 1): void {
    if (by > 0) this.counts[name] = (this.counts[name] ?? 0) + by;
  }

  chance(share: number): boolean {
    return share > 0 && this.#random.next() < share;
  }

  incoming(messages: unknown[]): { lost: unknown[]; kept: unknown[] } {
    const lost = messages.filter((message) => {
      const { kind } = (message ?? {}) as { kind?: unknown };
      const { loseIncoming } = this.plan;
      if (typeof kind !== 'string' || !Object.hasOwn(loseIncoming, kind)) return false;
      return this.#strikes(`in:${kind}:${idOf(message)}`, loseIncoming[kind as ToExternal['kind']] ?? 0);
    });
    for (const message of lost) this.count(`loseIncoming.${(message as ToExternal).kind}`);
    return {
      lost,
      kept: this.#scramble(
        messages.filter((message) => !lost.includes(message)),
        'incoming',
      ),
    };
  }

  /** A receipt without the answers that a fault strikes: the registry takes them for delivered. */
  receipt(receipt: MessageReceipt): MessageReceipt {
    if (!receipt.accepted || !receipt.answers) return receipt;
    const answers = receipt.answers.filter(({ kind, id }) => {
      const isLost = this.#strikes(`out:${kind}:${id}`, this.plan.loseOutgoing[kind] ?? 0);
      if (isLost) this.count(`loseOutgoing.${kind}`);
      return !isLost;
    });
    const { answers: _all, ...bare } = receipt;
    return answers.length ? { ...bare, answers } : bare;
  }

  outgoing(messages: QueuedMessage[]): { lost: QueuedMessage[]; sent: QueuedMessage[] } {
    const lost = messages.filter(({ payload }) =>
      this.#strikes(`out:${payload.kind}:${payload.id}`, this.plan.loseOutgoing[payload.kind] ?? 0),
    );
    for (const { payload } of lost) this.count(`loseOutgoing.${payload.kind}`);
    const sent = this.#scramble(
      messages.filter((message) => !lost.includes(message)),
      'outgoing',
    );
    // duplicates must not push a batch over the protocol's limit; what is cut off stays queued
    return { lost, sent: sent.slice(0, MESSAGE_BATCH_LIMIT) };
  }

  #scramble<T>(messages: T[], direction: string): T[] {
    const out = messages.flatMap((message) => {
      const twice = this.chance(this.plan.duplicate);
      if (twice) this.count(`duplicate.${direction}`);
      return twice ? [message, message] : [message];
    });
    if (out.length < 2 || !this.chance(this.plan.reorder)) return out;
    this.count(`reorder.${direction}`);
    for (let i = out.length - 1; i > 0; i--) {
      const j = Math.floor(this.#random.next() * (i + 1));
      [out[i], out[j]] = [out[j]!, out[i]!];
    }
    return out;
  }

  #strikes(identity: string, share: number): boolean {
    if (share <= 0) return false;
    const digest = createHash('sha256').update(`${this.plan.seed}:${identity}`).digest();
    return digest.readUInt32BE(0) / 2 ** 32 < share;
  }
}
