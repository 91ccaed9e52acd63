import { createExternalSystem, type ExternalSystem } from '../external-system/index.ts';
import { Faults, NO_FAULTS } from '../external-system/faults/faults.ts';
import type { LocalOrg } from 'local-org';
import { flows } from '../flows/index.ts';
import { createMiddleLayer, type MiddleLayer } from '../middle-layer/index.ts';
import { DEFAULT_SETTINGS } from '../middle-layer/settings.ts';
import { ManualClock } from 'kernel/clock.ts';
import type { Handler } from 'kernel/http.ts';
import { seededRandom, type Random } from 'kernel/random.ts';
import type { Database } from '../shared/sql/types.ts';
import { Life, mortalDatabase, mortalTransport, SimulatedCrash } from './life.ts';
import { Network } from './network.ts';
import { OutageWatch } from './outage-watch.ts';
import { PauseWatch } from './pause-watch.ts';
import { SkewedClock } from './skewed-clock.ts';
import { START, type Stage } from './stage.ts';
import { Trace } from './trace.ts';

const TOKENS = { external: 'external-secret', middleLayer: 'middle-layer-secret', operator: 'operator-secret' };
const API = '/services/data/v67.0';

/** Parts that run as processes of their own, and may end at any step. */
export type Mortal = 'middleLayer' | 'external';

export interface WorldOptions {
  /** Whether the middle layer listens to Salesforce's events, or only polls. */
  stream?: boolean;
  /** How many open messages the middle layer allows before it takes in no more Cases. */
  sweepRoom?: number;
}

/** Org, middle layer and external system in one process, on one clock and one seeded network. */
export class World {
  readonly clock = new ManualClock(START);
  readonly clocks: Record<Mortal, SkewedClock> = {
    middleLayer: new SkewedClock(this.clock),
    external: new SkewedClock(this.clock),
  };
  readonly trace = new Trace();
  readonly random: Random;
  readonly network: Network;
  readonly faults: Faults;
  readonly pause = new PauseWatch();
  readonly outages = new OutageWatch();
  readonly db: Database;
  org: LocalOrg;
  middleLayer!: MiddleLayer;
  external!: ExternalSystem;
  lives: Record<Mortal, Life> = { middleLayer: new Life(), external: new Life() };
  /** Whether an administrator has deployed a rule that refuses some values: see `schema-change.ts`. */
  refusesSomeResolutions = false;
  /** Dead parts are not started again as long as this is off: an outage of hours. */
  revives = true;
  /** A stream for each part, which goes on after a restart: an id is drawn once. */
  readonly #randoms: Record<Mortal | 'org', Random>;
  readonly #stream: boolean;
  readonly #sweepRoom: number;
  #listening: AbortController | null = null;
  #middleLayerStarts = 0;

