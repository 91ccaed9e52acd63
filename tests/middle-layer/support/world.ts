import { randomUUID } from 'node:crypto';
import type { MessageReceipts } from '../../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import type { HttpResponse } from 'kernel/http.ts';
import { seededRandom, type Random } from 'kernel/random.ts';
import type { Database } from '../../../src/shared/sql/types.ts';
import { InMemoryExternal } from '../../flows/cases/in-memory/external.ts';
import { InMemorySalesforce } from '../../flows/cases/in-memory/salesforce.ts';
import { assemble, type MiddleLayer } from '../../../src/middle-layer/index.ts';
import { casesBetween, type Ports } from '../../../src/flows/cases/carried/flow.ts';
import type { Settings } from '../../../src/middle-layer/settings.ts';

export const START = Date.parse('2026-11-21T07:30:00Z');

export interface LogLine {
  level: string;
  event: string;
  detail: Record<string, unknown> | undefined;
}

/** Both sides in memory, and a middle layer between them that can be ended and started again. */
export class World {
  readonly clock = new ManualClock(START);
  readonly random: Random;
  readonly salesforce: InMemorySalesforce;
  readonly external: InMemoryExternal;
  readonly logs: LogLine[] = [];
  readonly db: Database;
  layer!: MiddleLayer;

  constructor(
    db: Database,
    seed = 1,
    salesforceOf = (random: Random): InMemorySalesforce => new InMemorySalesforce(random),
  ) {
    this.db = db;
    this.random = seededRandom(seed);
    this.salesforce = salesforceOf(this.random);
    this.external = new InMemoryExternal(this.random);
  }

  static async open(
    db: Database,
    settings: Partial<Settings> = {},
    options: { seed?: number; ports?: (ports: Ports) => Ports } = {},
  ): Promise<World> {
    const world = new World(db, options.seed);
    await world.start(settings, options.ports);
    return world;
  }

  /** Starts a middle layer on the database, as a new process would. */
  async start(
    settings: Partial<Settings> = {},
    ports: (ports: Ports) => Ports = (same) => same,
    db = this.db,
  ): Promise<void> {
    this.layer = await assemble(
      {
        db,
        clock: this.clock,
        random: this.random,
        settings: { salesforceLingerMs: 0, wakeGapMs: 0, ...settings },
        log: (level, event, detail) => this.logs.push({ level, event, detail }),
      },
      [casesBetween(ports({ salesforce: this.salesforce, external: this.external }))],
    );
  }

  /** Calls the middle layer's API. */
  async call(
    method: string,
    url: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<HttpResponse & { json: any }> {
    const response = await this.layer.handle({
      method,
      url,
      headers,
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return { ...response, json: response.body ? JSON.parse(response.body) : null };
  }

  /** Hands over the external system's outbox; what is not accepted goes back. Returns how many were accepted. */
  async publish(): Promise<number> {
    const messages = this.external.takeOutbox();
    if (messages.length === 0) return 0;
    const { json } = await this.call('POST', '/v1/messages', { messages }).catch((error: unknown) => {
      this.external.outbox.unshift(...messages); // no answer: they are sent again
      throw error;
    });
    const { results } = json as MessageReceipts;
    this.external.outbox.unshift(...messages.filter((_, index) => !results[index]!.accepted));
    return results.filter(({ accepted }) => accepted).length;
  }

  /** One sweep now. */
  async sweep(): Promise<void> {
    await this.layer.wake();
    await this.layer.step();
  }

  /** Lets everything run that can without time passing. */
  async run(): Promise<void> {
    for (let rounds = 0; rounds < 200; rounds++) {
      const did = await this.layer.step();
      const published = await this.publish();
      if (!did && published === 0) return;
    }
    throw new Error('the middle layer does not come to rest');
  }

  /** Moves the clock on, and lets everything run. */
  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms);
    await this.run();
  }

  /** Outcomes in the audit of a key, in order. */
  async outcomes(key: string, kind?: string): Promise<string[]> {
    const rows = await this.db.query<{ kind: string; outcome: string }>(
      'SELECT kind, outcome FROM audit WHERE key = $1 ORDER BY seq',
      [key],
    );
    return rows.filter((row) => kind === undefined || row.kind === kind).map(({ outcome }) => outcome);
  }

  async states(): Promise<Record<string, number>> {
    const rows = await this.db.query<{ name: string; count: number }>(
      "SELECT target || ' ' || kind || ' ' || state AS name, count(*) AS count FROM message GROUP BY 1 ORDER BY 1",
    );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  }
}

export const newKey = (): string => randomUUID();
