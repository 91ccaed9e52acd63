import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { FromExternal, ToExternal } from '../../src/shared/case-messages.ts';
import { seededRandom } from 'kernel/random.ts';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import type { Ports } from '../../src/flows/cases/carried/flow.ts';
import { testDatabase } from './support/database.ts';
import { Life, mortalDatabase, SimulatedCrash } from '../../src/simulation/life.ts';
import { mortalPorts } from './support/mortal-ports.ts';
import { World } from './support/world.ts';

const SEEDS = Number(process.env.HISTORIES ?? 6);
const LENGTH = Number(process.env.HISTORY_LENGTH ?? 80);
const MINUTE = 60_000;

/** A world in which everything that may go wrong does. */
class RoughWorld {
  readonly world: World;
  readonly #dice: ReturnType<typeof seededRandom>;
  #changes = 0;
  healed = false;

  constructor(world: World, seed: number) {
    this.world = world;
    this.#dice = seededRandom(seed * 7919);
  }

  chance(probability: number): boolean {
    return !this.healed && this.#dice.next() < probability;
  }

  pick<T>(list: readonly T[]): T | undefined {
    return list[Math.floor(this.#dice.next() * list.length)];
  }

  /** Links that time out before or after the other side acted, and lose what they said was delivered. */
  ports = (ports: Ports): Ports => ({
    salesforce: new Proxy(ports.salesforce, {
      get: (target, name) => {
        const member = Reflect.get(target, name, target) as unknown;
        if (typeof member !== 'function') return member;
        const call = (member as (...args: unknown[]) => unknown).bind(target);
        if (name === 'takeCallCount') return call;
        return async (...args: unknown[]) => {
          if (this.chance(0.05)) throw new TargetUnavailable('NO_ANSWER', 'timed out before');
          const result: unknown = await call(...args);
          if (this.chance(0.05)) throw new TargetUnavailable('NO_ANSWER', 'timed out after');
          return result;
        };
      },
    }),
    external: {
      send: async (messages) => {
        if (this.chance(0.05)) throw new TargetUnavailable('HTTP_503', 'down');
        const kept = messages.filter((message: ToExternal) => message.kind === 'request' || !this.chance(0.1));
        const receipts = new Map((await ports.external.send(kept)).map((receipt) => [receipt.id, receipt]));
        if (this.chance(0.1)) throw new TargetUnavailable('NO_ANSWER', 'timed out after');
        return messages.map(({ id }) => (this.chance(0.05) ? null : receipts.get(id)) ?? { id, accepted: true });
      },
    },
  });

  /** Hands over the outbox with losses, repeats and in another order. */
  async publish(): Promise<void> {
    const { world } = this;
    const messages = world.external.takeOutbox();
    const sent: FromExternal[] = messages.flatMap((message) =>
      this.chance(0.1) ? [] : this.chance(0.1) ? [message, message] : [message],
    );
    if (this.chance(0.3)) sent.reverse();
    if (sent.length === 0) return;
    const answer = await world.call('POST', '/v1/messages', { messages: sent });
    assert.equal(answer.status, 202);
  }

  async act(): Promise<void> {
    const { world } = this;
    const { salesforce, external } = world;
    const someCase = this.pick([...salesforce.cases.values()]);
    const someRecord = this.pick(
      [...external.records.values()].filter(({ deletedInSalesforce }) => !deletedInSalesforce),
    );
    const acts: (() => unknown)[] = [
      () => salesforce.createCase({ Subject: `new ${this.#changes++}` }, this.pick(['001A', '001B', null])),
      () => someCase && salesforce.updateCase(someCase.key, { Subject: `changed ${this.#changes++}` }),
      () => someRecord && external.change(someRecord.key, { Status: `changed ${this.#changes++}` }),
      () => this.chance(0.2) && someCase?.externalId && salesforce.deleteCase(someCase.key, '2026-11-21T07:30:00Z'),
      () => world.sweep(),
      () => world.layer.step(),
      () => world.layer.step(),
      () => this.publish(),
      () => this.publish(),
      () => salesforce.reconcile(),
      () => external.poll(),
      () => world.clock.advance(this.pick([1_000, MINUTE, 10 * MINUTE])!),
      () => (salesforce.settings.paused = this.chance(0.3)),
      () => {
        const failing = this.pick([...salesforce.cases.keys()]);
        salesforce.refuse = (key) =>
          key === failing && this.chance(0.5) ? { errorCode: 'UNABLE_TO_LOCK_ROW', retryable: true } : null;
      },
      () => {
        const failing = this.pick([...salesforce.cases.keys()]);
        salesforce.refuse = (key) =>
          key === failing && this.chance(0.5) ? { errorCode: 'STRING_TOO_LONG', retryable: false } : null;
      },
      () => {
        const failing = this.pick([...salesforce.cases.keys()]);
        external.refuse = ({ key }) => (key === failing && this.chance(0.5) ? 'ZIP_UNKNOWN' : null);
      },
    ];
    await this.pick(acts)!();
  }
}

describe('random histories', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  for (let seed = 1; seed <= SEEDS; seed++) {
    it(`end in agreement, seed ${seed}`, async () => {
      const world = new World(database.db, seed);
      const rough = new RoughWorld(world, seed);
      // in two of three seeds it knows some of its answers at once, or all
      world.external.answersAtOnce = () => world.random.next() < (seed % 3) / 2;
      const restart = (): Promise<void> => {
        // a start alone takes some twenty steps: it has to get further than that
        const life = new Life();
        life.dieIn(60 + Math.floor(world.random.next() * 200));
        return world.start({}, (ports) => mortalPorts(life)(rough.ports(ports)), mortalDatabase(database.db, life));
      };
      await restart();
      for (let acts = 0; acts < LENGTH;) {
        try {
          await rough.act();
          acts += 1;
        } catch (error) {
          if (!(error instanceof SimulatedCrash)) throw error;
          await restart();
        }
      }

      rough.healed = true;
      const { salesforce, external } = world;
      salesforce.settings.paused = false;
      await world.start();
      for (let rounds = 0; rounds < 12; rounds++) {
        await world.pass(30 * MINUTE);
        salesforce.reconcile();
        external.poll();
      }
      await world.pass(30 * MINUTE);

      const externalIds = [...external.records.values()].map(({ externalId }) => externalId);
      assert.equal(new Set(externalIds).size, externalIds.length);
      for (const found of salesforce.cases.values()) {
        const record = external.records.get(found.key);
        assert.ok(record, `${found.key} is missing outside`);
        assert.deepEqual(
          { status: found.status, pending: found.pending, externalId: found.externalId, values: found.values },
          { status: 'Success', pending: null, externalId: record.externalId, values: record.values },
        );
        assert.deepEqual([record.salesforceCaseId, record.syncStatus], [found.id, 'Success']);
      }
      const orphans = [...external.records.values()].filter(({ key }) => !salesforce.cases.has(key));
      assert.ok(
        orphans.every(({ key, deletedInSalesforce }) => deletedInSalesforce && salesforce.deletedKeys.has(key)),
      );
      const dead = (await world.call('GET', '/v1/dead-letters')).json.deadLetters as { key: string }[];
      assert.deepEqual(
        dead.filter(({ key }) => salesforce.cases.has(key)),
        [],
      );
      const { open } = await world.layer.idle();
      assert.equal(open, 0);
      assert.deepEqual(
        world.logs.filter(({ level, detail }) => level === 'error' && detail?.message !== new SimulatedCrash().message),
        [],
      );
    });
  }
});
