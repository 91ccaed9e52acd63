import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { PGlite } from '@electric-sql/pglite';
import { keepNewCluster, readNewCluster } from '../../../src/shared/sql/new-cluster.ts';

const folder = mkdtempSync(join(tmpdir(), 'new-cluster-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('databases begin with the kept files, and share nothing', async () => {
  assert.equal(await readNewCluster(folder), null);
  writeFileSync(join(folder, 'new-cluster-0.0.1.tar'), 'of another version');
  const made = await PGlite.create();
  await keepNewCluster(made, folder);
  await made.close();
  assert.equal(readdirSync(folder).length, 1);

  const kept = (await readNewCluster(folder))!;
  const [first, second] = [
    await PGlite.create({ loadDataDir: kept }),
    await PGlite.create({ loadDataDir: (await readNewCluster(folder))! }),
  ];
  await first.exec('CREATE TABLE mine (id int); INSERT INTO mine VALUES (1)');
  assert.deepEqual((await first.query('SELECT id FROM mine')).rows, [{ id: 1 }]);
  assert.deepEqual((await second.query("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).rows, []);
  await Promise.all([first.close(), second.close()]);
});

test('where nothing can be written, nothing is kept and nobody is told', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const made = await PGlite.create({ loadDataDir: (await readNewCluster(folder))! });
  await keepNewCluster(made, file);
  assert.equal(await readNewCluster(file), null);
  await made.close();
});
