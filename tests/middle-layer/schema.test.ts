import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { it } from 'node:test';
import { dumpSchema } from '../../src/middle-layer/db/dump-schema.ts';
import { testDatabase } from './support/database.ts';

it('schema.sql is what the migrations make; refresh it with node src/middle-layer/db/refresh-schema.ts', async () => {
  const { db, close } = await testDatabase();
  const committed = await readFile(new URL('../../src/middle-layer/db/schema.sql', import.meta.url), 'utf8');
  assert.equal(await dumpSchema(db), committed);
  await close();
});
