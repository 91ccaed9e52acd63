import type { Transport } from 'kernel/http.ts';
import { CLOCKS_DIFFER_MS } from '../../../middle-layer/settings.ts';
import type { Sender } from '../../../simulation/process.ts';

const SWEEP = /^http:\/\/org\/.*\/composite$/;
const APPLY = /^http:\/\/org\/services\/apexrest\/concord\/v1\/cases\/[a-z-]+$/;
const MESSAGES = 'http://external/v1/messages';

interface Body {
  messages?: { key: string }[];
  records?: { key: string }[];
}

/** What a request is about, as a worker leases it: messages of one key, or the sweep. */
const leasedFor = (url: string, body: string): string[] => {
  if (SWEEP.test(url)) return ['the sweep'];
  if (url !== MESSAGES && !APPLY.test(url)) return [];
  const { messages = [], records = [] } = JSON.parse(body) as Body;
  const target = url === MESSAGES ? 'external' : 'salesforce';
  return [...messages, ...records].map(({ key }) => `${key} for ${target}`);
};

/**
 * Watches the turns of workers on one database: what one of them has leased is under way once. Time does not pass while both are
 * at work, so a lease ends for the other only where their clocks are further apart than they may be.
 */
export class TurnWatch {
  readonly broken: string[] = [];
  readonly #underWay = new Map<string, Sender>();

  /** The network of a worker that starts, under watch. */
  over(inner: Transport, sender: Sender): Transport {
    return async (request) => {
      const leased = leasedFor(request.url, request.body);
      for (const name of leased) this.#begin(name, sender);
      try {
        return await inner(request);
      } finally {
        for (const name of leased) if (this.#underWay.get(name) === sender) this.#underWay.delete(name);
      }
    };
  }

  #begin(name: string, sender: Sender): void {
    const other = this.#underWay.get(name);
    if (other && other !== sender && other.isAlive() && agree(other, sender))
      this.broken.push(`two workers were at ${name} at once`);
    this.#underWay.set(name, sender);
  }
}

const agree = (a: Sender, b: Sender): boolean => Math.abs(a.clock.now() - b.clock.now()) <= CLOCKS_DIFFER_MS;
