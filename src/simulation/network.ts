import { TransportError, type Handler, type HttpRequest, type HttpResponse, type Transport } from 'kernel/http.ts';
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import { garbled, GARBLINGS } from './garbled.ts';
import { SimulatedCrash } from './life.ts';
import { streamOf } from './streams.ts';
import type { Trace } from './trace.ts';

/** Probabilities per exchange. */
export interface NetworkFaults {
  /** The request never arrives. */
  loseRequest: number;
  /** The receiver acts, its answer never arrives: a timeout after commit. */
  loseResponse: number;
  /** The request arrives twice; the second answer is the one that returns. */
  duplicate: number;
  /** The request arrives, and once more after the next exchanges. */
  delay: number;
  /** Answered 503 before the receiver sees it. */
  refuse: number;
  /** The receiver acts, and its answer arrives broken. */
  garble: number;
}

export const QUIET: NetworkFaults = { loseRequest: 0, loseResponse: 0, duplicate: 0, delay: 0, refuse: 0, garble: 0 };

/** Probability that a copy is held back for one more round. */
const LINGER = 0.6;

/** A seeded network between handlers, by host name. Every fault is counted, every exchange traced. */
export class Network {
  faults: NetworkFaults = QUIET;
  readonly counts: Record<string, number> = {};
  readonly #hosts = new Map<string, Handler>();
  readonly #shared = new Map<string, readonly string[]>();
  readonly #strangers = new Map<string, { until: number; response: HttpResponse }>();
  readonly #answers: { host: string; path: RegExp; response: HttpResponse }[] = [];
  readonly #resets = new Map<string, Set<(error: Error) => void>>();
  /** A stream for each host: what one host's exchanges suffer does not depend on how often others are called. */
  readonly #randoms = new Map<string, Random>();
  readonly #seed: number;
  readonly #clock: Clock;
  readonly #trace: Trace;
  #late: { host: string; request: HttpRequest }[] = [];

  constructor(seed: number, clock: Clock, trace: Trace) {
    this.#seed = seed;
    this.#clock = clock;
    this.#trace = trace;
  }

  /** Puts a part at `http://<host>`; null takes it away: then nothing answers there. */
  attach(host: string, handler: Handler | null): void {
    if (handler) this.#hosts.set(host, handler);
    else this.#hosts.delete(host);
  }

  /** Several parts serve at `http://<host>`, each under a name of its own too: every request goes to one of them, drawn. */
  share(host: string, among: readonly string[]): void {
    this.#shared.set(host, among);
  }

  #handlerOf(host: string): Handler | undefined {
    const among = this.#shared.get(host);
    return this.#hosts.get(among ? among[Math.floor(this.#draw(`one of ${host}`) * among.length)]! : host);
  }

  /** Answers the next request to `host` in its place, whose path and query match. */
  answerNext(host: string, response: HttpResponse, path = /^/): void {
    this.#answers.push({ host, path, response });
  }

  /** Something else answers in the place of `host` until then: a maintenance page, a proxy. */
  replace(host: string, until: number, response: HttpResponse): void {
    this.#strangers.set(host, { until, response });
  }

  /** From here on everything arrives, once and as it was sent: also what was drawn to break and has not come yet. */
  calm(): void {
    this.faults = QUIET;
    this.#answers.length = 0;
    this.#strangers.clear();
  }

  #stranger(host: string): HttpResponse | null {
    const stranger = this.#strangers.get(host);
    return stranger && this.#clock.now() < stranger.until ? stranger.response : null;
  }

  /** Breaks the connections that wait for an answer of `host`. */
  reset(host: string): void {
    for (const reject of this.#resets.get(host) ?? []) reject(new TransportError(`${host} reset the connection`));
  }

  count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  #draw(host: string): number {
    const random = this.#randoms.get(host) ?? streamOf(this.#seed, `network to ${host}`);
    this.#randoms.set(host, random);
    return random.next();
  }

  #strikes(name: keyof NetworkFaults, host: string): boolean {
    if (this.faults[name] === 0 || this.#draw(host) >= this.faults[name]) return false;
    this.count(name);
    return true;
  }

  async #deliver(host: string, request: HttpRequest): Promise<HttpResponse> {
    const handler = this.#handlerOf(host);
    if (!handler) throw new TransportError(`${host} does not answer`);
    const response = await handler(request).catch((error: unknown) => {
      if (!(error instanceof SimulatedCrash)) throw error;
      throw new TransportError(`${host} reset the connection`);
    });
    this.#trace.note(
      this.#clock.now(),
      host,
      request.method,
      request.url,
      request.body,
      response.status,
      response.body,
    );
    return response;
  }

  /** Delivers the copies that were held back: out of order, long after their originals. */
  async deliverLate(): Promise<void> {
    const late = this.#late;
    this.#late = [];
    for (const copy of late) {
      if (this.faults !== QUIET && this.#draw(copy.host) < LINGER) this.#late.push(copy);
      else await this.#deliver(copy.host, copy.request).catch(() => {});
    }
  }

  readonly transport: Transport = async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const arriving = { ...request, url: pathname + search };
    const stranger = this.#stranger(host);
    if (stranger) return stranger;
    const planned = this.#answers.findIndex((answer) => answer.host === host && answer.path.test(arriving.url));
    if (planned >= 0) return this.#answers.splice(planned, 1)[0]!.response;
    if (this.#strikes('loseRequest', host)) throw new TransportError(`the request to ${host} was lost`);
    if (this.#strikes('refuse', host)) return { status: 503, headers: {}, body: '' };
    if (request.method !== 'GET' && this.#strikes('delay', host)) this.#late.push({ host, request: arriving });
    let response = await this.#deliver(host, arriving);
    if (request.method !== 'GET' && this.#strikes('duplicate', host)) response = await this.#deliver(host, arriving);
    if (this.#strikes('loseResponse', host)) throw new TransportError(`the answer of ${host} was lost`);
    return this.#perhapsGarbled(host, response);
  };

  #perhapsGarbled(host: string, response: HttpResponse): HttpResponse {
    // a stream of its own: it came later than the other faults
    const stream = `broken answers of ${host}`;
    if (response.status >= 300 || !this.#strikes('garble', stream)) return response;
    return garbled(response, Math.floor(this.#draw(stream) * GARBLINGS));
  }

  /** For long polls: they wait, so they may also be cut off, but a copy of one would only wait again. */
  readonly streamTransport: Transport = async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const stranger = this.#stranger(host);
    if (stranger) return stranger;
    if (this.#strikes('loseRequest', host)) throw new TransportError(`the request to ${host} was lost`);
    if (this.#strikes('refuse', host)) return { status: 503, headers: {}, body: '' };
    const resets = this.#resets.get(host) ?? new Set();
    this.#resets.set(host, resets);
    const { promise: cut, reject } = Promise.withResolvers<never>();
    const gone = new AbortController();
    const end = (error: Error): void => {
      gone.abort(error);
      reject(error);
    };
    const abort = (): void => end(request.signal?.reason as Error);
    if (request.signal?.aborted) throw request.signal.reason as Error;
    request.signal?.addEventListener('abort', abort, { once: true });
    resets.add(end);
    try {
      const response = await Promise.race([
        this.#deliver(host, { ...request, url: pathname + search, signal: gone.signal }),
        cut,
      ]);
      if (this.#strikes('loseResponse', host)) throw new TransportError(`the answer of ${host} was lost`);
      return response;
    } finally {
      resets.delete(end);
      request.signal?.removeEventListener('abort', abort);
    }
  };
}
