import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import {
  DatabaseUnavailable,
  isDatabaseUnavailable,
  isDataError,
  isTransactionConflict,
  sqlState,
} from '../../../src/shared/sql/errors.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';

const db = await openPglite();
after(() => db.close());

const errorOf = (statement: string, parameters: string[] = []): Promise<unknown> =>
  db.query(statement, parameters).then(
    () => null,
    (error: unknown) => error,
  );

const withState = (code: string): Error => Object.assign(new Error('as the driver throws it'), { code });

const DATA_FAULTS: [string, string, string[]][] = [
  ['a NUL character in a text', 'SELECT $1::text', ['a\u0000b']],
  ['a NUL character in jsonb', 'SELECT $1::jsonb', ['"a\\u0000b"']],
  ['half a surrogate pair in jsonb', 'SELECT $1::jsonb', ['"\\ud800"']],
  ['a number out of range', 'SELECT $1::int', ['99999999999']],
  ['a null where none may be', 'INSERT INTO pg_temp.narrow VALUES (null)', []],
];

for (const [name, statement, parameters] of DATA_FAULTS) {
  test(`${name} is a data error, and no sign of a database that is away`, async () => {
    await db.script('CREATE TEMP TABLE IF NOT EXISTS narrow (value text NOT NULL)');
    const error = await errorOf(statement, parameters);
    assert.ok(isDataError(error), String(error));
    assert.equal(isDatabaseUnavailable(error), false);
  });
}

test('a wrong statement is neither', async () => {
  const error = await errorOf('SELECT nothing FROM nowhere');
  assert.equal(sqlState(error), '42P01');
  assert.equal(isDataError(error) || isDatabaseUnavailable(error) || isTransactionConflict(error), false);
});

test('the database is away when it shuts down, starts, refuses connections, is read-only, full or too slow', () => {
  for (const code of ['57P01', '57P02', '57P03', '53300', '53100', '08006', '25006', '25P03', '57014', '55P03']) {
    assert.ok(isDatabaseUnavailable(withState(code)), code);
    assert.equal(isDataError(withState(code)), false, code);
  }
  assert.ok(isDatabaseUnavailable(new DatabaseUnavailable('the connection was lost')));
});

test('a deadlock and a serialization failure are worth repeating at once', () => {
  assert.ok(isTransactionConflict(withState('40P01')));
  assert.ok(isTransactionConflict(withState('40001')));
  assert.equal(isTransactionConflict(withState('40003')), false);
});

test("the codes of Node's own errors are no states of PostgreSQL", () => {
  for (const code of ['EPIPE', 'ECONNREFUSED', 'ERR_INVALID_ARG_TYPE']) assert.equal(sqlState(withState(code)), null);
  assert.equal(sqlState('57P01'), null);
  assert.equal(sqlState(null), null);
});
