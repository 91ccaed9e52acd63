import { fileURLToPath } from 'node:url';
import type { Handler } from 'kernel/http.ts';
import type { Random } from 'kernel/random.ts';
import { type Faults, NO_FAULTS } from '../../../external-system/faults/faults.ts';
import { createExternalSystem, type ExternalSystem } from '../../../external-system/index.ts';
import type { Answering } from '../../../external-system/settings.ts';
import { callerToken, MIDDLE_LAYER_URL } from '../../../simulation/middle-layer.ts';
import type { ProcessPlan } from '../../../simulation/process.ts';
import { streamOf } from '../../../simulation/streams.ts';
import type { World } from '../../../simulation/world.ts';
import { AnswerWatch } from './answer-watch.ts';
import { atTimesBusy } from './busy.ts';
import { inEarlierForm } from './earlier-form.ts';
import { JOB_BREAKER } from './job-model.ts';
import { HeartbeatWatch } from './heartbeat-watch.ts';
import { JobWatch } from './job-watch.ts';
import { OutageWatch } from './outage-watch.ts';
import { OutboxWatch } from './outbox-watch.ts';
import { PauseWatch } from './pause-watch.ts';
import { RegistryWatch } from './registry-watch.ts';
import { SaveWatch } from './save-watch.ts';
import { ScopeWatch } from './scope-watch.ts';
import { TurnWatch } from './turn-watch.ts';
import { comparedTypes, typedFieldsOf } from './typed-fields.ts';
import { CASES } from '../carried/name.ts';
import { HOSTILE, SAMPLE } from '../../../shared/sample.ts';
import { readRules } from '../../../external-system/rules/field-rules.ts';

/** The registry's process in every world. */
export const REGISTRY = 'external';
export const REGISTRY_URL = 'http://external';
/** What it asks of its callers. */
export const REGISTRY_TOKEN = 'external-secret';

export const REGISTRY_DATABASE = {
  part: 'external-system',
  migrations: fileURLToPath(new URL('../../../external-system/db/migrations', import.meta.url)),
};

/** How the registry answers, by seed: five, so that each way meets each of the other settings. */
const ANSWERING: readonly Answering[] = ['mixed', 'at once', 'later', 'mixed', 'at once'];

/** In so many of the seeds the registry speaks the wire form before write-backs acknowledged. */
const EARLIER_SHARE = 0.25;

/** A full request as the org hands it over before there is a Case of it. */
export interface Intake {
  key: string;
  subject: string;
}

/** Where Cases are played: a world, the registry in it, and those who watch. */
export class Scene {
  readonly world: World;
  /** For what people of the Case flow do. */
  random: Random;
  readonly faults: Faults;
  readonly #answers: Answering;
  readonly #ofBusyTimes: Random;
  readonly isEarlierForm: boolean;
  readonly pause = new PauseWatch();
  readonly turns = new TurnWatch();
  readonly scope = new ScopeWatch();
  readonly heartbeats = new HeartbeatWatch(() => !this.isDisturbed);
  readonly outbox = new OutboxWatch();
  readonly outages: OutageWatch;
  readonly answers: AnswerWatch;
  readonly saves: SaveWatch;
  readonly registryWatch: RegistryWatch;
  readonly jobs: JobWatch;
  external!: ExternalSystem;
  /** What opens the job's breaker, and whether who administers the org has the permission to close it. */
  readonly breaker = { bounds: JOB_BREAKER, mayBeClosed: false };
  /** Whether an administrator has deployed a rule that refuses some values: see `schema-change.ts`. */
  refusesSomeResolutions = false;
  /** Full requests of which nobody knows whether they were taken in. */
  readonly unansweredIntakes: Intake[] = [];
  /** The save of the agent who came last into a transaction is noted: what that transaction wrote itself came after it. */
  met: Promise<void> = Promise.resolve();

  constructor(world: World, seed: number) {
    this.world = world;
    this.isEarlierForm = streamOf(seed, 'wire form').next() < EARLIER_SHARE;
    if (this.isEarlierForm) world.network.count('registry of the earlier wire form');
    // whose receipts are bare has to send its answers
    this.#answers = this.isEarlierForm ? 'later' : ANSWERING[seed % ANSWERING.length]!;
    this.#ofBusyTimes = streamOf(seed, 'busy registry');
    this.random = streamOf(seed, 'people of cases');
    this.registryWatch = new RegistryWatch(() => world.process(REGISTRY).clock.now(), this.#answers);
    this.faults = this.registryWatch.faults({ ...NO_FAULTS, seed });
    this.outages = new OutageWatch(world);
    this.answers = new AnswerWatch(this, comparedTypes(typedFieldsOf(world)));
    this.saves = new SaveWatch(this, {
      ...comparedTypes(typedFieldsOf(world)),
      ...(world.hosted ? { [HOSTILE.bornOutside.parent.named]: 'text' as const } : {}),
    });
    this.jobs = new JobWatch(this);
    world.watchSaves((what, save) => this.saves.over(what, save));
    world.watchJobs((run) => this.jobs.over(run));
    world.watchOrg((org) => this.scope.over(this.answers.over(org)));
  }

  readonly registryProcess: ProcessPlan = {
    name: REGISTRY,
    host: new URL(REGISTRY_URL).host,
    // what it sees before and after a transaction is that transaction's alone where no other runs beside it
    watchDatabase: (inner, { clock }) =>
      this.world.db.isServed || !this.world.isJudged
        ? inner
        : this.outbox.over(this.registryWatch.overDatabase(inner), clock),
    start: async ({ db, clock, random, transport }) => {
      const external = await createExternalSystem({
        rules: [readRules(SAMPLE.registryRules)],
        db,
        clock,
        random,
        transport,
        middleLayer: { url: MIDDLE_LAYER_URL, token: callerToken(CASES) },
        token: REGISTRY_TOKEN,
        settings: { answers: this.#answers },
        faults: this.faults,
      });
      this.external = external;
      const handle: Handler = atTimesBusy(
        this.registryWatch.over((request) => external.handle(request)),
        this.#ofBusyTimes,
        () => this.isDisturbed,
      );
      return {
        handle: this.isEarlierForm ? inEarlierForm(handle) : handle,
        work: [
          () =>
            this.outbox.publishing(
              () => external.publish(),
              () => clock.now(),
            ),
          () => this.registryWatch.polling(() => external.poll()),
        ],
      };
    },
  };

  /** Whether faults strike. */
  isDisturbed = false;
  /** Whether agents may come into transactions of others. */
  hasMeetings = false;

  /** What happens meanwhile draws from another stream. */
  async drawingFrom(random: Random, work: () => Promise<void>): Promise<void> {
    const own = this.random;
    this.random = random;
    await work().finally(() => (this.random = own));
  }

  /** A request to the registry as a person there, outside the faulty network. Undefined when it refuses. */
  async registry<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    const { world } = this;
    const process = world.process(REGISTRY);
    if (process.life.dead) return undefined;
    const response = await this.external
      .handle({
        method,
        url: path,
        headers: { authorization: `Bearer ${REGISTRY_TOKEN}` },
        body: body === undefined ? '' : JSON.stringify(body),
      })
      .catch((error: unknown) => {
        if (!process.life.dead) throw error;
        return null;
      });
    if (method !== 'GET')
      world.trace.note(world.clock.now(), method, path, JSON.stringify(body) ?? '', response?.status ?? 0);
    await world.revive();
    return response && response.status < 400 ? (JSON.parse(response.body) as T) : undefined;
  }
}
