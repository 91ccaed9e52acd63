import { setImmediate as turn } from 'node:timers/promises';
import type { Database, Queryable } from '../../../src/shared/sql/types.ts';
import type { Ports } from '../../../src/flows/cases/carried/flow.ts';
import type { Settings } from '../../../src/middle-layer/settings.ts';
import { START, World } from './world.ts';

/** Turns of the event loop without a statement, after which everybody waits for the clock. */
const QUIET_TURNS = 5;
/** How long one exchange with each side takes. */
const EXCHANGE_MS = { external: 200, salesforce: 0 };

/** What crossed the border of the middle layer. */
export interface Exchange {
  /** When it began, in milliseconds since the world did. */
  at: number;
  /** `sweep`, `apply`, `confirm`, or the kinds that a post to the external system carries. */
  what: string;
  /** How many Cases or messages. */
  count: number;
}

/** Counts the statements that are under way. */
class Watched {
  readonly db: Database;
  #underWay = 0;

  constructor(inner: Database) {
    const query: Queryable['query'] = (text, parameters) => this.#count(inner.query(text, parameters));
    this.db = { ...inner, query, transaction: (work) => this.#count(inner.transaction(work)) };
  }

  async #count<T>(work: Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await work;
    } finally {
      this.#underWay -= 1;
    }
  }

  /** Resolves when nobody works any more: all wait for the clock. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns = this.#underWay === 0 ? turns + 1 : 0) await turn();
  }
}

/**
 * Both sides in memory, and a middle layer that works on its own, on a clock that moves only once everybody waits for it:
 * so what takes time is what is waited for.
 */
export class LivingWorld {
  readonly world: World;
  readonly exchanges: Exchange[] = [];
  /** When the confirmation of a key reached Salesforce. */
  readonly confirmedAt = new Map<string, number>();
  readonly #watched: Watched;
  /** How long exchanges take: no time while the world opens. */
  #tookMs = { external: 0, salesforce: 0 };

  private constructor(db: Database) {
    this.#watched = new Watched(db);
    this.world = new World(this.#watched.db);
  }

  static async open(
    db: Database,
    settings: Partial<Settings> = {},
    tookMs: Partial<typeof EXCHANGE_MS> = {},
  ): Promise<LivingWorld> {
    const living = new LivingWorld(db);
    const { world } = living;
    world.external.answersAtOnce = () => true;
    world.salesforce.mostRows = 2_000;
    await world.start(settings, (ports) => living.#watch(ports), living.#watched.db);
    // the first sweep learns what is to be read
    await world.sweep();
    await world.sweep();
    living.#tookMs = { ...EXCHANGE_MS, ...tookMs };
    world.layer.start();
    await living.pass(60_000);
    living.exchanges.length = 0;
    return living;
  }

  get now(): number {
    return this.world.clock.now() - START;
  }

  /** Moves the clock on, from one moment at which somebody wakes to the next. */
  async pass(ms: number): Promise<void> {
    const { clock } = this.world;
    const end = clock.now() + ms;
    for (;;) {
      await this.#watched.quiet();
      const next = clock.nextDue();
      if (next === null || next > end) break;
      await clock.advance(Math.max(0, next - clock.now()));
    }
    await clock.advance(end - clock.now());
    await this.#watched.quiet();
  }

  /** Salesforce's event: a Case has something to sync. */
  async tell(): Promise<void> {
    await this.world.layer.wake();
    await this.#watched.quiet();
  }

  /** The same, as the trigger does it: no event while the middle layer has said that it looks by itself. */
  async tellIfNeeded(): Promise<void> {
    const { clock, salesforce } = this.world;
    const until = salesforce.heartbeats.findLast(({ awakeUntil }) => awakeUntil)?.awakeUntil;
    if (!until || Date.parse(until) <= clock.now()) await this.tell();
  }

  async stop(): Promise<void> {
    const stopped = this.world.layer.stop();
    await this.pass(1_000);
    await stopped;
  }

  #watch({ salesforce, external }: Ports): Ports {
    const { clock } = this.world;
    const took = async <T>(
      side: keyof typeof EXCHANGE_MS,
      what: string,
      count: number,
      work: () => Promise<T>,
    ): Promise<T> => {
      this.exchanges.push({ at: this.now, what, count });
      if (this.#tookMs[side] > 0) await clock.sleep(this.#tookMs[side]);
      return work();
    };
    const inner = {
      sweep: salesforce.sweep.bind(salesforce),
      apply: salesforce.apply.bind(salesforce),
      writeBack: salesforce.writeBack.bind(salesforce),
    };
    salesforce.sweep = async (...given) => {
      const noted: Exchange = { at: this.now, what: 'sweep', count: 0 };
      this.exchanges.push(noted);
      if (this.#tookMs.salesforce > 0) await clock.sleep(this.#tookMs.salesforce);
      const swept = await inner.sweep(...given);
      noted.count = swept.cases.length;
      return swept;
    };
    salesforce.apply = (records) => took('salesforce', 'apply', records.length, () => inner.apply(records));
    salesforce.writeBack = (records) =>
      took('salesforce', 'confirm', records.length, async () => {
        for (const { key } of records) this.confirmedAt.set(key, this.now);
        return inner.writeBack(records);
      });
    return {
      salesforce,
      external: {
        send: (messages) => {
          const kinds = [...new Set(messages.map(({ kind }) => kind))].sort();
          return took('external', kinds.join('+'), messages.length, () => external.send(messages));
        },
      },
    };
  }
}