  private constructor(seed: number, stage: Stage, options: WorldOptions) {
    this.#randoms = {
      middleLayer: seededRandom(seed ^ 0x31d),
      external: seededRandom(seed ^ 0xe87),
      org: seededRandom(seed ^ 0x0a9),
    };
    this.#stream = options.stream ?? false;
    this.#sweepRoom = options.sweepRoom ?? DEFAULT_SETTINGS.sweepRoom;
    this.db = stage.db;
    this.random = seededRandom(seed);
    this.network = new Network(seededRandom(seed ^ 0x5eed), this.clock, this.trace);
    this.faults = new Faults({ ...NO_FAULTS, seed });
    this.org = stage.org.copy({ clock: this.clock, random: this.#randoms.org });
  }

  static async create(seed: number, stage: Stage, options: WorldOptions = {}): Promise<World> {
    await stage.db.reset();
    const world = new World(seed, stage, options);
    world.network.attach('org', (request) => world.org.handle(request));
    await world.#start('external');
    await world.#start('middleLayer');
    return world;
  }

  #startMiddleLayer = async (life: Life): Promise<Handler> => {
    this.#listening?.abort(new Error('the process has ended'));
    this.pause.forget();
    // every second time another worker takes over, who does not know what the dead one held
    const worker = `middle-layer-${Math.floor(this.#middleLayerStarts++ / 2)}`;
    this.middleLayer = await createMiddleLayer({
      db: mortalDatabase(this.db, life),
      clock: this.clocks.middleLayer,
      worker,
      random: this.#randoms.middleLayer,
      transport: mortalTransport(this.pause.over(this.network.transport), life),
      salesforce: { instanceUrl: 'http://org', auth: { kind: 'accessToken', accessToken: this.org.info.accessToken } },
      flows: flows.map(({ carried }) => carried),
      external: Object.fromEntries(flows.map(({ name }) => [name, { url: 'http://external', token: TOKENS.external }])),
      settings: {
        callers: { external: TOKENS.middleLayer, operator: TOKENS.operator, intake: null },
        sweepRoom: this.#sweepRoom,
      },
      ...(this.#stream ? { streamTransport: mortalTransport(this.network.streamTransport, life) } : {}),
    });
    this.#listening = new AbortController();
    // the stream ends with its process, and only wakes the rest
    this.middleLayer.listen(this.#listening.signal).catch(() => {});
    return (request) => this.middleLayer.handle(request);
  };

  #startExternal = async (life: Life): Promise<Handler> => {
    this.external = await createExternalSystem({
      db: mortalDatabase(this.db, life),
      clock: this.clocks.external,
      random: this.#randoms.external,
      transport: mortalTransport(this.network.transport, life),
      middleLayer: { url: 'http://middle', token: TOKENS.middleLayer },
      token: TOKENS.external,
      faults: this.faults,
    });
    return (request) => this.external.handle(request);
  };

  async #start(part: Mortal): Promise<void> {
    const life = new Life();
    this.lives[part] = life;
    const handle = await (part === 'external' ? this.#startExternal(life) : this.#startMiddleLayer(life));
    // a part that died while it answered gives no answer at all
    this.network.attach(part === 'external' ? 'external' : 'middle', async (request) => {
      life.step();
      const response = await handle(request);
      if (life.dead) throw new SimulatedCrash('the process ended before it answered');
      return response;
    });
  }

  /** The part dies at one of its next steps. */
  crashSoon(part: Mortal, within: number): void {
    this.network.count(`crash.${part}`);
    this.lives[part].dieIn(1 + Math.floor(this.random.next() * within));
  }

  /** Starts again what has died. */
  async revive(): Promise<void> {
    if (!this.revives) return;
    for (const part of ['external', 'middleLayer'] as const) if (this.lives[part].dead) await this.#start(part);
  }

  /** The org comes back with its records and none of what it had in memory: sessions, subscriptions. */
  restartOrg(): void {
    this.network.count('restart.org');
    const before = this.org;
    this.org = before.copy({ clock: this.clock, random: this.#randoms.org });
    this.network.reset('org');
    before.close();
  }

  /** One round of every part's work. A crash ends the part's round; it is started again after it. */
  async round(): Promise<void> {
    this.org.runDue();
    const work: [Mortal, () => Promise<unknown>][] = [
      ['middleLayer', () => this.middleLayer.step()],
      ['external', () => this.external.publish()],
      ['external', () => this.external.poll()],
    ];
    for (const [part, run] of work) {
      if (!this.lives[part].dead) {
        await run().catch((error: unknown) => {
          if (!this.lives[part].dead) throw error;
        });
      }
      await this.revive();
    }
    await this.network.deliverLate();
    await this.revive();
  }

  /** A request to the org as its administrator, outside the faulty network. */
  async salesforce<T>(method: string, path: string, body?: unknown): Promise<T> {
    const response = await this.org.handle({
      method,
      url: path.startsWith('/services') ? path : `${API}${path}`,
      headers: { authorization: `Bearer ${this.org.info.accessToken}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (method !== 'GET')
      this.trace.note(this.clock.now(), method, path, JSON.stringify(body) ?? '', response.status, response.body);
    if (response.status >= 400) throw new Error(`${method} ${path} answered ${response.status}: ${response.body}`);
    return (response.body ? JSON.parse(response.body) : null) as T;
  }

  /** A multipart request to the org as its administrator. */
  async upload<T>(path: string, boundary: string, parts: readonly Uint8Array[]): Promise<T> {
    const response = await this.org.handle({
      method: 'POST',
      url: `${API}${path}`,
      headers: {
        authorization: `Bearer ${this.org.info.accessToken}`,
        'content-type': `multipart/form-data; boundary=${boundary}`,
      },
      body: '',
      bytes: Buffer.concat(parts),
    });
    this.trace.note(this.clock.now(), path, response.status);
    if (response.status >= 400) throw new Error(`POST ${path} answered ${response.status}: ${response.body}`);
    return JSON.parse(response.body) as T;
  }

  /** A resource of the org as it came, with its headers. */
  async salesforceText(path: string): Promise<{ headers: Record<string, string>; body: string }> {
    const { status, headers, body } = await this.org.handle({
      method: 'GET',
      url: path,
      headers: { authorization: `Bearer ${this.org.info.accessToken}` },
      body: '',
    });
    if (status >= 400) throw new Error(`GET ${path} answered ${status}: ${body}`);
    return { headers, body };
  }

  /** The same for what a person does: undefined when the org refuses, as it may while a row is locked. */
  async person<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    return this.salesforce<T>(method, path, body).catch(() => undefined);
  }

  /** Anonymous Apex, as a person or a script runs it; false when it fails. */
  apex(text: string): boolean {
    const { success, compileProblem, exceptionMessage } = this.org.executeAnonymous(text);
    this.trace.note(this.clock.now(), text, String(success), compileProblem ?? exceptionMessage ?? '');
    if (compileProblem !== null) throw new Error(`${text}: ${compileProblem}`);
    return success;
  }

  async query<T>(soql: string): Promise<T[]> {
    return (await this.salesforce<{ records: T[] }>('GET', `/query?q=${encodeURIComponent(soql)}`)).records;
  }

  /** A request to the registry as a person there, outside the faulty network. Undefined when it refuses. */
  async registry<T>(method: string, path: string, body?: unknown): Promise<T | undefined> {
    if (this.lives.external.dead) return undefined;
    const response = await this.external
      .handle({
        method,
        url: path,
        headers: { authorization: `Bearer ${TOKENS.external}` },
        body: body === undefined ? '' : JSON.stringify(body),
      })
      .catch((error: unknown) => {
        if (!this.lives.external.dead) throw error;
        return null;
      });
    if (method !== 'GET')
      this.trace.note(this.clock.now(), method, path, JSON.stringify(body) ?? '', response?.status ?? 0);
    await this.revive();
    return response && response.status < 400 ? (JSON.parse(response.body) as T) : undefined;
  }

  close(): void {
    this.#listening?.abort(new Error('the simulation is over'));
    this.org.close();
  }
}
