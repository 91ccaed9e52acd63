import { fileURLToPath } from 'node:url';
import { createExternalSystem, type ExternalSystem } from '../../src/external-system/index.ts';
import { Faults, NO_FAULTS } from '../../src/external-system/faults/faults.ts';
import { createOrg } from '../../src/local-org/index.ts';
import type { Org } from '../../src/local-org/types.ts';
import { createMiddleLayer, type MiddleLayer } from '../../src/middle-layer/index.ts';
import { ManualClock } from '../../src/shared/clock.ts';
import { seededRandom, type Random } from '../../src/shared/random.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { CrashingDatabase, SimulatedCrash } from './crashing-database.ts';
import { Network } from './network.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const START = Date.UTC(2026, 0, 5, 9);
const TOKENS = { external: 'external-secret', middleLayer: 'middle-layer-secret', operator: 'operator-secret' };

export const INSIDE_GRACE_MS = 15 * 60_000;

/** Org, middle layer and external system in one process, on one clock and one seeded network. */
export class World {
  readonly clock = new ManualClock(START);
  readonly random: Random;
  readonly network: Network;
  readonly faults: Faults;
  org!: Org;
  middleLayer!: MiddleLayer;
  external!: ExternalSystem;
  #middleDb!: CrashingDatabase;
  #externalDb!: CrashingDatabase;
  readonly db: Database;

  private constructor(seed: number, db: Database) {
    this.random = seededRandom(seed);
    this.network = new Network(seededRandom(seed ^ 0x5eed));
    this.faults = new Faults({ ...NO_FAULTS, seed });
    this.db = db;
  }

  /** `db` is an empty schema of a PostgreSQL database, for both parts that need one. */
  static async create(seed: number, db: Database): Promise<World> {
    const world = new World(seed, db);
    world.org = createOrg({ projectDir: ROOT, clock: world.clock, random: world.random });
    world.network.attach('org', (request) => world.org.handle(request));
    const activated = world.org.executeAnonymous('ConcordSetup.activateSync(); ConcordSchedule.install();');
    if (!activated.success) throw new Error(`activation failed: ${activated.compileProblem ?? activated.exceptionMessage}`);
    await world.startExternal();
    await world.startMiddleLayer();
    return world;
  }

  async startMiddleLayer(): Promise<void> {
    this.#middleDb = new CrashingDatabase(this.db);
    this.middleLayer = await createMiddleLayer({
      db: this.#middleDb,
      clock: this.clock,
      random: this.random,
      transport: this.network.transport,
      salesforce: { instanceUrl: 'http://org', auth: { kind: 'accessToken', accessToken: this.org.info.accessToken } },
      external: { url: 'http://external', token: TOKENS.external },
      settings: { callers: { external: TOKENS.middleLayer, operator: TOKENS.operator, intake: null } },
    });
    this.network.attach('middle', this.#alive(this.#middleDb, (request) => this.middleLayer.handle(request)));
  }

  async startExternal(): Promise<void> {
    this.#externalDb = new CrashingDatabase(this.db);
    this.external = await createExternalSystem({
      db: this.#externalDb,
      clock: this.clock,
      random: this.random,
      transport: this.network.transport,
      middleLayer: { url: 'http://middle', token: TOKENS.middleLayer },
      token: TOKENS.external,
      faults: this.faults,
    });
    this.network.attach('external', this.#alive(this.#externalDb, (request) => this.external.handle(request)));
  }

  /** A part that died while it answered gives no answer at all. */
  #alive(db: CrashingDatabase, handle: Org['handle']): Org['handle'] {
    return async (request) => {
      const response = await handle(request);
      if (db.dead) throw new SimulatedCrash('the process ended before it answered');
      return response;
    };
  }

  crashMiddleLayerSoon(): void {
    this.network.count('crash.middleLayer');
    this.#middleDb.dieIn(1 + Math.floor(this.random.next() * 60));
  }

  crashExternalSoon(): void {
    this.network.count('crash.external');
    this.#externalDb.dieIn(1 + Math.floor(this.random.next() * 40));
  }

  /** Restarts what has died. */
  async revive(): Promise<void> {
    if (this.#middleDb.dead) await this.startMiddleLayer();
    if (this.#externalDb.dead) await this.startExternal();
  }

  /** One round of every part's work. A crash ends the part's round; it is restarted after it. */
  async round(): Promise<void> {
    this.org.runDue();
    for (const work of [
      () => this.middleLayer.step(),
      () => this.external.publish(),
      () => this.external.poll(),
    ]) {
      await work().catch((error: unknown) => {
        if (!this.#middleDb.dead && !this.#externalDb.dead) throw error;
      });
      await this.revive();
    }
    await this.network.deliverLate();
    await this.revive();
  }

  /** A request to the org as its administrator, outside the faulty network. */
  async salesforce<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.org.handle({
      method,
      url: `/services/data/v67.0${path}`,
      headers: { authorization: `Bearer ${this.org.info.accessToken}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (response.status >= 400) throw new Error(`${method} ${path} answered ${response.status}: ${response.body}`);
    return (response.body ? JSON.parse(response.body) : null) as T;
  }

  /** The same for what a person does: undefined when the org refuses, as it may while a row is locked. */
  async person<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    return this.salesforce<T>(method, path, body).catch(() => undefined);
  }

  async query<T>(soql: string): Promise<T[]> {
    return (await this.salesforce<{ records: T[] }>('GET', `/query?q=${encodeURIComponent(soql)}`)).records;
  }

  /** A request to the registry as a person there, outside the faulty network. Undefined when it refuses. */
  async registry<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    const response = await this.external
      .handle({
        method,
        url: path,
        headers: { authorization: `Bearer ${TOKENS.external}` },
        body: body === undefined ? '' : JSON.stringify(body),
      })
      .catch((error: unknown) => {
        if (!(error instanceof SimulatedCrash)) throw error;
        return null;
      });
    await this.revive();
    return response && response.status < 400 ? (JSON.parse(response.body) as T) : undefined;
  }

  close(): void {
    this.org.close();
  }
}
