import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import type { Database } from '../../../src/shared/sql/types.ts';

describe('a statement of an embedded database', () => {
  let db: Database;
  before(async () => (db = await openPglite()));
  after(() => db.close());
  beforeEach(() => db.script('DROP TABLE IF EXISTS t; CREATE TABLE t (id bigint, text text)'));

  const kept = async (): Promise<string[]> =>
    (await db.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements ORDER BY prepare_time')).map(
      ({ statement }) => statement,
    );

  it('is parsed once', async () => {
    const insert = 'INSERT INTO t VALUES ($1, $2) RETURNING id';
    for (const id of [1, 2, 3]) assert.deepEqual(await db.query(insert, [id, 'a']), [{ id }]);
    assert.deepEqual((await kept()).slice(0, 1), [insert]);
    assert.equal((await kept()).length, 2);
    await db.script('TRUNCATE t');
    assert.equal((await kept()).length, 2, 'rows are no reason to parse again');
  });

  it('takes and gives what types say', async () => {
    const at = new Date('2026-11-27T08:00:00.123Z');
    const sql =
      'SELECT $1::bigint AS big, $2::jsonb AS json, $3::timestamptz AS at, $4::text[] AS texts, $5::int[] AS numbers, $6::bool AS yes, $7::text AS none, $8::float8 AS float';
    const given = [2 ** 52, '{"a":[1,"ü"]}', at, ['a,"b', 'ü\\'], [1, 2], false, null, 0.5];
    const read = { big: 2 ** 52, json: { a: [1, 'ü'] }, at, texts: ['a,"b', 'ü\\'], numbers: [1, 2], yes: false };
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await db.query(sql, given), [{ ...read, none: null, float: 0.5 }]);
  });

  it('sees what a script, or a transaction, has made of its table', async () => {
    const sql = 'SELECT * FROM t';
    assert.deepEqual(await db.query('INSERT INTO t VALUES (1) RETURNING id'), [{ id: 1 }]);
    assert.deepEqual(await db.query(sql), [{ id: 1, text: null }]);
    await db.script('ALTER TABLE t DROP COLUMN text; ALTER TABLE t ALTER COLUMN id TYPE text');
    assert.deepEqual(await db.query(sql), [{ id: '1' }]);
    await db.transaction(async (tx) => {
      await tx.query('ALTER TABLE t ADD COLUMN more integer DEFAULT 5');
      assert.deepEqual(await tx.query(sql), [{ id: '1', more: 5 }]);
    });
    assert.deepEqual(await db.query(sql), [{ id: '1', more: 5 }]);
  });

  it('that is refused leaves the others as they were, in a transaction and out of it', async () => {
    const sql = 'INSERT INTO t VALUES ($1)';
    await assert.rejects(db.query('SELECT nothing FROM t'), { code: '42703' });
    await assert.rejects(db.query(sql, ['no number']), { code: '22P02' });
    await db.query(sql, [1]);
    await assert.rejects(
      db.transaction(async (tx) => {
        await tx.query(sql, [2]);
        await tx.query('SELECT 1 / (id - 2) FROM t');
      }),
      { code: '22012' },
    );
    assert.deepEqual(await db.query('SELECT id FROM t'), [{ id: 1 }]);
  });

  it('waits for the transaction that is open', async () => {
    const order: string[] = [];
    let beside: Promise<{ count: number }[]>;
    await db.transaction(async (tx) => {
      await tx.query('INSERT INTO t VALUES (1)');
      beside = db.query<{ count: number }>('SELECT count(*) FROM t').finally(() => order.push('query'));
      await new Promise((resolve) => setImmediate(resolve));
      await tx.query('INSERT INTO t VALUES (2)');
      order.push('transaction');
    });
    assert.deepEqual([await beside!, order], [[{ count: 2 }], ['transaction', 'query']]);
  });

  it('is planned for its values each time, however often it ran', async () => {
    assert.deepEqual(await db.query('SHOW plan_cache_mode'), [{ plan_cache_mode: 'force_custom_plan' }]);
  });
});
