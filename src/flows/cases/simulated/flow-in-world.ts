import type { Transport } from 'kernel/http.ts';
import { Chaos } from '../../../simulation/chaos.ts';
import type { FlowInWorld, MiddleLayerNeeds, Tools } from '../../../simulation/flow.ts';
import type { Settings } from '../../../middle-layer/settings.ts';
import { Ledger } from '../../../simulation/ledger.ts';
import { retryDeadLettersOf } from '../../../simulation/operator.ts';
import type { ProcessPlan, Sender } from '../../../simulation/process.ts';
import { streamOf } from '../../../simulation/streams.ts';
import type { World } from '../../../simulation/world.ts';
import { CASES } from '../carried/name.ts';
import { checkToldApart } from './told-apart.ts';
import { Invariants } from './invariants.ts';
import { Meetings } from './meetings.ts';
import { peopleOf } from './people/act.ts';
import { liftBreaker } from './people/administrator.ts';
import { correctClosed, reopenAll } from './people/closers.ts';
import { correct as correctInside, resume } from './people/inside.ts';
import { repeatIntakes } from './people/intake.ts';
import { correct as correctOutside } from './people/outside.ts';
import { enterMissing } from './people/reporters.ts';
import { putAllBack } from './people/sorters.ts';
import { retryRefused } from './people/retry.ts';
import { correct as correctForms } from './people/typed.ts';
import type { Action } from './people/types.ts';
import { checkReconciliation } from './planted.ts';
import { checkRestoredMiddleLayer } from './restored-middle-layer.ts';
import { checkRestoredOrg } from './restored-org.ts';
import { checkRestoredRegistry } from './restored.ts';
import { retainedWrongly } from './registry-retention.ts';
import { REGISTRY, REGISTRY_TOKEN, REGISTRY_URL, Scene } from './scene.ts';
import { changeSchema } from './schema-change.ts';
import { CASE_MESSAGES } from './case-messages.ts';
import { calmRegistry, disturbRegistry, troublesOf, troublesOfBacklogs } from './troubles.ts';
import { underWay } from './under-way.ts';

/** In one of so many seeds the registry is restored at the end, to an earlier state or to nothing. */
const RESTORED_EVERY = 4;
const RESTORED_AT = 1;
/** Of these, in one of so many nothing is left of its database. */
const LOST_EVERY = 4;
/** In one of so many the middle layer is, to an earlier state or to nothing. */
const MIDDLE_LAYER_RESTORED_EVERY = 8;
const MIDDLE_LAYER_RESTORED_AT = 3;
/** In one of so many the org is. */
const ORG_RESTORED_EVERY = 8;
const ORG_RESTORED_AT = 7;
/** In one of so many seeds pending Cases are read page by page, as in a backlog. */
const SMALL_ROOM_EVERY = 3;
/** Open messages beyond which the middle layer takes in no more Cases. */
const SMALL_ROOM = 4;
/** In one of so many seeds the middle layer has a budget of API calls, which an operator lifts before the end. */
const BUDGET_EVERY = 7;
const BUDGET_AT = 2;
/** A day: what people do here takes more. */
const BUDGET: Partial<Settings> = { dailyApiCalls: 60 };
/** In so many of the seeds transactions meet at one row within the org. */
const MEETINGS_SHARE = 0.5;
/** Above those of what people do before. */
const TAKEN_BACK_SERIAL = 30;
/** Of the seeds in which nothing is restored. */
const PLANTED_SHARE = 0.4;

/** Cases in one world: people on both sides, the registry, and what must hold between them. */
export class CasesInWorld implements FlowInWorld {
  readonly scene: Scene;
  readonly ledger = new Ledger();
  readonly processes: readonly ProcessPlan[];
  readonly middleLayer: MiddleLayerNeeds;
  readonly #seed: number;
  readonly #people: Action;
  readonly #chaos: Chaos;
  readonly #invariants: Invariants;
  /** Null: in this seed nobody meets. */
  readonly #meetings: Meetings | null;
  readonly #chaosOfMeetings: Chaos;
  readonly #chaosOfBacklogs: Chaos;

  constructor(world: World, seed: number) {
    this.#seed = seed;
    this.scene = new Scene(world, seed);
    if (world.hosted) world.network.count('host.automation of its own');
    this.#chaos = new Chaos(world, streamOf(seed, 'chaos of cases'));
    this.#people = peopleOf(seed);
    this.#invariants = new Invariants(this.scene, this.ledger);
    const random = streamOf(seed, 'meetings');
    this.#meetings = random.next() < MEETINGS_SHARE ? new Meetings(this.scene, this.ledger, random) : null;
    this.scene.hasMeetings = this.#meetings !== null;
    this.#chaosOfMeetings = new Chaos(world, streamOf(seed, 'chaos of meetings'));
    this.#chaosOfBacklogs = new Chaos(world, streamOf(seed, 'chaos of backlogs'));
    this.processes = [this.scene.registryProcess];
    this.middleLayer = {
      external: { url: REGISTRY_URL, token: REGISTRY_TOKEN },
      messages: CASE_MESSAGES,
      settings: { ...this.#lasting, ...(this.#hasBudget ? BUDGET : {}) },
    };
  }

  /** Settings that stay as they are. */
  get #lasting(): Partial<Settings> {
    return this.#seed % SMALL_ROOM_EVERY === 0 ? { sweepRoom: SMALL_ROOM } : {};
  }

