import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { wholeNumber } from '../src/command-line.ts';

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

test('a whole number is digits within its bounds, and what is none is told with its option', () => {
  assert.equal(wholeNumber('--seed', '007'), 7);
  assert.equal(wholeNumber('--days', '30', { from: 1, to: 30 }), 30);
  for (const text of ['31', '0', '', ' 3', '3.5', '-3', '1e1', '0x10', '99999999999999999999', 'three'])
    assert.throws(() => wholeNumber('--days', text, { from: 1, to: 30 }), {
      name: 'UnusableInput',
      message: `--days must be a whole number from 1 to 30, not ${text === '' ? 'empty' : text}`,
    });
  assert.throws(() => wholeNumber('--seed', '-1'), { message: '--seed must be a whole number from 0, not -1' });
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
