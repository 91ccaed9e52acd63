import { json, type HttpResponse } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import { CLOCKS_DIFFER_MS } from '../middle-layer/settings.ts';
import { DEFAULT_LIMITS } from '../shared/sql/limits.ts';
import type { LostAt } from './connection.ts';
import type { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Clocks are set up to so far ahead of the world's, or behind it. */
const SKEW_MS = 3 * MINUTE;

const LOST_AT: readonly LostAt[] = ['statement', 'commit', 'answer'];

const LOCK_ERROR = 'unable to obtain exclusive access to this record or 1 records';

/** Something that may break, and its probability between two things that people do. */
export type Trouble = readonly [share: number, strike: () => Promise<void>];

/** What stands in the place of a side while it is maintained, or cut off by a proxy: none of it is that side's word. */
const STRANGERS: HttpResponse[] = [
  { status: 503, headers: {}, body: 'maintenance' },
  { status: 400, headers: { 'content-type': 'text/html' }, body: '<html><body>Request blocked</body></html>' },
  { status: 200, headers: {}, body: 'null' },
  { status: 200, headers: {}, body: '{}' },
  { status: 202, headers: {}, body: '{"results":[]}' },
  { status: 413, headers: {}, body: '<html></html>' },
];

/** All that may break, to choose from: whoever plays draws what happens from a stream of their own. */
export class Chaos {
  readonly #world: World;
  readonly #random: Random;

  constructor(world: World, random: Random) {
    this.#world = world;
    this.#random = random;
  }

  /** A whole number below `most`. */
  upTo(most: number): number {
    return Math.floor(this.#random.next() * most);
  }

  /** A probability of at most `most`: none now and then, so that no kind of fault hides another. */
  share(most: number): number {
    return this.#random.next() < 0.3 ? 0 : this.#random.next() * most;
  }

  /** One of the troubles strikes, or none does. */
  async strike(troubles: readonly Trouble[]): Promise<void> {
    let at = this.#random.next();
    for (const [share, strike] of troubles) {
      at -= share;
      if (at < 0) return strike();
    }
  }

  /** The process ends at one of its next steps. */
  async crash(process: string, within: number): Promise<void> {
    this.#world.network.count(`crash.${process}`);
    this.#world.process(process).life.dieIn(1 + this.upTo(within));
  }

  /** A clock is set: forth or back, as time synchronisation does. */
  async skew(process: string): Promise<void> {
    this.#world.network.count('clock skew');
    this.#world.process(process).clock.offset = this.upTo(2 * SKEW_MS) - SKEW_MS;
  }

  /** The clock as a seed begins: right, now and then. */
  skewAtFirst(process: string): void {
    this.#world.process(process).clock.offset = Math.floor(this.share(2 * SKEW_MS) - SKEW_MS);
  }

  /** The clock as a seed begins: near that of another, as clocks of workers on one database have to be. */
  skewNear(process: string, other: string): void {
    const near = 2 * this.share(CLOCKS_DIFFER_MS) - CLOCKS_DIFFER_MS;
    this.#world.process(process).clock.offset = this.#world.process(other).clock.offset + Math.floor(near);
  }

  /** A clock is days ahead for a moment, as after a wrong reading, and is set right again. */
  async daysAhead(process: string): Promise<void> {
    const { clock } = this.#world.process(process);
    this.#world.network.count('clock days ahead');
    clock.offset = 72 * HOUR;
    for (let rounds = 1 + this.upTo(4); rounds > 0; rounds--) {
      await this.#world.round();
      await this.#world.clock.advance(10_000);
    }
    clock.offset = 0;
  }

  /** For hours a side is away, and something else answers in its place. */
  async stranger(host: string): Promise<void> {
    this.#world.network.count('something else answers for hours');
    const response = STRANGERS[this.upTo(STRANGERS.length)]!;
    this.#world.network.replace(host, this.#world.clock.now() + 4 * HOUR, response);
    await this.pass(4 * HOUR, 12);
    await this.#world.round();
  }

  /** The process loses its database: at, before or after a commit, told at once or in silence, for a moment or for minutes. */
  async loseDatabase(process: string): Promise<void> {
    const at = LOST_AT[this.upTo(LOST_AT.length)]!;
    const silentMs = this.upTo(2) * DEFAULT_LIMITS.silenceMs;
    this.#world.network.count(`database lost.${silentMs > 0 ? 'in silence' : at}`);
    const awayMs = this.upTo(2) * this.upTo(5 * MINUTE);
    this.#world.process(process).connection.lose({ at, in: 1 + this.upTo(25), silentMs, awayMs });
  }

  /** The processes are gone for so long. */
  async away(processes: readonly string[], name: string, ms: number, steps: number): Promise<void> {
    this.#world.network.count(name);
    for (const process of processes) this.#world.process(process).life.dieIn(1);
    this.#world.revives = false;
    await this.pass(ms, steps);
    this.#world.revives = true;
    await this.#world.revive();
  }

  /** Time passes in steps, a round of work before each. */
  async pass(ms: number, steps: number): Promise<void> {
    for (let step = 0; step < steps; step++) {
      await this.#world.round();
      await this.#world.clock.advance(ms / steps);
    }
  }

  /** The org answers the next request, or the next of such a path, with an error of its own. */
  async answer(name: string, status: number, errorCode: string, message: string, path?: RegExp): Promise<void> {
    this.#world.network.count(name);
    this.#world.network.answerNext('org', json(status, [{ message, errorCode }]), path);
  }

  /** A query of the next request of such a path runs for too long. */
  queryTooSlow(path: RegExp): Promise<void> {
    return this.answer('query too slow', 400, 'QUERY_TIMEOUT', 'Your query request was running for too long.', path);
  }

  /** Somebody else holds rows of the object. */
  async rowLock(object: string): Promise<void> {
    this.#world.network.count('row lock');
    const count = 1 + this.upTo(3);
    this.#world.org.injectFault({ kind: 'save', object, code: 'UNABLE_TO_LOCK_ROW', message: LOCK_ERROR, count });
  }

  /** Events get lost on their way to their subscribers. */
  async eventGap(event: string): Promise<void> {
    this.#world.network.count('event gap');
    const count = 1 + this.upTo(20);
    this.#world.org.injectFault({ kind: 'event', object: event, code: '', message: '', count });
  }

  /** The org has used up what it may publish in an hour. */
  async eventOverflow(event: string): Promise<void> {
    this.#world.network.count('event overflow');
    this.#world.org.injectFault({
      kind: 'save',
      object: event,
      code: 'LIMIT_EXCEEDED',
      message: 'You have reached the limit of platform events that may be published in an hour.',
      count: 1 + this.upTo(20),
    });
  }
}
