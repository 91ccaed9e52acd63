/** A program that works, and a newer one that migrates its database meanwhile. */
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, beforeEach, test } from 'node:test';
import { isDatabaseUnavailable, sqlState } from '../../../src/shared/sql/errors.ts';
import { MAY_WORK_BESIDE, migrate, SchemaIsNewer, type KnownMigrations } from '../../../src/shared/sql/migrate.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import { guardSchema, type SchemaGuard } from '../../../src/shared/sql/schema-guard.ts';
import { startExitCode } from '../../../src/shared/sql/open.ts';

const db = await openPglite();
let today: string;
let tomorrow: string;
let known: KnownMigrations;
let guard: SchemaGuard;
const told: string[][] = [];

before(async () => {
  today = await mkdtemp(join(tmpdir(), 'concord-today-'));
  tomorrow = await mkdtemp(join(tmpdir(), 'concord-tomorrow-'));
  await writeFile(join(today, '001_first.sql'), 'CREATE TABLE thing (id int PRIMARY KEY, name text);\n');
});
after(async () => {
  await db.close();
  for (const folder of [today, tomorrow]) await rm(folder, { recursive: true });
});
beforeEach(async () => {
  await db.script('DROP TABLE IF EXISTS thing, migration');
  known = await migrate(db, today, 'part');
  told.length = 0;
  guard = guardSchema(db, [known], (migrations) => told.push([...migrations]));
});

/** A newer program starts, which has this migration besides. */
const upgradeBy = async (migration: string): Promise<void> => {
  await writeFile(join(tomorrow, '002_second.sql'), migration);
  await migrate(db, today, 'part', tomorrow);
};

const rejection = (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => null,
    (error: unknown) => error,
  );

test('beside a migration that only adds, an older program works on and is told once; it starts, too', async () => {
  await upgradeBy(`${MAY_WORK_BESIDE}\nALTER TABLE thing ADD COLUMN sort text NOT NULL DEFAULT 'usual';\n`);
  await guard.check();
  await guard.check();
  assert.deepEqual(told, [['002_second.sql']]);
  await guard.db.query("INSERT INTO thing (id, name) VALUES (1, 'one')");
  assert.deepEqual(await db.query('SELECT * FROM thing'), [{ id: 1, name: 'one', sort: 'usual' }]);

  const again: string[][] = [];
  guardSchema(db, [await migrate(db, today, 'part')], (migrations) => again.push([...migrations]));
  assert.deepEqual(again, told);
});

test('any other migration ends an older program: nothing that it does reaches the database', async () => {
  await upgradeBy('ALTER TABLE thing ADD COLUMN sort text;\n');
  assert.ok((await rejection(guard.check())) instanceof SchemaIsNewer);
  for (const work of [
    () => guard.db.query('INSERT INTO thing (id) VALUES (1)'),
    () => guard.db.transaction((tx) => tx.query('INSERT INTO thing (id) VALUES (1)')),
    () => guard.db.script('INSERT INTO thing (id) VALUES (1)'),
  ])
    assert.ok((await rejection(work())) instanceof SchemaIsNewer);
  assert.deepEqual(await db.query('SELECT * FROM thing'), []);
  const error = await guard.outdated;
  assert.match(error.message, /migrations of part that this program does not know: 002_second\.sql/);
  assert.ok(isDatabaseUnavailable(error), 'its callers hear that they may ask again');
  assert.equal(startExitCode(error), 1, 'but starting it again does not help');
});

test('what fails because the schema is newer is no verdict on the values', async () => {
  await upgradeBy('ALTER TABLE thing ADD COLUMN sort text NOT NULL;\n');
  const error = await rejection(guard.db.transaction((tx) => tx.query('INSERT INTO thing (id) VALUES (1)')));
  assert.ok(error instanceof SchemaIsNewer, String(error));
  await guard.outdated;
});

test('what fails for another reason keeps its own error', async () => {
  await guard.db.query('INSERT INTO thing (id) VALUES (1)');
  assert.equal(sqlState(await rejection(guard.db.query('INSERT INTO thing (id) VALUES (1)'))), '23505');
  await guard.check();
});
