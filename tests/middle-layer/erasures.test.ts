import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { testDatabase } from './support/database.ts';
import { newKey, World } from './support/world.ts';

const SECRET = 'The caller is called "Ada"\nand lives at Elm Street 9';
const CALLERS = { external: null, intake: null, operator: 'token-o' };
const OPERATOR = { authorization: 'Bearer token-o' };

describe('an erasure', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  const ask = (world: World, body: object) => world.call('POST', '/v1/erasures', { flow: 'cases', ...body }, OPERATOR);
  /** Rows of all tables that hold the secret, by the server's own writing of a row. */
  const rowsWith = async (words: string): Promise<number> => {
    const [row] = await database.db.query<{ n: number }>(
      `SELECT (SELECT count(*) FROM message t WHERE t::text LIKE $1)::int + (SELECT count(*) FROM dead_letter t WHERE t::text LIKE $1)::int
        + (SELECT count(*) FROM conflict t WHERE t::text LIKE $1)::int + (SELECT count(*) FROM intake t WHERE t::text LIKE $1)::int AS n`,
      [`%${words}%`],
    );
    return row!.n;
  };

  it('takes messages and dead letters of the record, and proves it by searching every column', async () => {
    const world = await World.open(database.db, { callers: CALLERS, maxAttempts: 1 });
    const kept = world.salesforce.createCase({ Subject: 'of somebody else' });
    const erased = world.salesforce.createCase({ Subject: SECRET });
    world.salesforce.refuse = (key) =>
      key === erased.key ? { errorCode: 'FIELD_INTEGRITY_EXCEPTION', retryable: false } : null;
    await world.run();
    assert.ok((await rowsWith('Elm Street 9')) >= 2, 'a request and a dead record');

    const rehearsal = await ask(world, { key: erased.key, dryRun: true });
    assert.equal(rehearsal.status, 200);
    assert.ok(rehearsal.json.texts.includes(SECRET));
    assert.ok(rehearsal.json.rows.messages >= 2);
    assert.equal(rehearsal.json.rows['dead letters'], 1);
    assert.ok((await rowsWith('Elm Street 9')) >= 2, 'a rehearsal erases nothing');

    const { status, json } = await ask(world, { key: erased.key.toUpperCase(), texts: ['of somebody else'] });
    assert.equal(status, 200);
    assert.deepEqual(json.rows, rehearsal.json.rows);
    assert.equal(await rowsWith('Elm Street 9'), 0);
    assert.ok(json.search.tables > 10 && json.search.columns > 40, JSON.stringify(json.search));
    assert.deepEqual(
      json.search.found.filter(({ ofKey }: { ofKey: number }) => ofKey > 0),
      [],
    );
    const payloads = json.search.found.find(({ column }: { column: string }) => column === 'payload');
    assert.ok(payloads.ofOthers > 0, 'the same words in other records are told');

    assert.equal((await world.outcomes(erased.key, 'erasure')).at(-1), 'ERASED', 'the audit tells it');
    assert.ok((await world.outcomes(kept.key)).length > 0);
    assert.ok((await rowsWith('of somebody else')) > 0);
    assert.ok(world.logs.some(({ event, detail }) => event === 'erased' && detail!.key === erased.key));
    assert.ok(!JSON.stringify(world.logs).includes('Elm Street'));
  });

  it('takes what an answered full request kept, and the conflicts of the record', async () => {
    const world = await World.open(database.db, { callers: CALLERS });
    const key = newKey();
    const values = JSON.stringify({ values: { Subject: SECRET } });
    await database.db.query(
      `INSERT INTO intake (key, payload, due_at, accepted_at, answered_at) VALUES ($1, $2::jsonb, now(), now(), now())`,
      [key, values],
    );
    await database.db.query(
      `INSERT INTO conflict (message_id, key, field, owner, kept, lost, at) VALUES ('m', $1, 'Subject', 'External', $2::jsonb, 'null', now())`,
      [key, JSON.stringify(SECRET)],
    );
    const { status, json } = await ask(world, { key });
    assert.equal(status, 200);
    assert.deepEqual([json.rows.intakes, json.rows.conflicts], [1, 1]);
    assert.equal(await rowsWith('Elm Street 9'), 0);
  });

  it('of a record that lives on waits for its dead letters, and does not look for what it still holds', async () => {
    const world = await World.open(database.db, { callers: CALLERS, maxAttempts: 1 });
    const living = world.salesforce.createCase({ Subject: SECRET, Description: 'still the same' });
    world.salesforce.refuse = () => ({ errorCode: 'FIELD_INTEGRITY_EXCEPTION', retryable: false });
    await world.run();
    const kept = ['still the same'];
    const open = await ask(world, { key: living.key, former: true, kept });
    assert.deepEqual([open.status, open.json.errorCode], [409, 'UNDER_WAY']);
    assert.match(open.json.message, /retry its dead letters first/);
    world.salesforce.refuse = () => null;
    assert.equal((await world.call('POST', '/v1/dead-letters/retry', {}, OPERATOR)).status, 202);
    await world.run();
    const { status, json } = await ask(world, { key: living.key, former: true, kept });
    assert.equal(status, 200, JSON.stringify(json));
    assert.ok(json.texts.includes(SECRET) && !json.texts.includes('still the same'));
    assert.equal(await rowsWith('Elm Street 9'), 0);
  });

  it('finds a text that was left, as it is and as JSON writes it', async () => {
    const world = await World.open(database.db, { callers: CALLERS });
    const key = newKey();
    await database.db.query(`INSERT INTO counter (flow, name, value) VALUES ('cases', $1, 1)`, [`noted: ${SECRET}`]);
    await database.db.query(
      `INSERT INTO conflict (message_id, key, field, owner, kept, lost, at) VALUES ('m', $1, 'Subject', 'External', $2::jsonb, 'null', now())`,
      ['another-key', JSON.stringify(SECRET)],
    );
    const { json } = await ask(world, { key, texts: [SECRET] });
    assert.deepEqual(json.search.found, [
      { table: 'conflict', column: 'kept', ofKey: 0, ofOthers: 1 },
      { table: 'counter', column: 'name', ofKey: 0, ofOthers: 1 },
    ]);
  });

  it('waits for what is under way, which would bring the values back', async () => {
    const world = await World.open(
      database.db,
      { callers: CALLERS },
      {
        ports: (ports) => ({
          ...ports,
          external: {
            send: async () => {
              throw new TargetUnavailable('HTTP_503', 'down');
            },
          },
        }),
      },
    );
    const created = world.salesforce.createCase({ Subject: SECRET });
    await world.sweep();
    const { status, json } = await ask(world, { key: created.key });
    assert.deepEqual([status, json.errorCode], [409, 'UNDER_WAY']);
    assert.match(json.message, /1 messages about .* are under way.*nothing was erased\. Ask again/);
    assert.ok((await rowsWith('Elm Street 9')) > 0);
  });

  it('is for operators, of a flow and a key', async () => {
    const world = await World.open(database.db, { callers: CALLERS });
    assert.equal((await world.call('POST', '/v1/erasures', {})).status, 401);
    for (const [body, words] of [
      [{ flow: 'nonsense', key: 'k' }, /flow must be one of cases/],
      [{}, /key must be/],
      [{ key: 'k', texts: [''] }, /texts must be a list/],
      [{ key: 'k', dryRun: 'yes' }, /dryRun/],
    ] as const) {
      const { status, json } = await ask(world, body);
      assert.equal(status, 400);
      assert.match(json.message, words);
    }
  });
});
