import type { Transport } from 'kernel/http.ts';
import { Chaos } from '../../../simulation/chaos.ts';
import type { Settings } from '../../../middle-layer/settings.ts';
import type { FlowInWorld, MiddleLayerNeeds, Tools } from '../../../simulation/flow.ts';
import { WORKERS } from '../../../simulation/middle-layer.ts';
import { retryDeadLettersOf } from '../../../simulation/operator.ts';
import type { ProcessPlan } from '../../../simulation/process.ts';
import { streamOf } from '../../../simulation/streams.ts';
import type { World } from '../../../simulation/world.ts';
import { USAGE } from '../carried/name.ts';
import { Invariants } from './invariants.ts';
import { act } from './people/act.ts';
import { reportRefused } from './people/service-team.ts';
import { checkReconciliation } from './planted.ts';
import { setPoisonRule } from './poison.ts';
import { checkRestoredApplication, checkRestoredMiddleLayer, checkRestoredOrg } from './restored.ts';
import { Scene, SERVICE_APP, SERVICE_TOKEN, SERVICE_URL } from './scene.ts';
import { troublesOf, troublesOfQueries, troublesOfSealing } from './troubles.ts';
import { underWay } from './under-way.ts';
import { USAGE_MESSAGES } from './usage-messages.ts';

/** In one of so many seeds each of these is put back to an earlier state at the end. */
const RESTORED_EVERY = 8;
const RESTORED = new Map([
  [1, checkRestoredApplication],
  [4, checkRestoredMiddleLayer],
  [6, checkRestoredOrg],
]);
/** In one of so many seeds the middle layer has a budget of API calls, which an operator lifts before the end. */
const BUDGET_EVERY = 7;
const BUDGET_AT = 4;
/** A day: what people do here takes more. */
const BUDGET: Partial<Settings> = { dailyApiCalls: 40 };
/** Of the seeds in which nothing is restored: in so many differences are planted at the end. */
const PLANTED_SHARE = 0.4;

/** Usage in one world: people on both sides, the service application, and what must hold between them. */
export class UsageInWorld implements FlowInWorld {
  readonly scene: Scene;
  readonly processes: readonly ProcessPlan[];
  readonly middleLayer: MiddleLayerNeeds;
  readonly #seed: number;
  readonly faultCounts: Record<string, number> = {};
  readonly #chaos: Chaos;
  /** For what came later than the others. */
  readonly #chaosOfJobs: Chaos;
  readonly #chaosOfQueries: Chaos;
  readonly #invariants: Invariants;

  constructor(world: World, seed: number) {
    this.#seed = seed;
    this.scene = new Scene(world, seed);
    this.middleLayer = {
      external: { url: SERVICE_URL, token: SERVICE_TOKEN },
      messages: USAGE_MESSAGES,
      settings: this.#hasBudget ? BUDGET : {},
    };
    this.processes = [this.scene.process];
    this.#chaos = new Chaos(world, streamOf(seed, 'chaos of usage'));
    this.#chaosOfQueries = new Chaos(world, streamOf(seed, 'queries of usage'));
    this.#chaosOfJobs = new Chaos(world, streamOf(seed, 'jobs of usage'));
    this.#invariants = new Invariants(this.scene);
  }

  get #hasBudget(): boolean {
    return this.#seed % BUDGET_EVERY === BUDGET_AT;
  }

  /** Settings are read when the middle layer starts. */
  #liftBudget(): void {
    this.scene.world.network.count('budget of API calls lifted');
    this.middleLayer.settings = {};
    for (const { name, life } of this.scene.world.processes) if (WORKERS.includes(name)) life.dieIn(1);
  }

  /** Twice: an ad is booked before it can be corrected, and a contract used before it is fulfilled. */
  async act(serial: number): Promise<void> {
    await act(this.scene, 2 * serial);
    await act(this.scene, 2 * serial + 1);
  }

  async breakSomething(): Promise<void> {
    await this.#chaos.strike(troublesOf(this.scene, this.#chaos));
    await this.#chaosOfQueries.strike(troublesOfQueries(this.#chaosOfQueries));
    if (this.scene.world.isSmall) await this.#chaosOfJobs.strike(troublesOfSealing(this.scene, this.#chaosOfJobs));
  }

  disturb(): void {
    this.#chaos.skewAtFirst(SERVICE_APP);
    this.scene.outcomes.share = this.#chaos.share(0.2);
    this.scene.world.jobsARound = this.#chaosOfJobs.upTo(2) === 0 ? Number.POSITIVE_INFINITY : 1;
  }

  calm(): void {
    this.scene.world.org.releaseRows();
    this.scene.outcomes.share = 0;
    this.scene.world.jobsARound = Number.POSITIVE_INFINITY;
  }

  async resume(): Promise<void> {
    if (this.scene.refusesPoison) await setPoisonRule(this.scene, false);
    if (this.#hasBudget) this.#liftBudget();
  }

  async correct(serial: number): Promise<void> {
    await retryDeadLettersOf(this.scene.world, USAGE);
    await reportRefused(this.scene, serial);
  }

  watch(inner: Transport): Transport {
    return this.scene.lateReports.over(inner);
  }

  underWay(): Promise<string[]> {
    return underWay(this.scene.world);
  }

  always(): Promise<string[]> {
    return this.#invariants.always();
  }

  atRest(): Promise<string[]> {
    return this.#invariants.atRest();
  }

  /** A side is put back to an earlier state, or what no message will mend is planted, or nothing of either. */
  async afterwards(tools: Tools): Promise<string[]> {
    const restored = RESTORED.get(this.#seed % RESTORED_EVERY);
    if (restored) return restored(this.scene, tools);
    return this.scene.chance(PLANTED_SHARE) ? checkReconciliation(this.scene, tools) : [];
  }
}
