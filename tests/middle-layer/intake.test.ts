import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { MEMORY_ORG_ID } from '../flows/cases/in-memory/salesforce.ts';
import { seededRandom } from 'kernel/random.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { badScalar, goodScalar, INHERITED, pick, toJson } from '../shared/support/hostile.ts';
import { testDatabase } from './support/database.ts';
import { newKey, World } from './support/world.ts';

const MINUTE = 60_000;

describe('POST /v1/intake', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    world = await World.open(database.db);
    await world.sweep();
  });
  after(() => database.close());

  const intake = (more: object = {}) =>
    world.call('POST', '/v1/intake', {
      orgId: MEMORY_ORG_ID,
      key: null,
      values: { Subject: 'Noise', Caller_Phone: '555-0100' },
      ...more,
    });
  const stored = async (): Promise<string> =>
    JSON.stringify([
      await database.db.query('SELECT payload FROM message'),
      await database.db.query('SELECT payload FROM intake'),
    ]);

  it('commits, then answers with the tracking key; the Case arrives under it', async () => {
    const { status, json } = await intake();
    assert.equal(status, 202);
    assert.match(json.trackingKey, /^[0-9a-f-]{36}$/);
    assert.match(await stored(), /555-0100/);
    await world.run();
    const created = world.salesforce.cases.get(json.trackingKey)!;
    assert.deepEqual([created.status, created.values], ['Success', { Subject: 'Noise' }]);
    const record = world.external.records.get(json.trackingKey)!;
    assert.deepEqual([record.values, record.extra], [{ Subject: 'Noise' }, { Caller_Phone: '555-0100' }]);
    assert.equal(world.salesforce.cases.size, 1);
  });

  it('drops the fields that Salesforce never stores once the external system has answered', async () => {
    await intake();
    await world.run();
    assert.doesNotMatch(await stored(), /555-0100/);
  });

  it('gives the same answer to the same key, and sends it once', async () => {
    const key = newKey();
    assert.equal((await intake({ key: key.toUpperCase() })).json.trackingKey, key);
    assert.equal((await intake({ key })).json.trackingKey, key);
    await world.run();
    assert.deepEqual(await intake({ key }).then(({ status, json }) => [status, json.trackingKey]), [202, key]);
    await world.run();
    assert.equal(world.external.received.filter(({ kind }) => kind === 'request').length, 1);
  });

  it('accepts nothing before Salesforce was reached, from another org, or under the key of a Case', async () => {
    const refused = async (more: object): Promise<unknown> => {
      const { status, json } = await intake(more);
      assert.match(json.message, /^nothing accepted; /);
      return [status, json.errorCode, json.retryable];
    };
    assert.deepEqual(await refused({ orgId: '00D999999999999' }), [409, 'ANOTHER_ORG', false]);
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    await world.sweep();
    assert.deepEqual(await refused({ key }), [409, 'KEY_TAKEN', false]);
    await database.reset();
    assert.deepEqual(await refused({}), [503, 'NOT_READY', true]);
    assert.equal(await stored(), '[[],[]]');
  });

  it('names what is wrong with a request', async () => {
    const refused = async (more: object): Promise<string> => {
      const { status, json } = await intake(more);
      assert.equal(status, 400);
      return json.message;
    };
    assert.match(await refused({ orgId: 'x' }), /^orgId must be/);
    assert.match(await refused({ key: 'x' }), /^key must be/);
    assert.match(await refused({ values: { a: {} } }), /^values\.a must be/);
  });

  it('takes in any values that can be stored, and names the field of any that cannot: never an error of its own', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const random = seededRandom(seed);
      const values: Record<string, unknown> = { Subject: 'Noise', Landmark: goodScalar(random) };
      for (const name of INHERITED) if (name !== '__proto__') values[name] = goodScalar(random);
      const isBad = seed % 2 === 0;
      const field = pick(random, ['Subject', 'Landmark', 'constructor']);
      if (isBad) values[field] = badScalar(random);
      const answer = await world.layer.handle({
        method: 'POST',
        url: '/v1/intake',
        headers: {},
        body: toJson({ orgId: MEMORY_ORG_ID, key: null, values }),
      });
      const { message = '' } = JSON.parse(answer.body) as { message?: string };
      assert.equal(answer.status, isBad ? 400 : 202, `seed ${seed}: ${answer.body}`);
      if (isBad) assert.ok(message.startsWith(`values.${field} `), `seed ${seed}: ${message}`);
    }
  });

  it('refuses what only the database finds fault with, and does not call it safe to repeat', async () => {
    const odd: Database = {
      ...database.db,
      transaction: (work) =>
        database.db.transaction((tx) =>
          work({
            query: (text, parameters) => {
              if (text.includes('INSERT INTO intake'))
                throw Object.assign(new Error('bad value "secret"'), { code: '22P05' });
              return tx.query(text, parameters);
            },
          }),
        ),
    };
    await world.start({}, undefined, odd);
    const { status, json } = await intake();
    assert.deepEqual([status, json.errorCode, json.retryable], [422, 'NOT_STORABLE', false]);
    assert.match(json.message, /^nothing accepted; .*SQLSTATE 22P05/);
    assert.equal(JSON.stringify([json, world.logs]).includes('secret'), false);
  });

  it('keeps a refused request as a dead letter, extra fields and all, for nobody else has it', async () => {
    world.external.refuse = () => 'ZIP_UNKNOWN';
    const { trackingKey } = (await intake()).json;
    await world.run();
    const { deadLetters } = (await world.call('GET', '/v1/dead-letters')).json;
    assert.deepEqual(
      deadLetters.map(({ key, code }: any) => [key, code]),
      [[trackingKey, 'ZIP_UNKNOWN']],
    );
    assert.equal(world.salesforce.cases.size, 0);

    world.external.refuse = () => null;
    assert.equal((await world.call('POST', `/v1/dead-letters/${deadLetters[0].id}/retry`)).status, 202);
    await world.run();
    assert.equal(world.salesforce.cases.get(trackingKey)!.status, 'Success');
    assert.deepEqual(world.external.records.get(trackingKey)!.extra, { Caller_Phone: '555-0100' });
    assert.doesNotMatch(await stored(), /555-0100/);
  });

  it('is asked for again, with all its fields, when the external system lost it, and is done once', async () => {
    const send = world.external.send.bind(world.external);
    const lost: unknown[] = [];
    world.external.send = async (messages) => {
      lost.push(...messages);
      return messages.map(({ id }) => ({ id, accepted: true }));
    };
    const { trackingKey } = (await intake()).json;
    await world.run();
    assert.equal(lost.length, 1);
    world.external.send = send;
    await world.pass(14 * MINUTE);
    assert.equal(world.external.records.size, 0);
    await world.pass(2 * MINUTE);
    assert.equal(world.salesforce.cases.get(trackingKey)!.status, 'Success');
    assert.deepEqual(world.external.records.get(trackingKey)!.extra, { Caller_Phone: '555-0100' });
    await world.pass(600 * MINUTE);
    assert.equal(world.external.received.filter(({ kind }) => kind === 'request').length, 1);
  });

  it('is asked for at a slow pace until it is answered, however long that takes, and is told as overdue', async () => {
    const send = world.external.send.bind(world.external);
    let lost = 0;
    world.external.send = async (messages) => {
      lost += messages.length;
      return messages.map(({ id }) => ({ id, accepted: true }));
    };
    const { trackingKey } = (await intake()).json;
    const overdue = async (): Promise<number> =>
      (await world.call('GET', '/v1/status')).json.flows.cases.intakes.overdue;
    for (let passes = 0; passes < 8; passes++) await world.pass(30 * MINUTE);
    assert.equal(lost, 4, 'the pause doubles');
    assert.equal(await overdue(), 0, 'it may still be answered');
    for (let passes = 0; passes < 160; passes++) await world.pass(30 * MINUTE);
    assert.ok(lost >= 4 + 17 && lost <= 4 + 20, `then six times a day, without end: ${lost}`);
    assert.equal(await overdue(), 1, 'the operator sees it');
    assert.deepEqual((await world.call('GET', '/v1/dead-letters')).json.deadLetters, [], 'nobody refused it');
    world.external.send = send;
    await world.pass(241 * MINUTE);
    assert.equal(world.salesforce.cases.get(trackingKey)!.status, 'Success');
    assert.equal(await overdue(), 0);
  });

  it('keeps a request that is refused again after a retry', async () => {
    world.external.refuse = () => 'ZIP_UNKNOWN';
    await intake();
    await world.run();
    const [first] = (await world.call('GET', '/v1/dead-letters')).json.deadLetters;
    await world.call('POST', `/v1/dead-letters/${first.id}/retry`);
    await world.run();
    const { deadLetters } = (await world.call('GET', '/v1/dead-letters')).json;
    assert.equal(deadLetters.length, 1);
    const { message } = (await world.call('GET', `/v1/dead-letters/${deadLetters[0].id}`)).json;
    assert.deepEqual(message.extra, { Caller_Phone: '555-0100' });
  });
});
