import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { FromExternal, MessageReceipt, ToExternal } from '../../src/shared/case-messages.ts';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import type { Ports } from '../../src/flows/cases/carried/flow.ts';
import { testDatabase } from './support/database.ts';
import { newKey, World } from './support/world.ts';

const MINUTE = 60_000;

describe('answers in receipts', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    world = await openWith((receipts) => receipts);
  });
  after(() => database.close());

  /** A world whose external system answers at once; `spoil` has the last word on its receipts. */
  const openWith = async (
    spoil: (receipts: MessageReceipt[], messages: readonly ToExternal[]) => MessageReceipt[],
  ): Promise<World> => {
    const opened = await World.open(
      database.db,
      {},
      {
        ports: (ports: Ports): Ports => ({
          ...ports,
          external: { send: async (messages) => spoil(await ports.external.send(messages), messages) },
        }),
      },
    );
    opened.external.answersAtOnce = () => true;
    return opened;
  };

  const withAnswers = (change: (answers: FromExternal[]) => unknown[]) => (receipts: MessageReceipt[]) =>
    receipts.map((receipt) =>
      receipt.accepted && receipt.answers
        ? { ...receipt, answers: change(receipt.answers) as FromExternal[] }
        : receipt,
    );

  it('carry a Case to Success, and nothing comes by POST /v1/messages', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'Noise' });
    await world.sweep();
    while (await world.layer.step());
    assert.equal(world.salesforce.cases.get(key)!.status, 'Success');
    assert.deepEqual(world.external.outbox, []);
    assert.deepEqual(await world.outcomes(key, 'request'), ['QUEUED', 'ACCEPTED']);
    assert.deepEqual(await world.outcomes(key, 'record'), ['QUEUED', 'APPLIED']);
    assert.deepEqual(await world.outcomes(key, 'writeBackConfirmed'), ['QUEUED', 'APPLIED']);
  });

  it('refuse a version just as well', async () => {
    world.external.refuse = () => 'ZIP_UNKNOWN';
    const created = world.salesforce.createCase({ Subject: 'Noise' });
    await world.run();
    assert.deepEqual([created.status, created.errorCode], ['Failed', 'ZIP_UNKNOWN']);
  });

  it('are asked for again when their receipt is lost: the same message, answered again', async () => {
    let lost = 0;
    world = await openWith((receipts) => {
      if (lost++ === 0) throw new TargetUnavailable('NO_ANSWER', 'timed out');
      return receipts;
    });
    const created = world.salesforce.createCase({ Subject: 'Noise' });
    await world.run();
    await world.pass(MINUTE);
    const requests = world.external.received.filter(({ kind }) => kind === 'request');
    assert.equal(new Set(requests.map(({ id }) => id)).size, 1);
    assert.deepEqual([requests.length, created.status, world.external.records.size], [2, 'Success', 1]);
  });

  it('that say nothing new are taken as a redelivery would be', async () => {
    let first: FromExternal[] = [];
    world = await openWith(
      withAnswers((answers) => {
        if (first.length === 0) first = answers;
        return answers[0]!.kind === 'record' ? [...structuredClone(first), ...answers] : answers;
      }),
    );
    const { key } = world.salesforce.createCase({ Subject: 'Noise' });
    await world.run();
    assert.deepEqual(await world.outcomes(key, 'record'), ['DUPLICATE', 'QUEUED', 'APPLIED']);
  });

  it('count as lost when they break a rule; the audit tells it of the message, the others are taken', async () => {
    const bad = withAnswers((answers) => answers.map((answer) => ({ ...answer, key: 'x' })));
    let key = '';
    world = await openWith((receipts, messages) =>
      receipts.map((receipt, index) => (messages[index]!.key === key ? bad([receipt])[0]! : receipt)),
    );
    const created = world.salesforce.createCase({ Subject: 'a' });
    const other = world.salesforce.createCase({ Subject: 'b' });
    ({ key } = created);
    await world.run();
    assert.deepEqual([created.status, other.status], ['In Progress', 'Success']);
    const [row] = await database.db.query<{ code: string }>(
      "SELECT code FROM audit WHERE key = $1 AND outcome = 'ACCEPTED'",
      [key],
    );
    assert.equal(row!.code, 'MALFORMED_MESSAGE');
    key = '';
    world.external.poll();
    await world.run();
    assert.equal(created.status, 'Success');
  });

  it('about another key than their message are not taken', async () => {
    const stranger = newKey();
    world = await openWith(withAnswers((answers) => answers.map((answer) => ({ ...answer, key: stranger }))));
    world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.deepEqual(await world.outcomes(stranger), []);
    const refusals = world.logs.filter(({ event }) => event === 'message refused');
    assert.deepEqual(
      refusals.map(({ detail }) => [detail?.key, detail?.code]),
      [[stranger, 'MALFORMED_MESSAGE']],
    );
  });
});
