import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { apexCoverage } from '../../../scripts/testing/apex-coverage.ts';
import { folderRows } from '../../../scripts/testing/coverage-table.ts';
import { lcovOf } from '../../../scripts/testing/lcov.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

test('coverage is summed by folder, at most three deep', () => {
  const rows = folderRows([
    { name: 'src/b/c/d/deep.ts', covered: 1, all: 2 },
    { name: 'src/b/c/flat.ts', covered: 3, all: 4 },
    { name: 'src/a.ts', covered: 5, all: 5 },
  ]);
  assert.deepEqual(rows, [
    { name: 'src', covered: 5, all: 5 },
    { name: 'src/b/c', covered: 4, all: 6 },
  ]);
});

test('lcov names each line with its count, in order, and sums up', () => {
  const lines = new Map([
    [3, 0],
    [1, 2],
  ]);
  assert.equal(lcovOf([{ path: 'src/a.ts', lines }]), 'TN:\nSF:src/a.ts\nDA:1,2\nDA:3,0\nLF:2\nLH:1\nend_of_record\n');
});

test('Apex tests tell which lines of which class they ran', () => {
  const { files, failures } = apexCoverage(ROOT, ['JsonBodyTest']);
  assert.equal(failures, 0);
  const covered = (path: string): number[] =>
    [...files.find((file) => file.path.endsWith(path))!.lines].filter(([, count]) => count > 0).map(([line]) => line);
  assert.ok(covered('/shared/JsonBody.cls').length > 3, 'what it tests');
  assert.deepEqual(covered('/cases/CaseTombstones.cls'), [], 'and nothing else');
});

test('a name that no test class has is an error, not an empty table', () => {
  assert.throws(() => apexCoverage(ROOT, ['NoSuchTest']), /NoSuchTest/);
});
