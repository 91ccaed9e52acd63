import { DEFAULT_SETTINGS } from '../middle-layer/settings.ts';
import { Chaos, type Trouble } from './chaos.ts';
import type { FlowInWorld, SimulatedFlow } from './flow.ts';
import { MessageWatch } from './message-watch.ts';
import type { MessageRules } from './message-model.ts';
import { type EnteredFlow, MIDDLE_LAYER, middleLayersOf, SECOND_WORKER, WORKERS } from './middle-layer.ts';
import { Neighbour } from './neighbour.ts';
import { carried, misfiled, mishandled, unaudited } from './queue-watch.ts';
import type { Stage } from './stage.ts';
import { streamOf } from './streams.ts';
import { toldWrongly } from './told.ts';
import { undoUpgrade, Upgrade } from './upgrade.ts';
import { World } from './world.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** More than nine hours: a registry tries what is refused eight times, at last once an hour. */
const QUIET_ROUNDS = 130;
/** In so many of the seeds two workers of the middle layer share its database, and all processes work at once. */
const TWO_WORKERS_SHARE = 0.35;
/** In so many of these the workers are upgraded one after the other. */
const UPGRADE_SHARE = 0.5;
/** Of the seeds with one worker and without events: in so many the loops of the middle layer run by themselves. */
const RUNS_SHARE = 0.5;

/** A flow that nobody here runs moves in as people have done so much. */
const NEIGHBOUR_AT: readonly number[] = [5, 14];

const { doneMs, inboxMs, conflictMs, auditMs } = DEFAULT_SETTINGS.retention;
/** In so many of the seeds clocks go past it in the end. */
const OUTLIVED_SHARE = 0.25;
/** How far a clock goes: before each end of what is kept, and after it. */
const RETENTIONS: readonly number[] = [doneMs, inboxMs, conflictMs, auditMs].flatMap((ms) => [
  ms - HOUR,
  ms + 100 * HOUR,
]);

/** In so many of the seeds processes lose their databases, each with this probability between two things that people do. */
const DATABASE_LOST_SHARE = 0.4;
const DATABASE_LOST = 0.06;

export interface PlayOptions {
  /** Whether the middle layer listens to Salesforce's events, or only polls. */
  stream?: boolean;
  /**
   * Whether a process that never rests ends the world, and jobs are watched, which takes API calls. Not for benches: a backlog
   * takes many steps, and calls are counted.
   */
  isJudged?: boolean;
}

const messageRules = (flows: readonly EnteredFlow[]): Record<string, MessageRules> =>
  Object.fromEntries(
    flows.flatMap(({ carried: one, inWorld: { middleLayer } }) =>
      one && middleLayer ? [[one.name, middleLayer.messages]] : [],
    ),
  );

/** Flows in one world, and all that is asked of every one of them. */
export class Play<F extends FlowInWorld = FlowInWorld> {
  readonly world: World;
  readonly flows: readonly F[];
  readonly #chaos: Chaos;
  /** What breaks of the second worker has a stream of its own. */
  readonly #chaosOfSecond: Chaos;
  readonly #workers: readonly string[];
  readonly #chaosOfDatabases: Chaos;
  readonly #chaosOfAnswers: Chaos;
  readonly #losesDatabases: boolean;
  readonly #upgrade: Upgrade | null;
  readonly #queue: MessageWatch | null;
  /** Flows that the middle layer carries here: its database may know more. */
  readonly #carried: readonly string[];
  readonly #neighbour: Neighbour | null;
  readonly #outlives: boolean;
  readonly #neighbourSaw: string[] = [];

  private constructor(
    seed: number,
    world: World,
    flows: readonly F[],
    { upgrade, queue, carried }: { upgrade: Upgrade | null; queue: MessageWatch | null; carried: readonly string[] },
  ) {
    this.#carried = carried;
    this.world = world;
    this.flows = flows;
    this.#upgrade = upgrade;
    this.#queue = queue;
    this.#neighbour = queue && new Neighbour(world.db);
    this.#outlives = streamOf(seed, 'retention').next() < OUTLIVED_SHARE;
    this.#chaos = new Chaos(world, streamOf(seed, 'chaos'));
    this.#chaosOfSecond = new Chaos(world, streamOf(seed, 'chaos of the second worker'));
    const ofDatabases = streamOf(seed, 'databases');
    this.#losesDatabases = ofDatabases.next() < DATABASE_LOST_SHARE;
    this.#chaosOfDatabases = new Chaos(world, ofDatabases);
    this.#chaosOfAnswers = new Chaos(world, streamOf(seed, 'broken answers'));
    this.#workers = world.processes.map(({ name }) => name).filter((name) => WORKERS.includes(name));
  }

