/** A year in which something happens every day: what is kept stays bounded. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const DAY = 86_400_000;

describe('retention over a year', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  const GROWING = ['message', 'dead_letter', 'audit', 'inbox', 'conflict', 'tombstone', 'queue_depth'];
  /** One row for each record, flow or channel; none for what happens to them. */
  const STANDING = ['case_state', 'key_lock', 'flow_state', 'sweep_state', 'replay_id', 'counter', 'intake'];

  const rows = async (tables: readonly string[]): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    for (const table of tables) {
      const [row] = await database.db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
      counts[table] = row!.n;
    }
    return counts;
  };

  it('keeps every table bounded over a year of changes, refusals and edits outside', async () => {
    const { retention } = DEFAULT_SETTINGS;
    const world = await World.open(database.db, { maxAttempts: 1, retention: { ...retention, auditMs: 60 * DAY } });
    const kept = world.salesforce.createCase({ Subject: 'the same Case all year' });
    const doomed = world.salesforce.createCase({ Subject: 'refused' });
    world.salesforce.refuse = (key) => (key === doomed.key ? { errorCode: 'STRING_TOO_LONG', retryable: false } : null);
    await world.run();
    let atRest: Record<string, number> = {};
    for (let day = 2; day <= 365; day += 2) {
      world.external.change(kept.key, { Subject: `day ${day}` });
      await world.publish();
      // the middle layer works every tenth day: its retention is asked for as often
      if (day % 10 === 0) await world.pass(10 * DAY);
      if (day === 100) atRest = await rows(GROWING);
    }
    const atEnd = await rows(GROWING);
    for (const table of GROWING)
      assert.ok(
        atEnd[table]! <= atRest[table]! * 1.1 + 5,
        `${table}: ${atRest[table]} rows after 100 days, ${atEnd[table]} after 365`,
      );
    assert.ok(atRest.audit! > 60 && atRest.message! > 2, `something happened: ${JSON.stringify(atRest)}`);
    const standing = await rows(STANDING);
    for (const table of STANDING) assert.ok(standing[table]! <= 12, `${table}: ${standing[table]} rows for two Cases`);
    const [oldest] = await database.db.query<{ at: Date }>('SELECT min(at) AS at FROM audit');
    assert.ok(world.clock.now() - oldest!.at.getTime() <= 61 * DAY, 'the audit ends where retention says');
    assert.ok(world.logs.some(({ event, detail }) => event === 'retention' && Number(detail!.audit) > 0));
  });
});
