import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { LONGEST, longestFirst, slowestFiles } from '../../../scripts/testing/file-times.ts';

const ROOT = resolve(import.meta.dirname, '../../..');

test('every file that is to begin first is there', () => {
  assert.deepEqual(
    LONGEST.filter((file) => !existsSync(join(ROOT, file))),
    [],
  );
});

test('the longest begin first, in their order; the others keep theirs', () => {
  const [first, second] = LONGEST as [string, string];
  assert.deepEqual(longestFirst(['b.test.ts', second, 'a.test.ts', first]), [first, second, 'b.test.ts', 'a.test.ts']);
});

test('the slowest ten are told in seconds, the slowest first', () => {
  const times = Array.from({ length: 12 }, (_, index) => ({ file: `${index}.test.ts`, ms: index * 1000 }));
  const lines = slowestFiles(times).split('\n');
  assert.equal(lines.length, 11);
  assert.equal(lines[1], '   11.0 s  11.test.ts');
  assert.equal(lines[10], '    2.0 s  2.test.ts');
});
