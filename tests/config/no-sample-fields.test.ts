/** The product knows no city and no company: no file that is installed, run or read by its users names a field of a sample. */
import assert from 'node:assert/strict';
import { globSync, readFileSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const PRODUCT = ['force-app/**', 'src/**', 'scripts/**', 'docs/**', 'config/**', '*.md'];

/** How many fields each sample has. Not the hostile org, which only tests and simulation know: its names may be those of the product. */
const SAMPLES = { nyc311: 12, companies: 28 };

const fieldsOf = (sample: string): string[] =>
  globSync(`samples/${sample}/main/**/fields/*.field-meta.xml`, { cwd: root }).map((path) =>
    basename(path, '.field-meta.xml'),
  );

test('no file of the product names a field of a sample', () => {
  for (const [sample, count] of Object.entries(SAMPLES)) assert.equal(fieldsOf(sample).length, count, sample);
  const sampleFields = Object.keys(SAMPLES).flatMap(fieldsOf);
  const named = new RegExp(`\\b(${sampleFields.join('|')})\\b`);
  const files = PRODUCT.flatMap((pattern) => globSync(pattern, { cwd: root })).filter((path) =>
    statSync(join(root, path)).isFile(),
  );
  assert.ok(files.length > 400, `${files.length} files were looked at`);
  assert.deepEqual(
    files.flatMap((path) => {
      const found = named.exec(readFileSync(join(root, path), 'utf8'));
      return found ? [`${path}: ${found[0]}`] : [];
    }),
    [],
  );
});
