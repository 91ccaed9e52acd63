import type { Transport } from 'kernel/http.ts';
import { DEFAULT_SETTINGS } from '../../../middle-layer/settings.ts';
import type { Sender } from '../../../simulation/process.ts';

const SWEEP = /\/composite$/;
/** A part of a sweep was refused: it is no sweep. */
const FAILED = /"httpStatusCode":\s*[45]/;

/** What a sweep tells the org of itself. */
interface Heartbeat {
  Swept_At__c: string;
  Clear_Since__c: string | null;
  Awake_Until__c?: string;
}

interface Composite {
  compositeRequest?: { referenceId: string; body?: Heartbeat }[];
}

/**
 * Watches how often a worker tells the org that its sweeps happen: once a minute, or when what it tells has changed. Each telling is
 * a write, so one with every sweep would be thousands a day. While things break an answer may have come and not been understood: then
 * it is told once more.
 */
export class HeartbeatWatch {
  readonly broken: string[] = [];
  readonly #isCalm: () => boolean;

  /** `isCalm`: whether nothing breaks. */
  constructor(isCalm: () => boolean) {
    this.#isCalm = isCalm;
  }

  /** The network of a worker that starts, under watch. */
  over(inner: Transport, { clock }: Sender): Transport {
    let last: Heartbeat | null = null;
    return async (request) => {
      if (!SWEEP.test(request.url)) return inner(request);
      const now = clock.now();
      const told = heartbeatIn(request.body);
      // a sweep that has to be read twice may have failed all the same
      if (!told && last && Date.parse(last.Swept_At__c) === now) last = null;
      if (told && !this.#isCalm()) last = null;
      if (!told || !this.#isCalm()) return inner(request);
      const before: Heartbeat | null = last;
      this.#judge(told, before, now);
      const response = await inner(request);
      last = response.status < 300 && !FAILED.test(response.body) ? told : null;
      return response;
    };
  }

  #judge(told: Heartbeat, before: Heartbeat | null, now: number): void {
    if (Date.parse(told.Swept_At__c) !== now)
      this.broken.push(`middle layer: a sweep at ${now} tells ${told.Swept_At__c}`);
    if (before === null || told.Awake_Until__c !== undefined) return;
    const isSame = (told.Clear_Since__c === null) === (before.Clear_Since__c === null);
    const since = now - Date.parse(before.Swept_At__c);
    if (isSame && since >= 0 && since < DEFAULT_SETTINGS.heartbeatIntervalMs)
      this.broken.push(
        `middle layer: a sweep tells ${JSON.stringify(told)} ${since} ms after ${JSON.stringify(before)}`,
      );
  }
}

const heartbeatIn = (body: string): Heartbeat | null => {
  const { compositeRequest = [] } = JSON.parse(body) as Composite;
  return compositeRequest.find(({ referenceId }) => referenceId === 'heartbeat')?.body ?? null;
};
