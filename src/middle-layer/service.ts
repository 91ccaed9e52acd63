import type { SalesforcePort } from './clients/salesforce/port.ts';
import type { ExternalPort } from './clients/external/port.ts';
import { countDue } from './db/queries/count-due.ts';
import { queueDepths } from './db/queries/queue-depths.ts';
import { nextDue } from './db/queries/next-due.ts';
import { readReplayId } from './db/queries/read-replay-id.ts';
import { readSweepState } from './db/queries/read-sweep-state.ts';
import { releaseLeases } from './db/queries/release-leases.ts';
import { releaseSweep } from './db/queries/release-sweep.ts';
import { wakeSweep } from './db/queries/wake-sweep.ts';
import { describeError } from './describe-error.ts';
import { deliverToExternal } from './flows/cases/deliver-to-external.ts';
import { deliverToSalesforce } from './flows/cases/deliver-to-salesforce.ts';
import { createSweeper, type Sweeper } from './flows/cases/sweeper.ts';
import { tidy } from './flows/cases/tidy.ts';
import { UnsweptEvents } from './flows/cases/unswept-events.ts';
import { runLoop, Waker } from '../shared/loop.ts';
import { isDatabaseUnavailable } from '../shared/sql/errors.ts';
import { createSender, type Sender } from './queue/sender.ts';
import type { Context } from './types.ts';

export interface Ports {
  salesforce: SalesforcePort;
  external: ExternalPort;
  /** Listens to Salesforce's events until the signal is aborted. Absent: the service only polls. */
  stream?: (events: StreamEvents, signal: AbortSignal) => Promise<void>;
}

/** What a stream tells the service. */
export interface StreamEvents {
  lastReplayId: (channel: string) => Promise<number | null>;
  /** Events came, up to this replay id, or (null) may have been missed: a sweep is due. */
  arrived: (channel: string, replayId: number | null) => Promise<void>;
}

/** What is left to do. Dead letters wait for a person and do not count. */
export interface Idle {
  /** Messages that wait or are under way. */
  open: number;
  /** Of these, what could be sent now (at most 1,000 of a target are counted), and what this worker is doing. */
  due: number;
  /** When something is due next, in epoch milliseconds, or null while nothing waits but the next sweep. */
  nextAttemptAt: number | null;
  nextSweepAt: number | null;
}

/** How far the messages that could be sent now are counted. */
const MOST_DUE = 1_000;
/** Pause of a loop after an error that nothing foresaw, such as a lost database. */
const ERROR_PAUSE_MS = 1_000;
/** The least pause of a loop that found nothing to do, such as while another worker is at it. */
const LEAST_PAUSE_MS = 20;

/** The work of the middle layer: a sweeper, a sender for each target, and housekeeping. */
export class Service {
  readonly sweeper: Sweeper;
  readonly senders: Sender[];
  #context: Context;
  #wakers = { sweep: new Waker(), senders: [new Waker(), new Waker()], tidy: new Waker() };
  #unswept = new UnsweptEvents();
  #stream: Ports['stream'];
  #busy = 0;
  /** The loops of which something may be leased to this worker that nobody works on: an earlier run left it, or an error did. */
  #orphaned = new Set<string>();
  #tidyAt: number;

  constructor(context: Context, ports: Ports) {
    this.#context = context;
    this.#stream = ports.stream;
    const external = createSender(context, 'external', deliverToExternal(context, ports.external));
    const salesforce = createSender(context, 'salesforce', deliverToSalesforce(context, ports.salesforce));
    this.senders = [external, salesforce];
    this.sweeper = createSweeper(context, ports.salesforce, external.circuit, this.#unswept);
    this.#tidyAt = context.clock.now() + context.settings.maintenanceIntervalMs;
    for (const name of ['sweep', ...this.senders.map(({ target }) => target)]) this.#orphaned.add(name);
  }

  /** One pass of a loop. What is leased to it since a pass that failed, or an earlier run of this worker, is freed first. */
  async #pass(loop: string, pass: () => Promise<boolean>): Promise<boolean> {
    if (this.#orphaned.has(loop)) await this.#recover(loop);
    try {
      return await pass();
    } catch (error) {
      this.#orphaned.add(loop);
      throw error;
    }
  }

  async #recover(loop: string): Promise<void> {
    const { db, worker, log } = this.#context;
    if (loop === 'sweep') await releaseSweep(db, worker);
    const sender = this.senders.find(({ target }) => target === loop);
    const freed = sender ? await releaseLeases(db, worker, sender.target) : 0;
    this.#orphaned.delete(loop);
    if (freed) log('info', 'recovered', { loop, messages: freed });
  }

