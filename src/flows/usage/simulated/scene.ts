import { fileURLToPath } from 'node:url';
import type { Random } from 'kernel/random.ts';
import type { Context } from '../../../service-app/context.ts';
import { auditedSeals, type AuditedSeals } from '../../../service-app/invoices/audited-seals.ts';
import type { Contracts } from '../../../service-app/contracts.ts';
import { createServiceApp, type ServiceApp } from '../../../service-app/index.ts';
import type { Settings } from '../../../service-app/settings.ts';
import type { ExternalRequest } from '../../../reconciliation/types.ts';
import { RequestError } from '../../../shared/router.ts';
import { isDatabaseUnavailable } from '../../../shared/sql/errors.ts';
import { callerToken, MIDDLE_LAYER_URL } from '../../../simulation/middle-layer.ts';
import { PartFailure, type ProcessPlan } from '../../../simulation/process.ts';
import { streamOf } from '../../../simulation/streams.ts';
import type { World } from '../../../simulation/world.ts';
import { USAGE } from '../carried/name.ts';
import { Books } from './books.ts';
import { LateReports } from './late-reports.ts';
import { liveContracts } from './live-contracts.ts';
import { LostOutcomes } from './lost-outcomes.ts';
import { Person } from './org.ts';

/** The service application's process in every world. */
export const SERVICE_APP = 'serviceApp';
export const SERVICE_URL = 'http://service';
/** What it asks of its callers. */
export const SERVICE_TOKEN = 'service-secret';

export const SERVICE_DATABASE = {
  part: 'service-app',
  migrations: fileURLToPath(new URL('../../../service-app/db/migrations', import.meta.url)),
};

/** In one of so many seeds the application reports few ads at a time, as if its queue were long. */
const SMALL_BATCHES_EVERY = 3;
const SMALL_BATCH = 3;

/** Where usage is played: a world, the service application in it, and the people on both sides. */
export class Scene {
  readonly world: World;
  /** For all that people of the usage flow do. */
  readonly random: Random;
  readonly books = new Books();
  /** Sells and fulfils contracts. */
  readonly sales: Person;
  readonly outcomes: LostOutcomes;
  readonly lateReports: LateReports;
  /** Whether an administrator has deployed a rule that refuses some ads: see `poison.ts`. */
  refusesPoison = false;
  #app!: ServiceApp;
  #contracts!: Contracts;
  #audited!: AuditedSeals;

  readonly #settings: Partial<Settings>;

  constructor(world: World, seed: number) {
    this.world = world;
    this.#settings = seed % SMALL_BATCHES_EVERY === 0 ? { batch: SMALL_BATCH } : {};
    this.random = streamOf(seed, 'people of usage');
    this.sales = new Person(world, 'sales');
    this.lateReports = new LateReports(world);
    this.outcomes = new LostOutcomes(world, streamOf(seed, 'lost outcomes'));
  }

  readonly process: ProcessPlan = {
    name: SERVICE_APP,
    host: new URL(SERVICE_URL).host,
    start: async ({ db, clock, random, transport }) => {
      const contracts = liveContracts(transport);
      const middleLayer = { url: MIDDLE_LAYER_URL, token: callerToken(USAGE) };
      const app = await createServiceApp({
        db,
        clock,
        random,
        transport,
        contracts,
        middleLayer,
        token: SERVICE_TOKEN,
        settings: this.#settings,
      });
      [this.#app, this.#contracts, this.#audited] = [app, contracts, auditedSeals(transport, middleLayer)];
      return { handle: this.outcomes.over(app.handle), work: [() => app.report()] };
    },
  };

  /** A request of the application's public API, outside the faulty network. Rejects when it is refused. */
  readonly external: ExternalRequest = async <T>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<T> => {
    const response = await this.#app.handle({
      method,
      url: path,
      headers: { authorization: `Bearer ${SERVICE_TOKEN}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (response.status >= 300) throw new Error(`${method} ${path} was answered ${response.status}: ${response.body}`);
    return JSON.parse(response.body) as T;
  };

  /**
   * What somebody does in the service application. Undefined: it was refused, or no answer came; then nobody knows whether
   * it was done.
   */
  async inApp<T>(
    what: string,
    work: (context: Context, contracts: Contracts, audited: AuditedSeals) => Promise<T>,
  ): Promise<T | undefined> {
    const { life } = this.world.process(SERVICE_APP);
    if (life.dead) return undefined;
    try {
      const result = await work(this.#app.context, this.#contracts, this.#audited);
      // it has ended before it answered
      return life.dead ? undefined : result;
    } catch (error) {
      if (!life.dead && !isDatabaseUnavailable(error) && !(error instanceof RequestError))
        throw new PartFailure(SERVICE_APP, error);
      return undefined;
    } finally {
      this.world.trace.note(this.world.clock.now(), SERVICE_APP, what);
      await this.world.revive();
    }
  }

  pick<T>(items: readonly T[]): T | undefined {
    return items[Math.floor(this.random.next() * items.length)];
  }

  chance(share: number): boolean {
    return this.random.next() < share;
  }
}
