import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { copyNewCluster, newClusterArchive } from '../../../src/shared/sql/new-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'new-cluster-'));
after(() => rmSync(folder, { recursive: true, force: true }));
const kept = join(folder, 'kept');

const tables = async (db: PGlite): Promise<string[]> =>
  (await db.query<{ name: string }>("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")).rows.map(
    ({ name }) => name,
  );

test('the first who asks makes the files; those of another version go', async () => {
  mkdirSync(join(kept, 'new-cluster-0.0.1'), { recursive: true });
  assert.ok((await newClusterArchive(kept))!.size > 1_000_000);
  assert.equal(readdirSync(kept).length, 1);
});

test('nothing is in them that is only there to be copied', async () => {
  const db = await PGlite.create({ loadDataDir: (await newClusterArchive(kept))! });
  const { rows } = await db.query('SELECT datname FROM pg_database');
  assert.deepEqual(rows, [{ datname: 'postgres' }]);
  await db.close();
});

test('databases in memory begin with them, and share nothing', async () => {
  const open = async (): Promise<PGlite> => PGlite.create({ loadDataDir: (await newClusterArchive(kept))! });
  const [first, second] = [await open(), await open()];
  await first.exec('CREATE TABLE mine (id int)');
  assert.deepEqual([await tables(first), await tables(second)], [['mine'], []]);
  await Promise.all([first.close(), second.close()]);
});

test('a database in a folder begins with them, and keeps what it has when it is opened again', async () => {
  const dataDir = join(folder, 'data');
  mkdirSync(dataDir);
  for (const expected of [[], ['mine']]) {
    await copyNewCluster(dataDir, kept);
    assert.ok(existsSync(join(dataDir, 'PG_VERSION')));
    const db = await PGlite.create({ dataDir });
    assert.deepEqual(await tables(db), expected);
    await db.exec('CREATE TABLE IF NOT EXISTS mine (id int)');
    await db.close();
  }
});

test('where nothing can be kept, there is none, and the folder stays empty', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const dataDir = join(folder, 'empty');
  mkdirSync(dataDir);
  assert.equal(await newClusterArchive(file), null);
  await copyNewCluster(dataDir, file);
  assert.deepEqual(readdirSync(dataDir), []);
});
