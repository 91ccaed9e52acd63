import { withBudget } from './budget.ts';
import { runLoop, Waker } from '../shared/loop.ts';
import { isDatabaseUnavailable } from '../shared/sql/errors.ts';
import { purgeAudit } from './db/audit.ts';
import { foldDepths, nextDue, queueDepths, readTargets, type QueueDepth } from './db/depths.ts';
import { lostRowOf, readPause } from './db/flow-state.ts';
import { purgeInbox } from './db/inbox.ts';
import { clampTimes, purgeSettledMessages } from './db/messages.ts';
import { describeError } from './log.ts';
import type { FlowParts, OpenFlow, Source } from './flow.ts';
import { Notices } from './notices.ts';
import { Circuit } from './queue/circuit.ts';
import { Lanes } from './queue/lanes.ts';
import { createSender, type Batch, type Sender } from './queue/sender.ts';
import { CLOCKS_DIFFER_MS, settingsFor } from './settings.ts';
import type { Context, FlowContext } from './types.ts';

/** What is left to do. Dead letters wait for a person and do not count. */
export interface Idle {
  /** Messages that wait or are under way. */
  open: number;
  /** Of these, what could be sent now (at most 1,000 of a target are counted), and what this worker is doing. */
  due: number;
  /** When something is due next, in epoch milliseconds, or null while nothing waits but the next poll of a source. */
  nextAttemptAt: number | null;
  nextPollAt: number | null;
}

/** What is left to do, and how it is made up. */
export interface Standing extends Idle {
  depths: QueueDepth[];
  /** Of each flow, why nothing of it may be sent, or null. */
  pauses: Record<string, string | null>;
}

/** How far the messages that could be sent now are counted. */
const MAX_DUE = 1_000;
/** Pause of a loop after an error that nothing foresaw, such as a lost database. */
const ERROR_PAUSE_MS = 1_000;
/** An embedded database gives back the room of what was deleted once a day: it stands still meanwhile, for seconds. */
const VACUUM_EVERY_MS = 24 * 60 * 60_000;
/** The least pause of a loop that found nothing to do, such as while another worker is at it. */
const LEAST_PAUSE_MS = 20;

/** A flow at work: a sender for each of its targets, and its sources. A flow that stands still stops no other. */
export interface RunningFlow {
  context: FlowContext;
  open: OpenFlow;
  senders: Sender[];
}

/** A loop: one thing that is done again and again. */
interface Loop {
  /** `cases/external`. */
  name: string;
  waker: Waker;
  pass: () => Promise<boolean>;
  /** For how long it may rest, in milliseconds. */
  idleMs: () => Promise<number>;
  /** Frees what is leased to it. */
  release: () => Promise<unknown>;
}

/** A loop whose passes have two halves: what was claimed may be carried beside the next claims. */
interface SenderLoop extends Loop {
  claim: () => Promise<Batch | null>;
  carry: (batch: Batch) => Promise<void>;
}

const earliest = (times: readonly (number | null)[]): number | null =>
  times.reduce((first, at) => (at === null || (first !== null && first < at) ? first : at), null);

/** When a sender can go on with what is due then (null: nothing is). */
const sendsAt = ({ clock }: FlowContext, { circuit, gathersUntil }: Sender, due: number | null): number | null =>
  due === null ? null : Math.max(due, circuit.opensAt(clock.now()) ?? due, gathersUntil());

/** The work of the middle layer: for each flow its sources and senders, and housekeeping for all. */
export class Service {
  readonly flows: readonly RunningFlow[];
  #context: Context;
  #loops: { sources: Loop[]; senders: SenderLoop[] } = { sources: [], senders: [] };
  #tidyWaker = new Waker();
  #busy = 0;
  /** The loops of which something may be leased to this worker that nobody works on: an earlier run left it, or an error did. */
  #orphaned: Set<Loop>;
  #tidyAt: number;
  #vacuumAt: number;
  #checkSchema: () => Promise<void>;
  #schemaAt: number;

