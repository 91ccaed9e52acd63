import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { LONGEST } from '../../../scripts/testing/file-times.ts';
import { quickFiles } from '../../../scripts/testing/node-suite.ts';
import {
  needsOwnProcess,
  SHARED_PROCESSES,
  testProcesses,
  withEntries,
} from '../../../scripts/testing/shared-processes.ts';

const FILES = quickFiles();

test('each file is in one process; long ones have their own and begin right after those that share', () => {
  const processes = testProcesses(FILES);
  assert.deepEqual(processes.flatMap(({ files }) => files).sort(), FILES.toSorted());
  const shared = processes.filter(({ files }) => files.length > 1);
  assert.deepEqual(shared.map(({ name }) => name).sort(), SHARED_PROCESSES.map((folders) => folders.join(', ')).sort());
  for (const { files } of shared) assert.ok(!files.some((file) => LONGEST.includes(file)));
  const long = FILES.filter((file) => LONGEST.includes(file)).length;
  assert.ok(processes.slice(0, shared.length).every(({ files }) => files.length > 1));
  assert.ok(processes.slice(shared.length, shared.length + long).every(({ name }) => LONGEST.includes(name)));
});

/** Whether a file of that text needs a process of its own. */
const disturbs = (text: string): boolean => {
  const folder = mkdtempSync(join(tmpdir(), 'shared-processes-'));
  try {
    const file = join(folder, 'a.test.ts');
    writeFileSync(file, text);
    return needsOwnProcess(file);
  } finally {
    rmSync(folder, { recursive: true });
  }
};

test('a file whose hooks are at the top, or that changes its process, shares none', () => {
  for (const text of [
    "test('a', () => {});\nbefore(() => open());",
    'beforeEach(async () => {\n  await open();\n});',
    "process.env.TMPDIR = '/a';",
    "process.env['TMPDIR'] ??= '/a';",
    'delete process.env.TMPDIR;',
    'Object.assign(process.env, { HOME: home });',
    '  process.chdir(folder);',
    'process.exitCode = 1;',
  ])
    assert.ok(disturbs(text), text);
  for (const text of [
    "describe('a', () => {\n  before(() => open());\n  beforeEach(() => reset());\n});",
    "const ALL = process.env.ALL === '1';",
    'after(() => org.close());',
    'spawn(command, { env: { ...process.env, HOME: home } });',
  ])
    assert.ok(!disturbs(text), text);
});

test('the small files of the local org share, all of them', () => {
  const folders = ['api', 'platform', 'runtime', 'store'].map((part) => `packages/local-org/tests/${part}/`);
  const alone = testProcesses(FILES).filter(({ files }) => files.length === 1);
  const left = alone.flatMap(({ files }) => files).filter((file) => folders.some((folder) => file.startsWith(folder)));
  assert.deepEqual(
    left.filter((file) => !LONGEST.includes(file)),
    [],
    'put hooks into a describe, and leave the process as it is',
  );
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
