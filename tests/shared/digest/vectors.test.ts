import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { contentOf, type ContentType, type ContentValue } from '../../../src/shared/digest/content.ts';
import { cellsOf, elementOf } from '../../../src/shared/digest/element.ts';
import { migrate } from '../../../src/shared/sql/migrate.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';

interface Vector {
  name: string;
  key: string;
  values: Record<string, ContentValue>;
  content: string;
  k1: number;
  k2: number;
  d: number;
  c: number;
  cells: number[];
}

const { types, vectors } = JSON.parse(
  readFileSync(new URL('../../../config/digest-vectors.json', import.meta.url), 'utf8'),
) as {
  types: Record<string, ContentType>;
  vectors: Vector[];
};

test('TypeScript meets every digest vector', () => {
  for (const vector of vectors) {
    assert.equal(contentOf(vector.values, types), vector.content, vector.name);
    const element = elementOf(vector.key, vector.content);
    assert.deepEqual(
      { ...element, cells: cellsOf(element) },
      { k1: vector.k1, k2: vector.k2, d: vector.d, c: vector.c, cells: vector.cells },
      vector.name,
    );
  }
});

test('SQL meets every digest vector', async () => {
  const db = await openPglite();
  await migrate(
    db,
    fileURLToPath(new URL('../../../src/external-system/db/migrations', import.meta.url)),
    'external-system',
  );
  for (const { name, key, values, content, k1, k2, d, c, cells } of vectors) {
    const [row] = await db.query(
      `INSERT INTO case_record (external_id, key, revision, values, sync_status, created_at, updated_at)
       VALUES ($1, $2, 1, $3::jsonb, 'Success', now(), now())
       RETURNING record_content(values) AS content, digest_k1 AS k1, digest_k2 AS k2, digest_d AS d, digest_c AS c, digest_cells AS cells`,
      [name, key, JSON.stringify(values)],
    );
    assert.deepEqual(row, { content, k1, k2, d, c, cells }, name);
  }
  await db.close();
});
