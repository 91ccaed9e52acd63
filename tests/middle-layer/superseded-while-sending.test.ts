import { Notices } from '../../src/middle-layer/notices.ts';
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withBudget } from '../../src/middle-layer/budget.ts';
import { createSender } from '../../src/middle-layer/queue/sender.ts';
import { enqueue } from '../../src/middle-layer/queue/enqueue.ts';
import { lockKeys } from '../../src/middle-layer/db/keys.ts';
import { Circuit } from '../../src/middle-layer/queue/circuit.ts';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';
import type { Draft } from '../../src/middle-layer/types.ts';
import { ManualClock } from 'kernel/clock.ts';
import { seededRandom } from 'kernel/random.ts';
import { testDatabase } from './support/database.ts';

const KEY = '11111111-1111-4111-8111-111111111111';

const request = (version: number): Draft => ({
  id: `request ${version}`,
  target: 'external',
  kind: 'request',
  key: KEY,
  version,
  attempt: 0,
  revision: null,
  ordinal: version,
  begins: true,
  payload: {},
});

test('a message that is superseded while it is being sent in vain has an end in the audit', async () => {
  const { db, close } = await testDatabase();
  const clock = new ManualClock(0);
  const context = withBudget({
    flow: 'cases',
    notices: new Notices(() => {}),
    db,
    clock,
    random: seededRandom(1),
    settings: DEFAULT_SETTINGS,
    log: () => {},
    worker: 'w',
  });
  const queue = (draft: Draft): Promise<void> =>
    db.transaction(async (tx) => {
      await lockKeys(tx, 'cases', [KEY]);
      await enqueue(context, tx, [draft]);
    });
  await db.query('UPDATE flow_state SET pause = NULL');
  await queue(request(1));
  const sender = createSender(
    context,
    'external',
    async (messages) => {
      await queue(request(2));
      return messages.map(() => ({ is: 'unavailable', code: 'HTTP_503', durationMs: 0 }));
    },
    async () => [],
    new Circuit(DEFAULT_SETTINGS.outage, context.random),
  );
  await sender.pass();
  const audit = await db.query<{ outcome: string }>(
    "SELECT outcome FROM audit WHERE message_id = 'request 1' ORDER BY seq",
  );
  assert.deepEqual(
    audit.map(({ outcome }) => outcome),
    ['QUEUED', 'UNAVAILABLE', 'SUPERSEDED'],
  );
  await close();
});
