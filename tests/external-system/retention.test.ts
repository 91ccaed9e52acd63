/** What the registry keeps is bounded, and what the next request is merged on stays however old it is. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import type { RecordMessage, RequestMessage, Values } from '../../src/shared/case-messages.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import { markSent, rejectedMessages } from '../../src/external-system/db/outbox.ts';
import { recordsBehind } from '../../src/external-system/db/records.ts';
import { MAX_COUNTED } from '../../src/shared/sql/count-along.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { RowsRead } from '../support/rows-read.ts';
import { TestRegistry } from './support/registry.ts';
import { requestOf } from './support/request.ts';

const DAY = 86_400_000;
const TABLES = ['case_revision', 'case_request', 'case_repair', 'outbox'] as const;

let db: Database;
let registry: TestRegistry;
let key: string;

before(async () => (db = await openPglite()));
after(() => db.close());
beforeEach(async () => {
  registry = await TestRegistry.open(db);
  await db.script('TRUNCATE case_record, case_revision, case_request, case_repair, salesforce_deletion, outbox');
  key = randomUUID();
});

const request = (version: number, values: Values, baseRevision: number | null = null): RequestMessage =>
  requestOf(key, version, values, { baseRevision });

const acknowledge = ({ externalId, revision }: RecordMessage) =>
  registry.send({
    kind: 'acknowledge',
    id: randomUUID(),
    key,
    externalId,
    revision,
    success: true,
    seenRevision: revision,
  });

const rows = async (): Promise<Record<string, number>> => {
  const counts: Record<string, number> = {};
  for (const table of TABLES) {
    const [row] = await db.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
    counts[table] = row!.n;
  }
  return counts;
};

test('two years of changes from both sides leave one year of history, and two weeks of messages', async () => {
  let atRest: Record<string, number> = {};
  let newest: RecordMessage | null = null;
  for (let week = 0; week < 104; week += 2) {
    await registry.send(request(week / 2 + 1, { Subject: `week ${week}`, Status: 'New' }, newest?.revision ?? null));
    newest = await registry.lastRecord();
    await acknowledge(newest);
    await registry.call('POST', `/v1/cases/${newest.externalId}/carry`, {
      values: { Subject: `repaired ${week}` },
      repair: { run: randomUUID(), undoes: null, before: { Subject: `week ${week}` } },
      ifRevision: newest.revision,
    });
    newest = await registry.lastRecord();
    await acknowledge(newest);
    await registry.clock.advance(14 * DAY);
    await registry.system.tidy();
    if (week === 70) atRest = await rows();
  }
  const atEnd = await rows();
  for (const table of TABLES)
    assert.ok(
      atEnd[table]! <= atRest[table]! + 2,
      `${table}: ${atRest[table]} rows after 70 weeks, ${atEnd[table]} after 104`,
    );
  assert.ok(atEnd.case_revision! >= 50 && atEnd.case_revision! <= 60, JSON.stringify(atEnd));
  assert.ok(atEnd.outbox! <= 8, JSON.stringify(atEnd));
});

test('what a request is merged on stays, however long nothing happened', async () => {
  await registry.send(request(1, { Subject: 'a', Status: 'New' }));
  const first = await registry.lastRecord();
  await acknowledge(first);
  await registry.clock.advance(900 * DAY);
  // somebody outside changes what is theirs; Salesforce, which has not heard of it, changes what is its own
  await registry.call('PATCH', `/v1/cases/${first.externalId}`, { values: { Status: 'Working' } });
  await registry.delivered();
  await registry.clock.advance(450 * DAY);
  const deleted = await registry.system.tidy();
  assert.deepEqual([deleted.revisions, deleted.requests], [0, 0]);
  await registry.send(request(2, { Subject: 'b', Status: 'New' }, first.revision));
  const merged = await registry.lastRecord();
  assert.deepEqual([merged.values.Subject, merged.values.Status], ['b', 'Working']);
  // a repeat of the version is known, too
  await registry.clock.advance(450 * DAY);
  await registry.system.tidy();
  await registry.send(request(2, { Subject: 'b', Status: 'New' }, first.revision));
  assert.equal((await registry.lastRecord()).revision, merged.revision);
});

test('messages that were refused for good stay for a person and are told, until a newer one replaces them', async () => {
  await registry.send(request(1, { Subject: 'a', Status: 'New' }));
  await registry.delivered();
  await db.query(
    `INSERT INTO outbox (message_id, key, kind, payload, state, next_at, created_at)
     SELECT state, $2, 'record', '{}', state, $1, $1 FROM unnest(ARRAY['rejected', 'queued']) AS state`,
    [new Date(registry.clock.now()), key],
  );
  const attention = async (): Promise<string[]> => (await registry.call('GET', '/ready')).body.attention;
  const states = async (): Promise<string[]> =>
    (await db.query<{ state: string }>('SELECT DISTINCT state FROM outbox ORDER BY 1')).map(({ state }) => state);
  await registry.clock.advance(30 * DAY);
  await registry.system.tidy();
  assert.deepEqual(await states(), ['queued', 'rejected']);
  await registry.clock.advance(400 * DAY);
  await registry.system.tidy();
  assert.deepEqual(await states(), ['queued', 'rejected']);
  const [line] = await attention();
  assert.match(line!, new RegExp(`refused 1 messages for good \\(of ${key}\\)`));
  const [newer] = await db.query<{ id: number }>("SELECT id FROM outbox WHERE state = 'queued'");
  await markSent(db, [newer!.id], new Date(registry.clock.now()));
  assert.deepEqual(await states(), ['sent', 'superseded']);
  assert.deepEqual(await attention(), []);
  await registry.clock.advance(15 * DAY);
  await registry.system.tidy();
  assert.deepEqual(await states(), []);
});

test('what readiness counts costs the same, however much there is to count', async () => {
  const now = new Date(registry.clock.now());
  const many = MAX_COUNTED + 200;
  await db.query(
    `INSERT INTO case_record (external_id, key, revision, values, sync_status, created_at, updated_at, sync_next_at, seen_revision)
     SELECT 'R-' || lpad(n::text, 6, '0'), 'key-' || n, 1, '{}', 'In Progress', $1, $1, $1, CASE WHEN n % 2 = 0 THEN 2 END FROM generate_series(1, $2::int) AS n`,
    [now, 2 * many],
  );
  await db.query(
    `INSERT INTO outbox (message_id, key, kind, payload, state, next_at, created_at)
     SELECT 'm' || n, 'key-' || n, 'record', '{}', CASE WHEN n % 2 = 0 THEN 'rejected' ELSE 'sent' END, $1, $1 FROM generate_series(1, $2::int) AS n`,
    [now, 2 * many],
  );
  const attention = async (): Promise<string> => (await registry.call('GET', '/ready')).body.attention.join('\n');
  assert.match(await attention(), /state: 1,000 or more records \(R-000002, R-000004, .*, …\)/);
  assert.match(await attention(), /refused 1,000 or more messages for good \(of key-2, key-4, key-6, …\)/);
  for (const ask of [recordsBehind, rejectedMessages]) {
    const asked = new RowsRead(db);
    assert.equal((await ask(asked)).count, MAX_COUNTED);
    assert.ok(asked.most <= MAX_COUNTED + 10, `${asked.most} rows: ${asked.where}`);
  }
  await db.query("DELETE FROM outbox WHERE message_id NOT IN ('m2', 'm3', 'm4', 'm6', 'm8')");
  await db.query("DELETE FROM case_record WHERE external_id > 'R-000008'");
  assert.deepEqual(await rejectedMessages(db), { count: 4, keys: ['key-2', 'key-4', 'key-6'] });
  assert.deepEqual(await recordsBehind(db), { count: 4, first: ['R-000002', 'R-000004', 'R-000006', 'R-000008'] });
});
