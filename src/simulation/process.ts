import type { Clock, ManualClock } from 'kernel/clock.ts';
import type { Handler, HttpRequest, HttpResponse, Transport } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import type { Database } from '../shared/sql/types.ts';
import { isDatabaseUnavailable } from '../shared/sql/errors.ts';
import { Connection, overConnection } from './connection.ts';
import type { Interleaving } from './interleaving.ts';
import { Life, mortalDatabase, mortalTransport, type Pause, SimulatedCrash } from './life.ts';
import type { Network } from './network.ts';
import { SkewedClock } from './skewed-clock.ts';
import type { StepBound } from './step-bound.ts';

/** A part that runs as a process of its own, and may end at any step. */
export interface ProcessPlan {
  /** How the simulation calls it. */
  name: string;
  /** It serves at `http://<host>`. */
  host: string;
  /** Starts it over what outlives it. */
  start(surroundings: Surroundings): Promise<Served>;
  /** Watches what it sends; asked again at each start. */
  watch?(inner: Transport, sender: Sender): Transport;
  /** Watches what it does in its database; asked again at each start. What the watch asks there is no step of the process. */
  watchDatabase?(inner: Database, sender: Sender): Database;
}

/** Who sends: one life of a process. */
export interface Sender {
  clock: Clock;
  isAlive(): boolean;
}

/** What a process works on. Once it has died, nothing that it does reaches anything of this. */
export interface Surroundings {
  db: Database;
  clock: Clock;
  /** Goes on after a restart: an id is drawn once. */
  random: Random;
  transport: Transport;
  /** Carries long polls. */
  streamTransport: Transport;
  /** How often it was started before. */
  startsBefore: number;
}

/** A process that runs. */
export interface Served {
  handle: Handler;
  /** What it does in a round, in this order. */
  work: readonly (() => Promise<unknown>)[];
  /** Ends what it does beside its rounds. */
  end?(): void;
}

/** What whoever plays throws when they see what must not be. Any other error is the simulation's own, and proves nothing. */
export class Violation extends Error {}

/** A piece of a part's work failed, and nothing that breaks in the world explains it. */
export class PartFailure extends Violation {
  constructor(part: string, cause: unknown) {
    super(`the work of ${part} failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The lives of one process, one after the other. */
export class SimulatedProcess {
  readonly name: string;
  readonly clock: SkewedClock;
  /** To its database. */
  readonly connection: Connection;
  life = new Life();
  /** Of all its lives. */
  readonly #bound: StepBound;
  readonly #plan: ProcessPlan;
  readonly #network: Network;
  readonly #db: Database;
  readonly #random: Random;
  readonly #interleaving: Interleaving | null;
  #starts = 0;
  #served: Served | null = null;

  constructor(
    plan: ProcessPlan,
    world: { db: Database; network: Network; clock: ManualClock; interleaving: Interleaving | null },
    random: Random,
    bound: StepBound,
  ) {
    this.name = plan.name;
    this.#plan = plan;
    this.#network = world.network;
    this.#db = world.db;
    this.#random = random;
    this.#interleaving = world.interleaving;
    this.clock = new SkewedClock(world.clock);
    this.connection = new Connection(world.clock);
    this.#bound = bound;
  }

  /** Starts it, also again. One that never rests is not started again: that is no crash of the world's making. */
  async start(): Promise<void> {
    if (this.#bound.broken) throw new PartFailure(this.name, this.#bound.broken);
    await (this.#interleaving ? this.#interleaving.aside(() => this.#start()) : this.#start());
  }

  /** A process that finds no database when it starts ends at once: its supervisor starts it again. */
  async #start(): Promise<void> {
    const life = new Life(this.#bound);
    await this.#serve(life).catch((error: unknown) => {
      if (!isDatabaseUnavailable(error)) throw error;
      life.dieIn(0);
    });
  }

  async #serve(life: Life): Promise<void> {
    this.end();
    this.#served = null;
    this.life = life;
    const { transport, streamTransport } = this.#network;
    const pause: Pause | undefined = this.#interleaving ? () => this.#interleaving!.pause() : undefined;
    const sender: Sender = { clock: this.clock, isAlive: () => !life.dead };
    const served = await this.#plan.start({
      db: mortalDatabase(
        overConnection(this.#plan.watchDatabase?.(this.#db, sender) ?? this.#db, this.connection),
        life,
        pause,
      ),
      clock: this.clock,
      random: this.#random,
      transport: mortalTransport(this.#plan.watch?.(transport, sender) ?? transport, life, pause),
      streamTransport: mortalTransport(streamTransport, life),
      startsBefore: this.#starts++,
    });
    this.#served = served;
    // a part that died while it answered gives no answer at all
    this.#network.attach(this.#plan.host, async (request) => {
      life.step();
      const response = await served.handle(request);
      if (life.dead) throw new SimulatedCrash();
      return response;
    });
  }

  /** Its answer to a request that comes past the network, as from a person at its machine; undefined while it does not run. */
  async ask(request: HttpRequest): Promise<HttpResponse | undefined> {
    return this.#served?.handle(request);
  }

  /** Ends what it does beside its rounds. */
  end(): void {
    this.#served?.end?.();
  }

  /** One round of its work. Its death, or the loss of its database, ends each piece of it; `afterEach` may start it again. */
  async work(afterEach: () => Promise<void> = async () => {}): Promise<void> {
    for (const index of this.#served?.work.keys() ?? []) {
      // asked again each time: it may have been started again meanwhile
      const work = this.#served?.work[index];
      if (!this.life.dead && work) await this.#survive(work);
      await afterEach();
    }
  }

  /** The same where others are at work too: if it was started again, it works again before they have ended. */
  async workOn(revive: () => Promise<void>): Promise<void> {
    const { life } = this;
    await this.work(revive);
    if (this.life !== life) await this.work(revive);
  }

  async #survive(run: () => Promise<unknown>): Promise<void> {
    const { life } = this;
    await run().catch((error: unknown) => {
      if (this.#bound.broken) throw new PartFailure(this.name, this.#bound.broken);
      if (!life.dead && !isDatabaseUnavailable(error)) throw new PartFailure(this.name, error);
    });
  }
}
