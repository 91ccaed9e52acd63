/** A year in which something happens every day: what is kept stays bounded, and room that was taken is given back. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { purgeAudit } from '../../src/middle-layer/db/audit.ts';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const DAY = 86_400_000;

describe('retention', () => {
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
  const bytes = async (table: string): Promise<number> => {
    const [row] = await database.db.query<{ n: number }>(`SELECT pg_total_relation_size('${table}')::bigint AS n`);
    return row!.n;
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

  it('deletes from the audit only by retention, from the oldest on, and never changes it', async () => {
    const { db } = database;
    await db.query(
      `INSERT INTO audit (at, worker, flow, target, key, kind, outcome)
       SELECT timestamptz '2026-01-01' + n * interval '1 minute', 'w', 'cases', 'external', 'k', 'request', 'QUEUED' FROM generate_series(1, 12000) AS n`,
    );
    await assert.rejects(db.query('DELETE FROM audit'), /append-only/);
    assert.equal(await purgeAudit(db, new Date('2026-01-08T00:00:00Z')), 10_079);
    const [row] = await db.query<{ n: number; first: Date }>('SELECT count(*)::int AS n, min(at) AS first FROM audit');
    assert.deepEqual([row!.n, row!.first.toISOString()], [1_921, '2026-01-08T00:00:00.000Z']);
    await assert.rejects(db.query('DELETE FROM audit'), /append-only/, 'the door is closed again');
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.query("SELECT set_config('concord.retention', 'on', true)");
        await tx.query("UPDATE audit SET outcome = 'NOTHING'");
      }),
      /append-only/,
    );
  });

  it('gives back the room of what was deleted, tables and indexes', async (t) => {
    const { db } = database;
    if (!db.vacuum) return t.diagnostic('a server does that by itself: autovacuum');
    await db.query(
      `INSERT INTO message (flow, id, target, kind, key, payload, state, queued_at, next_attempt_at, turn_at, settled_at)
       SELECT 'cases', 'm' || n, 'external', 'request', 'k' || n, jsonb_build_object('values', repeat('x', 400) || n), 'done', now(), now(), now(), now()
       FROM generate_series(1, 20000) AS n`,
    );
    const full = await bytes('message');
    assert.ok(full > 12_000_000, `${full}`);
    await db.query('DELETE FROM message');
    await db.vacuum();
    const empty = await bytes('message');
    assert.ok(empty < 500_000, `an empty table takes ${empty} bytes, after ${full}`);
  });
});