  /** Opens a world on an empty database, and starts the middle layer and the processes of the flows in it. */
  static async open<F extends FlowInWorld>(
    seed: number,
    stage: Stage,
    flows: readonly SimulatedFlow<F>[],
    { stream = false, isJudged = true }: PlayOptions = {},
  ): Promise<Play<F>> {
    await undoUpgrade(stage.db);
    await stage.db.reset();
    const world = new World(seed, stage, isJudged);
    const entered = flows.map((flow) => ({ ...flow, inWorld: flow.enter(world, seed) }));
    const inWorld = entered.map((flow) => flow.inWorld);
    const isCarried = entered.some(({ carried }) => carried !== undefined);
    const two = streamOf(seed, 'workers').next() < TWO_WORKERS_SHARE;
    if (two) {
      world.network.count('two workers');
      world.interleave();
    }
    const ofUpgrade = streamOf(seed, 'upgrade');
    const upgrade =
      two && isCarried && ofUpgrade.next() < UPGRADE_SHARE ? new Upgrade(world, WORKERS, ofUpgrade) : null;
    const runs = !stream && !two && streamOf(seed, 'middle layer').next() < RUNS_SHARE;
    // what is seen before and after a commit is that commit's alone where no other runs beside it
    const isWatched = isCarried && isJudged && !stage.db.isServed;
    const queue = isWatched ? new MessageWatch(messageRules(entered)) : null;
    await world.start([
      // where it carries nothing, nobody starts it
      ...(isCarried ? middleLayersOf(world, entered, { stream, two, runs, upgrade, queue }) : []),
      ...inWorld.flatMap(({ processes }) => processes),
    ]);
    const carries = entered.flatMap((flow) => flow.carried?.name ?? []);
    return new Play(seed, world, inWorld, { upgrade, queue, carried: carries });
  }

  /** Everybody does something. */
  async act(serial: number): Promise<void> {
    for (const flow of this.flows) await flow.act(serial);
    if (NEIGHBOUR_AT.includes(serial) && this.#neighbour) {
      this.#neighbourSaw.push(...(await this.#neighbour.moveIn()));
      this.#queue?.forget();
    }
  }

