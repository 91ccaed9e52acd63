/** The tables of CONTRIBUTING say where a change goes: what they name is there. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, it } from 'node:test';

const ROOT = resolve(import.meta.dirname, '../..');
const text = readFileSync(join(ROOT, 'CONTRIBUTING.md'), 'utf8');

/** Rows of the table below a heading: their cells, without the first and the line under it. */
const rowsBelow = (heading: string): string[][] => {
  const [, after = ''] = text.split(`${heading}\n`);
  const [section = ''] = after.split(/\n#/);
  return section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .slice(2)
    .map((line) =>
      line
        .slice(1, -1)
        .split(/(?<!\\)\|/)
        .map((cell) => cell.trim()),
    );
};

/** What is written as code and reads like a path: from the root, or within the path that the cell names before it. */
const missingIn = (cell: string): string[] => {
  const words = [...cell.matchAll(/`([^`]+)`/g)].map(([, word]) => word!).filter((word) => !/^(npm|node) /.test(word));
  const asPattern = (word: string): string =>
    word
      .replace(/<[^>]+>/g, '*')
      .replace(/…$/, '*')
      .replace(/\/$/, '');
  const [first, ...others] = words.map(asPattern);
  if (first === undefined) return [];
  const isThere = (pattern: string): boolean => globSync(pattern, { cwd: ROOT }).length > 0;
  const bases = ['.', ...words.map(asPattern).filter((word) => word.includes('/') && isThere(word))];
  // "`src/flows/<flow>/told`: `report.ts`": the second is within the first
  const isClass = (word: string): boolean => /^\w+$/.test(word) && isThere(`force-app/**/${word}.cls`);
  const isKnown = (word: string): boolean =>
    isClass(word) || bases.some((base) => isThere(join(base, word)) || isThere(join(base, '*', word)));
  return [first, ...others].filter((word) => !isKnown(word));
};

describe('CONTRIBUTING', () => {
  for (const [change = '', places = ''] of rowsBelow('## I want to change …'))
    it(`names what is there: ${change}`, () => assert.deepEqual(missingIn(places), []));

  const tried = rowsBelow('### Tried');
  it('tried ten changes', () => assert.equal(tried.length, 10));
  for (const [, change = '', , places = ''] of tried)
    it(`leads to what is there: ${change}`, () => assert.deepEqual(missingIn(places), []));

  it('would notice a place that is not there', () => {
    assert.deepEqual(missingIn('`src/nowhere`, then `src/flows/<flow>/carried`: `sweep.ts`, `gone.ts`'), [
      'src/nowhere',
      'gone.ts',
    ]);
  });
});
