import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

const HOUR = 3_600_000;

describe('refusals', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  it('of a request by the external system fail the Case, and its retry goes through', async () => {
    const world = await World.open(database.db);
    world.external.refuse = () => 'ZIP_UNKNOWN';
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.deepEqual([created.status, created.pending, created.errorCode], ['Failed', 'Retry', 'ZIP_UNKNOWN']);

    world.external.refuse = () => null;
    world.salesforce.reconcile();
    await world.sweep();
    await world.run();
    assert.equal(created.status, 'Success');
    assert.equal(world.external.records.size, 1);
  });

  it('of a record by Salesforce are acknowledged as failures, retried as often as allowed, then kept as a dead letter', async () => {
    const world = await World.open(database.db, { maxAttempts: 3 });
    world.salesforce.refuse = () => ({ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', retryable: false });
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.equal(world.external.records.get(key)!.syncStatus, 'Failed');
    for (let tries = 0; tries < 5; tries++) await world.pass(HOUR);

    assert.deepEqual(await world.outcomes(key, 'record'), ['QUEUED', 'REFUSED', 'REFUSED', 'REFUSED']);
    const { json } = await world.call('GET', '/v1/dead-letters');
    assert.equal(json.deadLetters.length, 1);
    const [letter] = json.deadLetters;
    assert.equal(letter.code, 'FIELD_CUSTOM_VALIDATION_EXCEPTION');
    const shown = (await world.call('GET', `/v1/dead-letters/${letter.id}`)).json;
    assert.equal(shown.message.values.Subject, 'a');
    assert.deepEqual(
      shown.history.map((entry: { outcome: string }) => entry.outcome),
      ['QUEUED', 'REFUSED', 'REFUSED', 'REFUSED'],
    );
  });

  it('of one record delay no other', async () => {
    const world = await World.open(database.db);
    const cases = Array.from({ length: 20 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    const bad = cases[7]!;
    world.salesforce.refuse = (key) => (key === bad.key ? { errorCode: 'STRING_TOO_LONG', retryable: false } : null);
    await world.run();
    assert.deepEqual(
      cases.filter(({ status }) => status !== 'Success'),
      [bad],
    );
  });

  it('never hold up the next version: it supersedes the dead letter', async () => {
    const world = await World.open(database.db, { maxAttempts: 1 });
    world.salesforce.refuse = () => ({ errorCode: 'STRING_TOO_LONG', retryable: false });
    const created = world.salesforce.createCase({ Subject: 'too long' });
    await world.run();
    assert.equal((await world.call('GET', '/v1/dead-letters')).json.deadLetters.length, 1);

    world.salesforce.refuse = () => null;
    world.salesforce.updateCase(created.key, { Subject: 'short' });
    await world.sweep();
    await world.run();
    assert.equal(created.status, 'Success');
    assert.equal((await world.call('GET', '/v1/dead-letters')).json.deadLetters.length, 0);
  });

  it('of a row lock consume no attempt', async () => {
    const world = await World.open(database.db, { maxAttempts: 2 });
    let locked = 6;
    world.salesforce.refuse = () => (locked-- > 0 ? { errorCode: 'UNABLE_TO_LOCK_ROW', retryable: true } : null);
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    for (let tries = 0; tries < 10; tries++) await world.pass(HOUR);
    assert.equal(created.status, 'Success');
    assert.deepEqual(await world.outcomes(created.key, 'record'), [
      'QUEUED',
      ...Array<string>(6).fill('DEFERRED'),
      'APPLIED',
    ]);
  });

  it('of a request that the external system will not even take show in Salesforce', async () => {
    const world = await World.open(
      database.db,
      { maxAttempts: 2 },
      {
        ports: (ports) => ({
          ...ports,
          external: {
            send: async (messages) =>
              messages.map(({ id }) => ({
                id,
                accepted: false,
                retryable: false,
                errorCode: 'BAD_MESSAGE',
                message: 'values must be an object',
              })),
          },
        }),
      },
    );
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    await world.pass(HOUR);
    assert.deepEqual([created.status, created.errorCode], ['Failed', 'BAD_MESSAGE']);
    assert.equal((await world.call('GET', '/v1/dead-letters')).json.deadLetters[0].kind, 'request');
  });

  it('that nobody foresaw, even in our own code, hold up only the message that provokes them', async () => {
    const world = await World.open(database.db);
    const cases = Array.from({ length: 10 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    const poison = cases[3]!;
    const apply = world.salesforce.apply;
    world.salesforce.apply = (records) => {
      if (records.some(({ key }) => key === poison.key)) throw new TypeError('a bug');
      return apply(records);
    };
    await world.run();
    assert.deepEqual(
      cases.filter(({ status }) => status !== 'Success'),
      [poison],
    );
    assert.equal((await world.call('GET', '/ready')).status, 200, 'it is no outage of Salesforce');
    for (let tries = 0; tries < 12; tries++) await world.pass(HOUR);
    const { deadLetters } = (await world.call('GET', '/v1/dead-letters')).json;
    assert.deepEqual(
      deadLetters.map(({ key, code }: any) => [key, code]),
      [[poison.key, 'INTERNAL_ERROR']],
    );
    const told = world.logs.filter(({ level, event }) => level === 'error' && event === 'delivery failed');
    assert.deepEqual(new Set(told.map(({ detail }) => detail!.key)), new Set([poison.key]));
    world.salesforce.apply = apply;
    await world.call('POST', `/v1/dead-letters/${deadLetters[0].id}/retry`);
    await world.run();
    assert.equal(poison.status, 'Success');
  });

  it('of a kind that this version does not know concern that message alone', async () => {
    const world = await World.open(database.db, { maxAttempts: 1 });
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.sweep();
    await database.db.query(
      `INSERT INTO message (flow, id, target, kind, key, payload, state, queued_at, next_attempt_at, turn_at, head)
       SELECT 'cases', 'm-' || kind, 'salesforce', kind, gen_random_uuid(), '{}', 'queued', $1, $1, $1, true
         FROM unnest($2::text[]) AS kind`,
      [new Date(world.clock.now()), ['constructor', 'later']],
    );
    await world.run();
    assert.equal(created.status, 'Success');
    const { deadLetters } = (await world.call('GET', '/v1/dead-letters')).json;
    assert.deepEqual(
      deadLetters.map(({ kind, code }: any) => [kind, code]),
      [
        ['constructor', 'UNKNOWN_KIND'],
        ['later', 'UNKNOWN_KIND'],
      ],
    );
  });

  it('with texts that cannot be stored are kept in a storable form', async () => {
    const world = await World.open(
      database.db,
      { maxAttempts: 1 },
      {
        ports: (ports) => ({
          ...ports,
          external: {
            send: async (messages) =>
              messages.map(({ id }) => ({
                id,
                accepted: false,
                retryable: false,
                errorCode: 'NO\0',
                message: `half \ud83d ${'x'.repeat(3_000)}`,
              })),
          },
        }),
      },
    );
    const created = world.salesforce.createCase({ Subject: 'a' });
    await world.run();
    assert.deepEqual([created.status, created.errorCode], ['Failed', 'NO\ufffd']);
    const [letter] = (await world.call('GET', '/v1/dead-letters')).json.deadLetters;
    assert.deepEqual([letter.code, letter.cause.slice(0, 7), letter.cause.length], ['NO\ufffd', 'half \ufffd ', 1_000]);
  });

  it('by the database of what one delivery taught are written down for it alone', async () => {
    const world = await World.open(database.db, { maxAttempts: 1 });
    const cases = Array.from({ length: 6 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    const odd = cases[2]!;
    const apply = world.salesforce.apply;
    world.salesforce.apply = async (records) =>
      (await apply(records)).map((line) => (line.key === odd.key ? { ...line, caseId: '500\0' } : line));
    await world.run();
    assert.deepEqual(
      cases.filter(({ status }) => status !== 'Success'),
      [odd],
    );
    const { deadLetters } = (await world.call('GET', '/v1/dead-letters')).json;
    assert.deepEqual(
      deadLetters.map(({ key, code }: any) => [key, code]),
      [[odd.key, 'NOT_STORABLE']],
    );
  });

  it('of a target as a whole consume no attempt, and one message probes until it is back', async () => {
    const batches: number[] = [];
    let down = true;
    const world = await World.open(
      database.db,
      { maxAttempts: 1 },
      {
        ports: (ports) => ({
          ...ports,
          external: {
            send: (messages) => {
              batches.push(messages.length);
              if (down) throw new TargetUnavailable('HTTP_503', 'down');
              return ports.external.send(messages);
            },
          },
        }),
      },
    );
    const cases = Array.from({ length: 30 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    await world.run();
    for (let tries = 0; tries < 4; tries++) await world.pass(60_000);
    assert.deepEqual(batches, [30, 1, 1, 1, 1]);
    const ready = await world.call('GET', '/ready');
    assert.equal(ready.status, 503);
    assert.match(ready.json.problems.join(), /external is unavailable: HTTP_503/);

    down = false;
    await world.pass(60_000);
    assert.ok(cases.every(({ status }) => status === 'Success'));
    assert.deepEqual(batches.slice(5, 10), [1, 2, 4, 8, 16]);
  });
});
