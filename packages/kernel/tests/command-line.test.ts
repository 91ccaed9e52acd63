import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../src/command-line.ts', import.meta.url).href;

/** Runs `main` as a process. */
const run = (main: string) => {
  const source = `import { runCommand, UnusableInput } from '${MODULE}'; await runCommand(${main});`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], {
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

test('a command exits with the code that it answers, even when a timer holds the process', () => {
  assert.equal(run('async () => { setInterval(() => {}, 1000); return 3; }').status, 3);
});

test('an error is told by its message alone: exit 1, or 2 for unusable input', () => {
  assert.deepEqual(run(`async () => { throw new Error('the file is gone'); }`), {
    status: 1,
    stdout: '',
    stderr: 'the file is gone\n',
  });
  assert.deepEqual(run(`async () => { throw new UnusableInput('--port is missing'); }`), {
    status: 2,
    stdout: '',
    stderr: '--port is missing\n',
  });
});

test('what was written before the end arrives, however much it is', () => {
  const { stdout } = run(`async () => { process.stdout.write('x'.repeat(1_000_000)); return 0; }`);
  assert.equal(stdout.length, 1_000_000);
});
