import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { migrate, SchemaIsNewer } from '../../../src/shared/sql/migrate.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';

const db = await openPglite();
let folder: string;
before(async () => (folder = await mkdtemp(join(tmpdir(), 'concord-migrate-'))));
after(async () => {
  await db.close();
  await rm(folder, { recursive: true });
});

test('migrations are applied once, in order; one that is unknown stops an older program before it changes anything', async () => {
  await writeFile(join(folder, '001_first.sql'), 'CREATE TABLE first (n int);\n');
  await writeFile(join(folder, '002_second.sql'), 'CREATE TABLE second (n int);\n');
  const files = ['001_first.sql', '002_second.sql'];
  assert.deepEqual(await migrate(db, folder, 'part'), { part: 'part', files, beside: [] });
  // a second time either of them would fail
  assert.deepEqual(await migrate(db, folder, 'part'), { part: 'part', files, beside: [] });

  await rm(join(folder, '002_second.sql'));
  await writeFile(join(folder, '003_third.sql'), 'CREATE TABLE third (n int);\n');
  await assert.rejects(
    migrate(db, folder, 'part'),
    (error: Error) =>
      error instanceof SchemaIsNewer && /migrations of part .* 002_second\.sql\. Start the program/.test(error.message),
  );
  assert.deepEqual(await db.query("SELECT to_regclass('third') AS third"), [{ third: null }]);
  await rm(join(folder, '001_first.sql'));
  const { files: ofAnother } = await migrate(db, folder, 'another part');
  assert.deepEqual(ofAnother, ['003_third.sql'], 'each part has its own');
  assert.deepEqual(await db.query("SELECT to_regclass('third')::text AS third"), [{ third: 'third' }]);
});
