/** How one life of a worker may go on sending to a target: written down from the glossary ("circuit", "lane") and the settings, apart from the sender that does it. */
import type { Entry, Message, MessageRules } from './message-model.ts';

/** A batch has so many at most. */
const BATCH = 200;
/** From so many at once on it is worth waiting for company as long as may be. */
const MANY = 50;

/** What it takes at one moment. */
export interface Taken {
  lease: string;
  count: number;
  /** How many it could take. */
  waiting: number;
  now: number;
}

/** A life of a worker and a target: what is under way, and how much more may be. */
export class Sending {
  readonly #target: string;
  readonly #rules: MessageRules;
  /** How many messages it takes at once: one after a failure, doubled with each success. */
  #allowance = BATCH;
  /** Whether all that was sent has been seen to end: otherwise it may be allowed less, or more. */
  #isKnown = true;
  /** Rises with each failure: what was begun before it says nothing of what comes after. */
  #era = 0;
  #failedAt = Number.NEGATIVE_INFINITY;
  #last: Taken | null = null;
  /** Of what is under way, by lease: the era in which it began, and how many of it have not ended. */
  readonly #underWay = new Map<string, { era: number; left: number; isFailed: boolean }>();

  constructor(target: string, rules: MessageRules) {
    this.#target = target;
    this.#rules = rules;
  }

  /** Takes a batch; what is wrong with that, a line each. `isHeld`: whether messages are still leased so. */
  take(taken: Taken, isHeld: (lease: string) => boolean): string[] {
    for (const lease of this.#underWay.keys()) if (!isHeld(lease)) this.#lose(lease);
    const { count, waiting, now } = taken;
    // what is under way may have been answered, and not be written down yet
    const isKnown = this.#isKnown && this.#underWay.size === 0;
    const allowance = isKnown ? this.#allowance : BATCH;
    const lanes = this.#rules.lanes[this.#target] ?? 1;
    const broken: string[] = [];
    if (count > allowance) broken.push(`takes ${count} messages at once, and may take ${allowance}`);
    if (isKnown && count < Math.min(allowance, waiting))
      broken.push(`takes ${count} of ${waiting} messages that wait, and may take ${allowance}`);
    if (isKnown && now === this.#failedAt) broken.push('is tried again at the moment at which it failed');
    if (this.#underWay.size >= lanes) broken.push(`has ${this.#underWay.size + 1} batches under way`);
    if (this.#last && now >= this.#last.now && now < this.#last.now + this.#rest(this.#last.count))
      broken.push(`takes ${count} messages ${now - this.#last.now} ms after ${this.#last.count}`);
    this.#last = taken;
    this.#underWay.set(taken.lease, { era: this.#era, left: count, isFailed: false });
    return broken;
  }

  /** Messages of a lease have ended or wait again, as the audit says. */
  settle(lease: string, results: readonly Entry[], now: number): void {
    const batch = this.#underWay.get(lease);
    if (!batch) return;
    batch.left -= results.length;
    batch.isFailed ||= results.some(({ outcome }) => outcome === 'UNAVAILABLE');
    if (batch.left > 0) return;
    this.#underWay.delete(lease);
    if (batch.era !== this.#era) return;
    if (batch.isFailed) {
      this.#era += 1;
      this.#allowance = 1;
      this.#failedAt = now;
    } else {
      this.#allowance = Math.min(BATCH, this.#allowance * 2);
      this.#failedAt = Number.NEGATIVE_INFINITY;
    }
  }

  /** Whether nothing keeps it from sending now: all that was sent has been answered, not with a failure, and it rests no more. */
  isFree(now: number): boolean {
    const rested = this.#last === null || now < this.#last.now || now >= this.#last.now + this.#rest(this.#last.count);
    return this.#isKnown && this.#underWay.size === 0 && this.#failedAt === Number.NEGATIVE_INFINITY && rested;
  }

  /** From here on it is unknown what was answered. */
  loseSight(): void {
    this.#underWay.clear();
    this.#isKnown = false;
  }

  #lose(lease: string): void {
    this.#underWay.delete(lease);
    this.#isKnown = false;
  }

  /** How long it waits for company after so many, in milliseconds. */
  #rest(count: number): number {
    return Math.floor((this.#rules.lingerMs[this.#target] ?? 0) * Math.min(1, count / MANY));
  }
}

/** Which messages of a commit were settled, by the lease that ended: with what the audit says of each. */
export const settledOf = (
  changed: readonly { was: Message | null; is: Message }[],
  entries: readonly Entry[],
): Map<string, Entry[]> => {
  const settled = new Map<string, Entry[]>();
  for (const { was, is } of changed) {
    if (!was?.lease || was.lease === is.lease) continue;
    const result = entries.find(({ message_id: id, duration_ms: ms }) => id === was.id && ms !== null);
    if (result) settled.set(was.lease, [...(settled.get(was.lease) ?? []), result]);
  }
  return settled;
};
