import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

describe('retrying a dead letter', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  /** A world whose external system takes no requests, with one dead letter. */
  const deadRequest = async (): Promise<{ world: World; heal: () => void; id: number; key: string }> => {
    let healed = false;
    const world = await World.open(
      database.db,
      { maxAttempts: 1 },
      {
        ports: (ports) => ({
          ...ports,
          external: {
            send: (messages) =>
              healed
                ? ports.external.send(messages)
                : Promise.resolve(
                    messages.map(({ id }) => ({
                      id,
                      accepted: false,
                      retryable: false,
                      errorCode: 'BAD_MESSAGE',
                      message: 'bad',
                    })),
                  ),
          },
        }),
      },
    );
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    const [{ id }] = (await world.call('GET', '/v1/dead-letters')).json.deadLetters;
    return { world, heal: () => (healed = true), id, key };
  };
  const retry = (world: World, id: number | string) => world.call('POST', `/v1/dead-letters/${id}/retry`);

  it('of a request sends the Case as it is now', async () => {
    const { world, heal, id, key } = await deadRequest();
    heal();
    world.salesforce.cases.get(key)!.values.Subject = 'corrected';
    const { status, json } = await retry(world, id);
    assert.equal(status, 202);
    await world.run();
    const [request] = world.external.received;
    assert.deepEqual(
      [request!.id, request!.kind === 'request' && request!.values.Subject],
      [json.messageId, 'corrected'],
    );
    assert.ok((await world.outcomes(key)).includes('RETRIED'));
  });

  it('of a record sends the newest that is stored', async () => {
    const world = await World.open(database.db, { maxAttempts: 1 });
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    world.salesforce.refuse = () => ({ errorCode: 'STRING_TOO_LONG', retryable: false });
    world.external.change(created.key, { Status: 'Closed' });
    await world.run();
    const [{ id }] = (await world.call('GET', '/v1/dead-letters')).json.deadLetters;
    world.salesforce.refuse = () => null;
    await retry(world, id);
    await world.run();
    assert.equal(created.values.Status, 'Closed');
    assert.equal(world.external.records.get(created.key)!.syncStatus, 'Success');
  });

  it('never holds up the next version', async () => {
    const { world, heal, id, key } = await deadRequest();
    await retry(world, id);
    world.salesforce.updateCase(key, { Subject: 'newer' });
    heal();
    await world.sweep();
    await world.run();
    assert.equal(world.salesforce.cases.get(key)!.status, 'Success');
    const versions = world.external.received.flatMap((message) =>
      message.kind === 'request' ? [message.version] : [],
    );
    assert.equal(versions.at(-1), 2);
  });

  it('of a Case that cannot be carried says so by field, and changes nothing', async () => {
    const { world, heal, id, key } = await deadRequest();
    heal();
    world.salesforce.cases.get(key)!.values.Subject = 'a\0';
    const { status, json } = await world.call('POST', `/v1/dead-letters/${id}/retry`);
    assert.deepEqual([status, json.errorCode], [422, 'UNSTORABLE_TEXT']);
    assert.match(json.message, /^nothing was retried; Subject has a NUL character/);
    assert.equal((await world.call('GET', `/v1/dead-letters/${id}`)).json.resolution, null);
  });

  it('works once', async () => {
    const { world, id } = await deadRequest();
    await retry(world, id);
    const again = await retry(world, id);
    assert.deepEqual([again.status, again.json.errorCode], [409, 'CLOSED']);
  });

  it('changes nothing when Salesforce cannot be read', async () => {
    const { world, id } = await deadRequest();
    const readCases = world.salesforce.readCases.bind(world.salesforce);
    world.salesforce.readCases = () => Promise.reject(new TargetUnavailable('NO_ANSWER', 'timed out'));
    const { status, json } = await retry(world, id);
    assert.deepEqual([status, json.errorCode], [503, 'NO_ANSWER']);
    world.salesforce.readCases = readCases;
    assert.equal((await retry(world, id)).status, 202);
  });

  it('of an unknown one, or by a wrong id, says so', async () => {
    const { world } = await deadRequest();
    assert.equal((await retry(world, 99)).status, 404);
    assert.equal((await retry(world, 'x')).status, 400);
    assert.equal((await world.call('GET', '/v1/dead-letters/99')).status, 404);
  });

  it('of many reads their Cases in one call, and sends what matches alone', async () => {
    const { world, heal } = await deadRequest();
    for (let index = 0; index < 4; index++) world.salesforce.createCase({ Subject: `b${index}` });
    await world.sweep();
    await world.run();
    const all = async (body: object) => world.call('POST', '/v1/dead-letters/retry', body);
    assert.deepEqual((await all({ dryRun: true })).json, { matched: 5 });
    assert.deepEqual((await all({ dryRun: true, code: 'ANOTHER' })).json, { matched: 0 });
    assert.deepEqual((await all({ target: 'salesforce' })).json, { retried: 0, closed: 0, refused: [], next: null });
    heal();
    const [, second] = (await world.call('GET', '/v1/dead-letters')).json.deadLetters;
    world.salesforce.cases.get(second.key)!.values.Subject = 'a\0';
    world.salesforce.takeCallCount();
    const calls = async (): Promise<number> =>
      (await world.call('GET', '/v1/status')).json.flows.cases.counters.salesforceApiCalls;
    const before = await calls();
    const { status, json } = await all({ code: 'BAD_MESSAGE', kind: 'request' });
    assert.equal(status, 202);
    assert.equal((await calls()) - before, 1);
    assert.deepEqual([json.retried, json.closed, json.next], [4, 0, null]);
    assert.deepEqual(
      json.refused.map(({ id, errorCode }: { id: number; errorCode: string }) => [id, errorCode]),
      [[second.id, 'UNSTORABLE_TEXT']],
    );
    await world.run();
    const states = [...world.salesforce.cases.values()].map((found) => found.status);
    assert.deepEqual(states.filter((state) => state === 'Success').length, 4);
    assert.deepEqual((await all({ dryRun: true })).json, { matched: 1 });
  });

  it('of many goes on page by page, and says what is wrong with a filter', async () => {
    const { world, heal } = await deadRequest();
    for (let index = 0; index < 249; index++) world.salesforce.createCase({ Subject: 'a' });
    for (let sweeps = 0; sweeps < 6; sweeps++) {
      await world.sweep();
      await world.run();
    }
    heal();
    const first = (await world.call('POST', '/v1/dead-letters/retry', {})).json;
    const second = (await world.call('POST', '/v1/dead-letters/retry', { after: first.next })).json;
    assert.deepEqual([first.retried, second.retried, second.next], [200, 50, null]);
    for (const body of [{ code: 7 }, { kind: '' }, { after: -1 }, { after: 'x' }, { dryRun: 'yes' }])
      assert.equal((await world.call('POST', '/v1/dead-letters/retry', body)).status, 400, JSON.stringify(body));
  });

  it('of many changes nothing when Salesforce cannot be read', async () => {
    const { world } = await deadRequest();
    world.salesforce.readCases = () => Promise.reject(new TargetUnavailable('NO_ANSWER', 'timed out'));
    assert.equal((await world.call('POST', '/v1/dead-letters/retry', {})).status, 503);
    assert.deepEqual((await world.call('POST', '/v1/dead-letters/retry', { dryRun: true })).json, { matched: 1 });
  });

  it('is offered page by page', async () => {
    const world = await World.open(database.db, { maxAttempts: 1 });
    world.salesforce.refuse = () => ({ errorCode: 'BAD', retryable: false });
    for (let index = 0; index < 5; index++) world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    const first = (await world.call('GET', '/v1/dead-letters?limit=3')).json;
    const second = (await world.call('GET', `/v1/dead-letters?limit=3&after=${first.next}`)).json;
    assert.deepEqual([first.deadLetters.length, second.deadLetters.length, second.next], [3, 2, null]);
    assert.equal((await world.call('GET', '/v1/dead-letters?limit=x')).status, 400);
  });
});