  /** Of the seeds in which the middle layer is restored, every second: nothing is left of its database. */
  get #isLost(): boolean {
    return Math.floor(this.#seed / MIDDLE_LAYER_RESTORED_EVERY) % 2 === 1;
  }

  get #isRegistryLost(): boolean {
    return Math.floor(this.#seed / RESTORED_EVERY) % LOST_EVERY === 0;
  }

  get #hasBudget(): boolean {
    return this.#seed % BUDGET_EVERY === BUDGET_AT;
  }

  /** Settings are read when the middle layer starts. */
  #liftBudget(): void {
    this.middleLayer.settings = this.#lasting;
    for (const { name, life } of this.scene.world.processes) if (name !== REGISTRY) life.dieIn(1);
  }

  get faultCounts(): Record<string, number> {
    return this.scene.faults.counts;
  }

  act(serial: number): Promise<void> {
    return this.#people(this.scene, this.ledger, serial);
  }

  async breakSomething(): Promise<void> {
    await this.#chaos.strike(troublesOf(this.scene, this.#chaos));
    await this.#meetings?.strike(this.#chaosOfMeetings);
    await this.#chaosOfBacklogs.strike(troublesOfBacklogs(this.#chaosOfBacklogs));
  }

  disturb(): void {
    this.scene.isDisturbed = true;
    disturbRegistry(this.scene, this.#chaos);
  }

  calm(): void {
    this.scene.isDisturbed = false;
    calmRegistry(this.scene);
    this.#meetings?.calm();
  }

  async resume(serial: number): Promise<void> {
    await resume(this.scene, this.ledger, serial);
    if (this.#hasBudget) this.#liftBudget();
    await liftBreaker(this.scene);
    if (this.scene.refusesSomeResolutions) await changeSchema(this.scene, false);
  }

  async correct(serial: number): Promise<void> {
    // first: nobody corrects what is closed
    await correctClosed(this.scene, this.ledger);
    await correctInside(this.scene, this.ledger, serial);
    await correctOutside(this.scene, this.ledger, serial + 1);
    await correctForms(this.scene, this.ledger, serial);
    await enterMissing(this.scene);
    await repeatIntakes(this.scene, this.ledger);
    await retryDeadLettersOf(this.scene.world, CASES);
    await retryRefused(this.scene);
    await correctClosed(this.scene, this.ledger);
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

  /** What rests beside closed Cases comes back to them once they are open, and what was out of the scope agrees once it is in. */
  async #takenBack({ settle }: Tools): Promise<string[]> {
    const [reopened, putBack] = [await reopenAll(this.scene, this.ledger), await putAllBack(this.scene)];
    if (reopened + putBack === 0) return [];
    await this.correct(TAKEN_BACK_SERIAL);
    const stuck = await settle();
    return stuck.length > 0 ? ['not at rest after people reopened and put back Cases', ...stuck] : this.atRest();
  }

  /** The registry, the middle layer or the org is restored to an earlier state, or what no message will mend is planted, or nothing of either. */
  async afterwards(tools: Tools): Promise<string[]> {
    const broken = this.scene.isEarlierForm ? await checkToldApart(this.scene, tools) : [];
    if (broken.length === 0) broken.push(...(await this.#takenBack(tools)));
    if (broken.length > 0) return broken;
    if (this.#seed % RESTORED_EVERY === RESTORED_AT)
      return checkRestoredRegistry(this.scene, this.ledger, tools, this.#isRegistryLost);
    if (this.#seed % ORG_RESTORED_EVERY === ORG_RESTORED_AT) return checkRestoredOrg(this.scene, this.ledger, tools);
    if (this.#seed % MIDDLE_LAYER_RESTORED_EVERY === MIDDLE_LAYER_RESTORED_AT)
      return checkRestoredMiddleLayer(this.scene, this.ledger, tools, this.#isLost);
    return this.scene.random.next() < PLANTED_SHARE ? checkReconciliation(this.scene, tools) : [];
  }

  outlive(): Promise<string[]> {
    return retainedWrongly(this.scene);
  }

  watch(inner: Transport, sender: Sender): Transport {
    const { turns, pause, heartbeats } = this.scene;
    return turns.over(pause.over(heartbeats.over(inner, sender)), sender);
  }

  outage(): Promise<() => Promise<void>> {
    return this.scene.outages.begin();
  }
}