  /** `checkSchema` rejects once the database is of a newer program. */
  constructor(context: Context, parts: readonly FlowParts[], checkSchema: () => Promise<void>) {
    this.#context = context;
    this.#checkSchema = checkSchema;
    this.flows = parts.map((part) => this.#open(part));
    this.#orphaned = new Set([...this.#loops.sources, ...this.#loops.senders]);
    this.#tidyAt = context.clock.now() + context.settings.maintenanceIntervalMs;
    this.#vacuumAt = context.clock.now() + VACUUM_EVERY_MS;
    this.#schemaAt = context.clock.now() + context.settings.schemaCheckMs;
  }

  #open({ name: flow, sending, open: openFlow }: FlowParts): RunningFlow {
    const { random } = this.#context;
    const settings = settingsFor(this.#context.settings, flow);
    const context = withBudget({
      ...this.#context,
      settings,
      flow,
      notices: new Notices(this.#context.log),
    });
    const circuits = new Map<string, Circuit>();
    // a source may look at a circuit before its sender is made
    const circuitOf = (target: string): Circuit => {
      const circuit = circuits.get(target) ?? new Circuit(settings.outage, random);
      circuits.set(target, circuit);
      return circuit;
    };
    const open = openFlow(context, {
      circuitOf,
      onQueued: () => this.wakeSenders(),
      onDue: () => this.#wakeSources(),
    });
    const ways = sending?.(settings) ?? {};
    const senders = Object.entries(open.targets).map(([target, deliver]) =>
      createSender(context, target, deliver, open.settled, circuitOf(target), ways[target]),
    );
    const sources = open.sources.map((source) => this.#sourceLoop(context, source));
    this.#loops.sources.push(...sources);
    this.#loops.senders.push(...senders.map((sender) => this.#senderLoop(context, open, sender)));
    return { context, open, senders };
  }

  #sourceLoop(context: FlowContext, source: Source): Loop {
    const { clock, settings } = context;
    return {
      name: `${context.flow}/${source.name}`,
      waker: new Waker(),
      pass: async () => {
        const did = await source.pass();
        if (did) {
          await foldDepths(context.db);
          await clamp(context);
        }
        return did;
      },
      idleMs: async () => restUntil(clock.now(), await source.nextAt(), settings.pollIntervalMs),
      release: () => source.release(),
    };
  }

  #senderLoop(context: FlowContext, open: OpenFlow, sender: Sender): SenderLoop {
    const { clock, settings, log } = context;
    const name = `${context.flow}/${sender.target}`;
    const carry = async (batch: Batch): Promise<void> => {
      const wasAway = sender.circuit.state.open;
      await sender.carry(batch);
      // what was sent made room: in the middle of a round the next page may be due. What waited for a target that is back may be, too
      const isBack = wasAway && !sender.circuit.state.open;
      if (isBack || open.sources.some((source) => source.isAmid())) this.#wakeSources();
    };
    return {
      name,
      waker: new Waker(),
      claim: () => sender.claim(),
      carry,
      pass: async () => {
        const batch = await sender.claim();
        if (batch) await carry(batch);
        return batch !== null;
      },
      idleMs: async () => {
        const next = sender.isFull() ? null : await this.#nextSend(context, sender);
        return restUntil(clock.now(), next, settings.queuePollMs);
      },
      release: async () => {
        const freed = await sender.release();
        if (freed) log('info', 'recovered', { loop: name, messages: freed });
      },
    };
  }

  /** Work of a loop. What is leased to it since work that failed, or an earlier run of this worker, is freed first. */
  async #work<T>(loop: Loop, work: () => Promise<T>): Promise<T> {
    if (this.#orphaned.has(loop)) await loop.release();
    this.#orphaned.delete(loop);
    return this.#orLeaveIt(loop, work);
  }

  /** What is leased to a loop whose work fails is freed before it goes on. */
  async #orLeaveIt<T>(loop: Loop, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      this.#orphaned.add(loop);
      throw error;
    }
  }

  /**
   * One round of all that is due, in a fixed order, and of housekeeping; true when any loop found something to do. For
   * simulations: errors escape.
   */
  async step(): Promise<boolean> {
    let did = false;
    await this.#schemaPass();
    for (const loop of [...this.#loops.sources, ...this.#loops.senders])
      did = (await this.#work(loop, loop.pass)) || did;
    await this.#tidyPass();
    return did;
  }

  /** Asks every source for a pass soon. */
  async wake(): Promise<void> {
    for (const { open } of this.flows) for (const source of open.sources) await source.wake();
    this.#wakeSources();
  }

  #wakeSources(): void {
    for (const { waker } of this.#loops.sources) waker.wake();
  }

  /** Tells the senders that something was queued. */
  wakeSenders(): void {
    for (const { waker } of this.#loops.senders) waker.wake();
  }

  /** Listens to events until the signal is aborted. Part of `run`; for simulations beside `step`. */
  async listen(signal: AbortSignal): Promise<void> {
    await Promise.all(this.flows.flatMap(({ open }) => open.listen?.(signal) ?? []));
  }

  /** Works until the signal is aborted; then finishes what is under way. */
  async run(signal: AbortSignal): Promise<void> {
    const { settings, clock } = this.#context;
    const tidy: Loop = {
      name: 'tidy',
      waker: this.#tidyWaker,
      pass: () => this.#tidyPass(),
      idleMs: async () => restUntil(clock.now(), this.#tidyAt, settings.maintenanceIntervalMs),
      release: async () => {},
    };
    const schema: Loop = {
      name: 'schema',
      waker: new Waker(),
      pass: async () => {
        await this.#schemaPass();
        return false;
      },
      idleMs: async () => restUntil(clock.now(), this.#schemaAt, settings.schemaCheckMs),
      release: async () => {},
    };
    const { sources, senders } = this.#loops;
    const passing = [...sources, tidy, schema].map((loop) =>
      this.#run(
        loop,
        async () => {
          const did = await this.#work(loop, loop.pass);
          if (did) this.wakeSenders();
          return did;
        },
        signal,
      ),
    );
    await Promise.all([...passing, ...senders.map((loop) => this.#runSender(loop, signal)), this.listen(signal)]);
  }

  /** Claims as long as there is something to send; what was claimed is carried beside that. */
  async #runSender(loop: SenderLoop, signal: AbortSignal): Promise<void> {
    const lanes = new Lanes();
    const carry = async (batch: Batch): Promise<void> => {
      try {
        await this.#counted(() => this.#orLeaveIt(loop, () => loop.carry(batch)));
      } catch (error) {
        this.#tell(loop, error);
        await this.#context.clock.sleep(ERROR_PAUSE_MS, signal).catch(() => {});
      }
      this.wakeSenders();
    };
    const pass = async (): Promise<boolean> => {
      const batch = await this.#work(loop, loop.claim);
      if (batch) lanes.begin(() => carry(batch));
      return batch !== null;
    };
    await this.#run(loop, pass, signal);
    await lanes.ended();
  }

  #run(loop: Loop, pass: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
    return runLoop(
      {
        clock: this.#context.clock,
        waker: loop.waker,
        idleMs: loop.idleMs,
        errorPauseMs: ERROR_PAUSE_MS,
        onError: (error) => this.#tell(loop, error),
        pass: () => this.#counted(pass),
      },
      signal,
    );
  }

  /** That the database is away is told once, not by every loop every second. */
  #tell(loop: Loop, error: unknown): void {
    this.#context.log(isDatabaseUnavailable(error) ? 'debug' : 'error', 'loop failed', {
      loop: loop.name,
      ...describeError(error),
    });
  }

  async idle(): Promise<Idle> {
    const { open, due, nextAttemptAt, nextPollAt } = await this.standing();
    return { open, due, nextAttemptAt, nextPollAt };
  }

  /** Asks the database for as little as it can, and for all of it at once: whoever watches is answered beside the work, too. */
  async standing(): Promise<Standing> {
    const { db, clock } = this.#context;
    const now = clock.now();
    const senders = this.flows.flatMap((running) => running.senders.map((sender) => ({ ...running, sender })));
    const asked = senders.map(({ context: { flow }, sender: { target } }) => ({ flow, target }));
    const sources = this.flows.flatMap(({ open }) => open.sources);
    const [depths, targets, polls] = await Promise.all([
      queueDepths(db),
      readTargets(db, asked, new Date(now), MAX_DUE),
      Promise.all(sources.map((source) => source.nextAt())),
    ]);
    let due = this.#busy + polls.filter((at) => at <= now).length;
    const sends: (number | null)[] = [];
    const pauses: Record<string, string | null> = {};
    for (const { context, sender } of senders) {
      const { flow } = context;
      const found = targets.find((each) => each.flow === flow && each.target === sender.target);
      if (!found) throw lostRowOf(flow);
      pauses[flow] = found.pause;
      if (found.pause !== null) continue;
      if (sender.circuit.allowance(now) > 0) due += found.due;
      sends.push(sendsAt(context, sender, found.next?.getTime() ?? null));
    }
    return {
      open: depths.filter(({ state }) => state !== 'dead').reduce((sum, { count }) => sum + count, 0),
      due,
      nextAttemptAt: earliest(sends),
      nextPollAt: earliest(polls),
      depths,
      pauses,
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
  async #nextSend(context: FlowContext, sender: Sender): Promise<number | null> {
    const { db, flow } = context;
    return (await readPause(db, flow)) === null
      ? sendsAt(context, sender, await nextDue(db, flow, sender.target))
      : null;
  }

  /** Looks whether a newer program has migrated the database: this one may have nothing to do that would tell. */
  async #schemaPass(): Promise<void> {
    const { clock, settings } = this.#context;
    const isAhead = this.#schemaAt > clock.now() + settings.schemaCheckMs;
    if (clock.now() < this.#schemaAt && !isAhead) return;
    await this.#checkSchema();
    this.#schemaAt = clock.now() + settings.schemaCheckMs;
  }

  async #tidyPass(): Promise<boolean> {
    const { clock, settings } = this.#context;
    const isAhead = this.#tidyAt > clock.now() + settings.maintenanceIntervalMs;
    if (clock.now() < this.#tidyAt && !isAhead) return false;
    await this.#tidy();
    this.#tidyAt = clock.now() + settings.maintenanceIntervalMs;
    return true;
  }

  /** Enforces retention: what was settled or received for longer than the settings say is deleted, and the room that it took is free again. Open dead letters stay. */
  async #tidy(): Promise<void> {
    const { db, clock, settings, log } = this.#context;
    const before = (ms: number): Date => new Date(clock.now() - ms);
    const { doneMs, inboxMs, auditMs } = settings.retention;
    const deleted: Record<string, number> = {
      messages: await purgeSettledMessages(db, before(doneMs)),
      inbox: await purgeInbox(db, before(inboxMs)),
      audit: await purgeAudit(db, before(auditMs)),
    };
    await foldDepths(db);
    for (const { context, open } of this.flows) {
      await clamp(context);
      Object.assign(deleted, await open.tidy());
    }
    await this.#vacuum();
    if (Object.values(deleted).some((count) => count > 0)) log('info', 'retention', deleted);
  }

  async #vacuum(): Promise<void> {
    const { db, clock } = this.#context;
    if (!db.vacuum || clock.now() < this.#vacuumAt) return;
    this.#vacuumAt = clock.now() + VACUUM_EVERY_MS;
    await db.vacuum();
  }
}

const restUntil = (now: number, at: number | null, atMost: number): number =>
  Math.max(LEAST_PAUSE_MS, Math.min(atMost, at === null ? atMost : at - now));

/** Times of a flow that a clock which was ahead has put off become due. */
const clamp = ({ db, clock, flow, settings: { retry, deferral, leaseMs } }: FlowContext): Promise<unknown> => {
  const now = clock.now();
  return clampTimes(db, flow, new Date(now), {
    attempt: new Date(now + Math.max(retry.maxMs, deferral.maxMs)),
    lease: new Date(now + leaseMs + CLOCKS_DIFFER_MS),
  });
};
