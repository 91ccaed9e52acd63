import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { PostgresServer } from '../../../scripts/testing/postgres/server.ts';
import { InMemorySalesforce } from '../../flows/cases/in-memory/salesforce.ts';
import { json, serve, type Listening } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { fakeOrg, TOKEN } from '../../contract/middle-layer/fake-org.ts';
import { MIDDLE_LAYER, REGISTRY, startPart, type Part } from './part.ts';
import { tcpProxy, type TcpProxy } from './tcp-proxy.ts';

const SETTINGS = {
  pollIntervalMs: 500,
  wakeGapMs: 100,
  queuePollMs: 200,
  outage: { baseMs: 50, maxMs: 500 },
  deferral: { baseMs: 50, maxMs: 500 },
};

/** An org in memory, and middle layer and registry as processes, each with a database of its own on one server behind a proxy. */
export class ServedSystem {
  readonly org = new InMemorySalesforce(seededRandom(1));
  readonly server: PostgresServer;
  readonly ways: { middleLayer: TcpProxy; registry: TcpProxy };
  readonly #servers: Listening[];
  middleLayer!: Part;
  registry!: Part;

  private constructor(server: PostgresServer, ways: ServedSystem['ways'], servers: Listening[]) {
    this.server = server;
    this.ways = ways;
    this.#servers = servers;
  }

  static async start(server: PostgresServer): Promise<ServedSystem> {
    for (const name of ['middle_layer', 'registry']) await server.sql(`CREATE DATABASE ${name}`);
    const ways = { middleLayer: await tcpProxy(server.port), registry: await tcpProxy(server.port) };
    // the parts name each other: the registry is told of a door that passes on to the middle layer
    const door = await serve(async (request) => {
      const response = await fetch(`${system.middleLayer.url}${request.url}`, {
        method: request.method,
        headers: { authorization: request.headers.authorization ?? '' },
        body: request.body,
      }).catch(() => null);
      return response ? { status: response.status, headers: {}, body: await response.text() } : json(502, {});
    });
    const system: ServedSystem = new ServedSystem(server, ways, [door]);
    const orgServer = await serve(fakeOrg(system.org));
    system.#servers.push(orgServer);
    system.registry = await startPart(REGISTRY, {
      EXTERNAL_DATABASE_URL: urlOf(ways.registry, 'registry'),
      EXTERNAL_TOKEN: 'e',
      MIDDLE_LAYER_URL: door.url,
      MIDDLE_LAYER_TOKEN: 'secret-e',
      EXTERNAL_SETTINGS: JSON.stringify({ outboxIntervalMs: 100, backoffMs: 50, maxBackoffMs: 500 }),
    });
    system.middleLayer = await startPart(MIDDLE_LAYER, {
      DATABASE_URL: urlOf(ways.middleLayer, 'middle_layer'),
      SALESFORCE_URL: orgServer.url,
      SALESFORCE_ACCESS_TOKEN: TOKEN,
      SALESFORCE_STREAM: 'off',
      CASES_EXTERNAL_URL: system.registry.url,
      CASES_EXTERNAL_TOKEN: 'e',
      CASES_CALLER_TOKEN: 'secret-e',
      MIDDLE_LAYER_OPERATOR_TOKEN: 'secret-o',
      MIDDLE_LAYER_SETTINGS: JSON.stringify(SETTINGS),
    });
    return system;
  }

  /** Both ways to the server. */
  each(act: (way: TcpProxy) => void): void {
    for (const way of Object.values(this.ways)) act(way);
  }

  async get(part: 'middleLayer' | 'registry', path: string): Promise<{ status: number; body: any }> {
    const token = part === 'registry' ? 'e' : 'secret-o';
    const response = await fetch(`${this[part].url}${path}`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(15_000),
    });
    return { status: response.status, body: await response.json() };
  }

  /** People save a Case every 50 ms until the work is done. */
  async during(work: () => Promise<void>): Promise<void> {
    let over = false;
    const people = (async () => {
      while (!over) {
        this.org.createCase({ Subject: `Case ${this.org.cases.size}` });
        await pause(50);
      }
    })();
    try {
      await work();
    } finally {
      over = true;
      await people;
    }
  }

  /** Waits until every Case is answered; then everything is there once, and both processes have lived through it. */
  async settled(timeoutMs = 60_000): Promise<void> {
    const until = performance.now() + timeoutMs;
    const open = (): number => [...this.org.cases.values()].filter(({ status }) => status !== 'Success').length;
    const assertAlive = (): void => {
      for (const { child, words } of [this.middleLayer, this.registry])
        assert.equal(child.exitCode, null, words().slice(-2_000));
    };
    while (open() > 0 && performance.now() < until) {
      await pause(100);
      assertAlive();
    }
    assert.equal(open(), 0, `Cases without an answer:\n${this.middleLayer.words().slice(-2_000)}`);
    assertAlive();
    const records = await this.server.sqlOn<{ key: string; revision: number }>(
      'registry',
      'SELECT key, revision::int FROM case_record',
    );
    assert.equal(records.length, this.org.cases.size, 'each Case is one record');
    assert.deepEqual(new Set(records.map(({ revision }) => revision)), new Set([1]), 'and was changed by nobody');
    while ((await this.get('middleLayer', '/ready')).status !== 200 && performance.now() < until) await pause(100);
    assert.deepEqual((await this.get('middleLayer', '/ready')).body.problems, []);
    assert.equal((await this.get('registry', '/ready')).status, 200);
  }

  async close(): Promise<void> {
    await Promise.all([this.middleLayer?.stop(), this.registry?.stop()]);
    for (const server of this.#servers) await server.close();
    await Promise.all(Object.values(this.ways).map((way) => way.close()));
  }
}

const urlOf = ({ port }: TcpProxy, database: string): string =>
  `postgres://concord@127.0.0.1:${port}/${database}?connect_timeout=1`;
