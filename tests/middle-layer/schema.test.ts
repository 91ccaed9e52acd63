import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { dumpSchema } from '../../src/middle-layer/db/dump-schema.ts';
import { prepare } from './support/database.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';

// the catalogue of a server of another version says the same in other words
it('schema.sql is what the migrations make; refresh it with node src/middle-layer/db/refresh-schema.ts', async () => {
  const db = await openPglite();
  await prepare(db);
  const committed = await readFile(new URL('../../src/middle-layer/db/schema.sql', import.meta.url), 'utf8');
  assert.equal(await dumpSchema(db), committed);
  await db.close();
});
