/** The packages stand alone: nothing in them names this product, and what their documents point at is there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { describe, test } from 'node:test';

const root = resolve(import.meta.dirname, '../..');
const filesOf = (pattern: string): string[] =>
  globSync(pattern, { cwd: root, exclude: (path) => /(^|\/)(node_modules|\.local-org)$/.test(path) });
const read = (file: string): string => readFileSync(resolve(root, file), 'utf8');

const TEXTS = '{ts,mjs,js,json,md,cls,trigger,xml,soql,apex}';
const PRODUCT = /concord/i;

describe('packages', () => {
  test('do not name the product', () => {
    const files = filesOf(`packages/**/*.${TEXTS}`);
    assert.ok(files.length > 1_000, 'the files are found');
    assert.deepEqual(
      files.filter((file) => PRODUCT.test(file) || PRODUCT.test(read(file))),
      [],
    );
  });

  test('have a README that names them', () => {
    for (const manifest of filesOf('packages/*/package.json')) {
      const { name } = JSON.parse(read(manifest)) as { name: string };
      assert.equal(name, basename(dirname(manifest)));
      assert.match(read(`${dirname(manifest)}/README.md`), new RegExp(`^# ${name}\n`));
    }
  });
});

describe('DIFFERENCES.md', () => {
  const rows = read('packages/local-org/DIFFERENCES.md')
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .slice(2);
  const tests = filesOf('packages/local-org/tests/**/*.ts').map(read).join('\n');

  test('names a test in every row', () => {
    assert.ok(rows.length > 40);
    for (const row of rows) assert.match(row.split(' | ').at(-1)!, /`[^`]+`/, row);
  });

  test('names tests that exist', () => {
    // as they stand in TypeScript, where quotes may be escaped; a row may shorten a title with an ellipsis
    const titles = rows.flatMap((row) =>
      [
        ...row
          .split(' | ')
          .at(-1)!
          .matchAll(/`([^`]+)`/g),
      ].map(([, title]) => title!),
    );
    const known = (title: string): boolean =>
      title === 'fixtures' ||
      (title.startsWith('tests/') && globSync(`packages/local-org/${title}`, { cwd: root }).length === 1) ||
      tests.includes(title.replace(/ ?…$/, '')) ||
      tests.includes(title.replaceAll("'", "\\'"));
    assert.deepEqual(
      titles.filter((title) => !known(title)),
      [],
    );
  });
});