  /** One round of all that is due, in a fixed order; true when anything was done. For simulations: errors escape. */
  async step(): Promise<boolean> {
    let did = await this.#pass('sweep', this.sweeper.pass);
    for (const { target, pass } of this.senders) did = (await this.#pass(target, pass)) || did;
    return (await this.#tidyPass()) || did;
  }

  /** Asks for a sweep soon. */
  async wakeSweep(): Promise<void> {
    await wakeSweep(this.#context.db, new Date(this.#context.clock.now()));
    this.#wakers.sweep.wake();
  }

  /** Tells the senders that something was queued. */
  wakeSenders(): void {
    for (const waker of this.#wakers.senders) waker.wake();
  }

  /** Told by the stream; its replay id is stored once the sweep that it asks for is done. */
  readonly #events: StreamEvents = {
    lastReplayId: (channel) => readReplayId(this.#context.db, channel),
    arrived: async (channel, replayId) => {
      if (replayId !== null) this.#unswept.note({ channel, replayId });
      await this.wakeSweep();
    },
  };

  /** Listens to Salesforce's events until the signal is aborted. Part of `run`; for simulations beside `step`. */
  async listen(signal: AbortSignal): Promise<void> {
    await this.#stream?.(this.#events, signal);
  }

  /** Works until the signal is aborted; then finishes what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, settings, log } = this.#context;
    const loop = (
      name: string,
      waker: Waker,
      pass: () => Promise<boolean>,
      idleMs: () => Promise<number>,
    ): Promise<void> =>
      runLoop(
        {
          clock,
          waker,
          idleMs,
          errorPauseMs: ERROR_PAUSE_MS,
          // that the database is away is told once, not by every loop every second
          onError: (error) =>
            log(isDatabaseUnavailable(error) ? 'debug' : 'error', 'loop failed', {
              loop: name,
              ...describeError(error),
            }),
          pass: () => this.#counted(() => this.#pass(name, pass)),
        },
        signal,
      );
    const thenWake = (pass: () => Promise<boolean>) => async (): Promise<boolean> => {
      const did = await pass();
      if (did) this.wakeSenders();
      return did;
    };
    // what was sent made room: in the middle of a round the next page may be due
    const thenSweep = (pass: () => Promise<boolean>) => async (): Promise<boolean> => {
      const did = await pass();
      if (did && this.sweeper.isAmid()) this.#wakers.sweep.wake();
      return did;
    };
    const until = (at: number | null, atMost: number): number =>
      Math.max(LEAST_PAUSE_MS, Math.min(atMost, at === null ? atMost : at - clock.now()));
    await Promise.all([
      loop('sweep', this.#wakers.sweep, thenWake(this.sweeper.pass), async () =>
        until(await this.sweeper.nextAt(), settings.pollIntervalMs),
      ),
      ...this.senders.map((sender, index) =>
        loop(sender.target, this.#wakers.senders[index]!, thenSweep(thenWake(sender.pass)), async () =>
          until(await this.#nextSend(sender), settings.queuePollMs),
        ),
      ),
      this.listen(signal),
      loop(
        'tidy',
        this.#wakers.tidy,
        () => this.#tidyPass(),
        async () => until(this.#tidyAt, settings.maintenanceIntervalMs),
      ),
    ]);
  }

  async idle(): Promise<Idle> {
    const now = this.#context.clock.now();
    const { pause } = await readSweepState(this.#context.db);
    const depths = await queueDepths(this.#context.db);
    const open = depths.filter(({ state }) => state !== 'dead').reduce((sum, { count }) => sum + count, 0);
    const able = this.senders.filter(({ circuit }) => pause === null && circuit.allowance(now) > 0);
    const counts = await countDue(
      this.#context.db,
      able.map(({ target }) => target),
      new Date(now),
      MOST_DUE,
    );
    let due = this.#busy + [...counts.values()].reduce((sum, count) => sum + count, 0);
    const sends = await Promise.all(this.senders.map((sender) => this.#nextSend(sender)));
    const nextSweepAt = await this.sweeper.nextAt();
    if (nextSweepAt <= now) due += 1;
    return {
      open,
      due,
      nextAttemptAt: sends.reduce((first, at) => (at === null || (first !== null && first < at) ? first : at), null),
      nextSweepAt,
    };
  }

  async #counted<T>(work: () => Promise<T>): Promise<T> {
    this.#busy += 1;
    try {
      return await work();
    } finally {
      this.#busy -= 1;
    }
  }

  /** When a sender can go on, or null: nothing waits, or the flow is paused. */
  async #nextSend({ target, circuit }: Sender): Promise<number | null> {
    const { pause } = await readSweepState(this.#context.db);
    const due = pause === null ? await nextDue(this.#context.db, target) : null;
    return due === null ? null : Math.max(due, circuit.state.retryAt ?? due);
  }

  async #tidyPass(): Promise<boolean> {
    const { clock, settings } = this.#context;
    const isAhead = this.#tidyAt > clock.now() + settings.maintenanceIntervalMs;
    if (clock.now() < this.#tidyAt && !isAhead) return false;
    await tidy(this.#context);
    this.#tidyAt = clock.now() + settings.maintenanceIntervalMs;
    return true;
  }
}
