/** What is kept goes by retention alone, and room that was taken is given back. */
import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { purgeAudit } from '../../src/middle-layer/db/audit.ts';
import { testDatabase } from './support/database.ts';

describe('retention', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  const bytes = async (table: string): Promise<number> => {
    const [row] = await database.db.query<{ n: number }>(`SELECT pg_total_relation_size('${table}')::bigint AS n`);
    return row!.n;
  };

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
