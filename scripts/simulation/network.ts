import { TransportError, type Handler, type HttpRequest, type HttpResponse, type Transport } from '../../src/shared/http.ts';
import type { Random } from '../../src/shared/random.ts';

/** Probabilities per exchange. */
export interface NetworkFaults {
  /** The request never arrives. */
  loseRequest: number;
  /** The receiver acts, its answer never arrives. */
  loseResponse: number;
  /** The request arrives twice; the second answer is the one that returns. */
  duplicate: number;
  /** The request arrives, and once more after the next exchanges. */
  delay: number;
  /** Answered 503 before the receiver sees it. */
  refuse: number;
}

export const QUIET: NetworkFaults = { loseRequest: 0, loseResponse: 0, duplicate: 0, delay: 0, refuse: 0 };

/** A seeded network between handlers, by host name. Every fault is counted. */
export class Network {
  faults: NetworkFaults = QUIET;
  readonly counts: Record<string, number> = {};
  readonly #hosts = new Map<string, Handler>();
  readonly #random: Random;
  readonly #answers: { host: string; response: HttpResponse }[] = [];
  #late: { host: string; request: HttpRequest }[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  /** Puts a part at `http://<host>`, or takes it away: then nothing answers there. */
  attach(host: string, handler: Handler | null): void {
    if (handler) this.#hosts.set(host, handler);
    else this.#hosts.delete(host);
  }

  /** Answers the next request to `host` in its place. */
  answerNext(host: string, response: HttpResponse): void {
    this.#answers.push({ host, response });
  }

  count(name: string): void {
    this.counts[name] = (this.counts[name] ?? 0) + 1;
  }

  #strikes(name: keyof NetworkFaults): boolean {
    if (this.faults[name] === 0 || this.#random.next() >= this.faults[name]) return false;
    this.count(name);
    return true;
  }

  async #deliver(host: string, request: HttpRequest): Promise<HttpResponse> {
    const handler = this.#hosts.get(host);
    if (!handler) throw new TransportError(`${host} does not answer`);
    return handler(request);
  }

  /** Delivers the copies that were held back: out of order, long after their originals. */
  async deliverLate(): Promise<void> {
    const late = this.#late;
    this.#late = [];
    for (const { host, request } of late) await this.#deliver(host, request).catch(() => {});
  }

  readonly transport: Transport = async (request) => {
    const { host, pathname, search } = new URL(request.url);
    const arriving = { ...request, url: pathname + search };
    const planned = this.#answers.findIndex((answer) => answer.host === host);
    if (planned >= 0) return this.#answers.splice(planned, 1)[0]!.response;
    if (this.#strikes('loseRequest')) throw new TransportError(`the request to ${host} was lost`);
    if (this.#strikes('refuse')) return { status: 503, headers: {}, body: '' };
    if (request.method !== 'GET' && this.#strikes('delay')) this.#late.push({ host, request: arriving });
    let response = await this.#deliver(host, arriving);
    if (request.method !== 'GET' && this.#strikes('duplicate')) response = await this.#deliver(host, arriving);
    if (this.#strikes('loseResponse')) throw new TransportError(`the answer of ${host} was lost`);
    return response;
  };
}
