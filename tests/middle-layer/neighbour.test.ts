import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { claimMessages, insertMessages, releaseLeases } from '../../src/middle-layer/db/messages.ts';
import { savePause } from '../../src/middle-layer/db/flow-state.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { Neighbour } from '../../src/simulation/neighbour.ts';
import { testDatabase } from './support/database.ts';

const NOW = new Date('2026-01-05T09:00:00Z');

/** Four messages of the Case flow, of as many keys: the neighbour has one of each sort. */
const DRAFTS = [1, 2, 3, 4].map((n) => ({
  ...{ id: `m${n}`, target: 'external', kind: 'request', key: `key ${n}`, version: 1, attempt: 0, revision: null },
  ...{ ordinal: 1, payload: {}, attempts: 0, dueAt: NOW, turnAt: NOW, begins: true },
}));

let db: Database;
let reset: () => Promise<void>;
let close: () => Promise<void>;

before(async () => {
  ({ db, reset, close } = await testDatabase());
});
after(() => close());
beforeEach(async () => {
  await reset();
  await savePause(db, 'cases', null);
  await insertMessages(db, 'cases', DRAFTS, NOW);
});

test('whoever works on one flow leaves the other as it is, and it goes without a trace', async () => {
  const neighbour = new Neighbour(db);
  assert.deepEqual(await neighbour.moveIn(), []);
  const sorts = await db.query<{ state: string }>("SELECT state FROM message WHERE flow = 'neighbour' ORDER BY 1");
  assert.deepEqual(
    sorts.map(({ state }) => state),
    ['dead', 'queued', 'queued', 'sending'],
  );
  const claim = { flow: 'cases', target: 'external', limit: 10, lease: 'middleLayer-0/a', leaseUntil: NOW, now: NOW };
  assert.equal((await claimMessages(db, claim)).length, 4);
  await releaseLeases(db, 'middleLayer-0', 'cases', 'external');
  // those that have come since have twins, too; none has two
  assert.deepEqual(await neighbour.moveIn(), []);
  assert.deepEqual(await neighbour.moveOut(), []);
  const left = await db.query("SELECT 1 FROM message WHERE flow <> 'cases' UNION ALL SELECT 1 FROM dead_letter");
  assert.equal(left.length, 0);
});

test('whoever touches it is told', async () => {
  const neighbour = new Neighbour(db);
  await neighbour.moveIn();
  await db.query("UPDATE message SET state = 'queued', lease = NULL, lease_until = NULL WHERE state = 'sending'");
  assert.match(
    (await neighbour.moveOut()).join('\n'),
    /another flow was touched, it had: message.*\n.*it has: message/,
  );
});
