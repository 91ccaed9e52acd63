import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { LONGEST } from '../../../scripts/testing/file-times.ts';
import { SHARED_PROCESSES, testProcesses, withEntries } from '../../../scripts/testing/shared-processes.ts';

const ROOT = resolve(import.meta.dirname, '../../..');
const FILES = globSync(['tests/**/*.test.ts', 'packages/*/tests/**/*.test.ts'], { cwd: ROOT });

test('each file is in one process; long ones have their own and begin first', () => {
  const processes = testProcesses(FILES);
  assert.deepEqual(processes.flatMap(({ files }) => files).sort(), FILES.toSorted());
  const shared = processes.filter(({ files }) => files.length > 1);
  assert.deepEqual(shared.map(({ name }) => name).sort(), SHARED_PROCESSES.toSorted());
  for (const { files } of shared) assert.ok(!files.some((file) => LONGEST.includes(file)));
  const long = FILES.filter((file) => LONGEST.includes(file)).length;
  assert.ok(processes.slice(0, long).every(({ name }) => LONGEST.includes(name)));
});

/** What a file of a shared process would do to the others. */
const STRANGE: [pattern: RegExp, why: string][] = [
  [/^(before|beforeEach|afterEach)\(/m, 'its hook at the top is one of the other files too: put it into a describe'],
  [
    /(process\.env(\.\w+|\[[^\]]+\]) *\??\??=[^=]|delete process\.env|assign\(process\.env)/,
    'it changes the environment',
  ],
  [/process\.chdir\(|process\.exitCode *=|process\.exit\(/, 'it changes the process'],
];

test('no file of a shared process disturbs the others', () => {
  const shared = testProcesses(FILES).filter(({ files }) => files.length > 1);
  for (const file of shared.flatMap(({ files }) => files)) {
    const text = readFileSync(join(ROOT, file), 'utf8');
    for (const [pattern, why] of STRANGE) assert.doesNotMatch(text, pattern, `${file}: ${why}`);
  }
});

test('the files of a process all run, one process under the name of the folder', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-processes-'));
  try {
    const files = ['a', 'b'].map((name) => join(folder, `${name}.test.mjs`));
    for (const file of files) writeFileSync(file, `console.log('ran', ${JSON.stringify(file)}, process.pid);\n`);
    const [entry] = await withEntries([{ name: 'some', files }], async (entries) => {
      const [[path, name]] = [...entries] as [[string, string]];
      assert.equal(name, 'some (2 files)');
      const lines = spawnSync(process.execPath, [path], { encoding: 'utf8' }).stdout.trim().split('\n');
      const ran = lines.map((line) => line.split(' '));
      assert.deepEqual(
        ran.map(([, file]) => file),
        files,
      );
      assert.equal(ran[0]![2], ran[1]![2]);
      return [path];
    });
    assert.ok(!existsSync(entry), 'what was written is gone');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