  /** The flow that nobody here runs is gone, as it came. What was touched of it, a line each. */
  async leaveAlone(): Promise<string[]> {
    const touched = (await this.#neighbour?.moveOut()) ?? [];
    this.#queue?.forget();
    return touched;
  }

  /** Something breaks, or nothing does. */
  async breakSomething(): Promise<void> {
    await this.#chaos.strike(this.#troubles());
    if (this.#workers.includes(SECOND_WORKER)) await this.#chaosOfSecond.strike(this.#troublesOfSecond());
    if (this.#losesDatabases)
      for (const { name } of this.world.processes)
        await this.#chaosOfDatabases.strike([[DATABASE_LOST, () => this.#chaosOfDatabases.loseDatabase(name)]]);
    for (const flow of this.flows) await flow.breakSomething();
    this.#upgrade?.goOn();
  }

  /** From here on, faults strike. */
  disturb(): void {
    const { network } = this.world;
    network.faults = {
      loseRequest: this.#chaos.share(0.15),
      loseResponse: this.#chaos.share(0.15),
      duplicate: this.#chaos.share(0.15),
      delay: this.#chaos.share(0.2),
      refuse: this.#chaos.share(0.1),
      garble: this.#chaosOfAnswers.share(0.05),
    };
    if (this.#workers.length > 0) this.#chaos.skewAtFirst(MIDDLE_LAYER);
    if (this.#workers.includes(SECOND_WORKER)) this.#chaosOfSecond.skewNear(SECOND_WORKER, MIDDLE_LAYER);
    for (const flow of this.flows) flow.disturb();
  }

  /** From here on, none does. An upgrade that has begun or is to come is done. */
  calm(): void {
    this.#upgrade?.finish();
    this.world.calm();
    for (const flow of this.flows) flow.calm();
  }

  /** Lets everything that is under way arrive; returns what never does. */
  async settle(most = QUIET_ROUNDS): Promise<string[]> {
    for (let rounds = 1; ; rounds++) {
      await this.world.round();
      await this.world.round();
      const left = [...(await this.#ask((flow) => flow.underWay())), ...(await carried(this.world))];
      if (left.length === 0 || rounds >= most) return left;
      // first in small steps, for what only waits its turn, then as the jobs and pollers run
      await this.world.clock.advance(rounds < 5 ? MINUTE / 4 : 5 * MINUTE);
    }
  }

  /** What does not hold although it must at every moment. */
  async always(): Promise<string[]> {
    return [
      ...this.world.broken,
      ...this.#neighbourSaw,
      ...(this.#queue?.broken ?? []),
      ...(await this.#ask((flow) => flow.always())),
      ...(await mishandled(this.world)),
      ...(await misfiled(this.world)),
    ];
  }

  /** What operators are told wrongly while nothing breaks. */
  async told(): Promise<string[]> {
    return this.#workers.length > 0 ? toldWrongly(this.world, this.#carried) : [];
  }

  /** What does not hold although everything has arrived. */
  async atRest(): Promise<string[]> {
    return [...(await this.#ask((flow) => flow.atRest())), ...(await unaudited(this.world))];
  }

  /**
   * The clocks of a worker and of the external systems go past each retention, the last that is done in a world: what is old enough
   * is gone, and nothing else.
   */
  async outlive(): Promise<string[]> {
    if (!this.#queue || !this.#outlives) return [];
    const { clock, name } = this.world.process(MIDDLE_LAYER);
    const before = this.#queue.broken.length;
    for (const ms of RETENTIONS) {
      clock.offset = ms;
      await this.world.process(name).work();
    }
    const left: string[] = [];
    for (const flow of this.flows) left.push(...((await flow.outlive?.()) ?? []));
    return [...this.#queue.broken.slice(before), ...left];
  }

  /** How often each fault struck, by class. */
  get faults(): Record<string, number> {
    return this.flows.reduce((sum, { faultCounts }) => ({ ...sum, ...faultCounts }), { ...this.world.network.counts });
  }

  close(): void {
    this.world.close();
  }

  async #ask(what: (flow: F) => Promise<string[]>): Promise<string[]> {
    const answers: string[] = [];
    for (const flow of this.flows) answers.push(...(await what(flow)));
    return answers;
  }

  #troubles(): Trouble[] {
    const chaos = this.#chaos;
    const ofMiddleLayer = (trouble: () => Promise<void>) => async (): Promise<void> => {
      if (this.#workers.length > 0) await trouble();
    };
    return [
      [0.06, ofMiddleLayer(() => chaos.crash(MIDDLE_LAYER, 80))],
      [0.03, () => this.world.restartOrg()],
      [0.02, () => chaos.answer('API limit', 403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.')],
      [
        0.02,
        () => chaos.answer('governor limit', 500, 'APEX_ERROR', 'System.LimitException: Apex CPU time limit exceeded'),
      ],
      [0.02, () => chaos.answer('expired session', 401, 'INVALID_SESSION_ID', 'Session expired or invalid')],
      [0.015, ofMiddleLayer(() => chaos.skew(MIDDLE_LAYER))],
      [0.0025, ofMiddleLayer(() => chaos.daysAhead(MIDDLE_LAYER))],
      [0.002, () => chaos.stranger('org')],
      // longer than Salesforce keeps events: 72 hours
      [0.002, () => this.#outage('outage beyond event retention', 80 * HOUR, 12)],
      // longer than all attempts of the job take
      [0.003, () => this.#outage('middle layer away for hours', 5 * HOUR, 20)],
    ];
  }

  #troublesOfSecond(): Trouble[] {
    const chaos = this.#chaosOfSecond;
    return [
      [0.06, () => chaos.crash(SECOND_WORKER, 80)],
      [0.015, () => chaos.skew(SECOND_WORKER)],
      [0.0025, () => chaos.daysAhead(SECOND_WORKER)],
    ];
  }

  async #outage(name: string, ms: number, steps: number): Promise<void> {
    const ends: (() => Promise<void>)[] = [];
    for (const flow of this.flows) if (flow.outage) ends.push(await flow.outage());
    await this.#chaos.away(this.#workers, name, ms, steps);
    for (const end of ends) await end();
  }
}
