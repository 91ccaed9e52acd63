import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const COMMAND = fileURLToPath(new URL('../../scripts/dead-letters.ts', import.meta.url));

/** What the command says to these arguments. Nothing listens at its address: what asks there ends with 1. */
const said = (...args: string[]): { status: number | null; stderr: string } => {
  const { status, stderr } = spawnSync(
    process.execPath,
    [COMMAND, ...args, '--url', 'http://127.0.0.1:9', '--token', 'none'],
    { encoding: 'utf8' },
  );
  return { status, stderr };
};

const REFUSED: [string[], RegExp][] = [
  [['retry', '--all', '--code', ''], /^--code is empty; say which, or leave it out to choose all/],
  [['retry', '5', '--all'], /^retry does not take 5: --all names all/],
  [['retry', '5', '6'], /^retry does not take 5 6: one number at a time/],
  [['retry', '5', '--dry-run'], /^--dry-run goes with retry --all/],
  [['list', '--code', 'BAD'], /^--code goes with retry --all/],
  [['list', '5'], /^list does not take 5/],
  [['retry', 'five'], /^name a dead letter by its number/],
];
for (const [args, problem] of REFUSED)
  test(`${JSON.stringify(args.join(' '))} is refused before anything is asked`, () => {
    const { status, stderr } = said(...args);
    assert.equal(status, 2);
    assert.match(stderr, problem);
  });

test('what is meant is asked', () => {
  const { status, stderr } = said('retry', '--all', '--code', 'BAD', '--dry-run');
  assert.equal(status, 1);
  assert.match(stderr, /does not answer/);
});
