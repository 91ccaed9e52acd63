import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';

const RUN_TO_END = pathToFileURL(resolve(import.meta.dirname, '../../../scripts/testing/run-to-end.ts')).href;
/** Prints twice with something to wait for between, complains, and fails. */
const SUITE =
  "console.log('one'); setTimeout(() => { console.log('two'); console.error('wrong'); process.exitCode = 1; }, 20)";

/** What is printed while such a suite runs beside another. */
const printed = (options: object): string => {
  const beside = "const timer = setInterval(() => console.log('beside'), 1)";
  const script = `import { runToEnd } from '${RUN_TO_END}'; ${beside};
    await runToEnd(['-e', ${JSON.stringify(SUITE)}], ${JSON.stringify(options)}); clearInterval(timer);`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stderr], [0, ''], 'how the suite went is not told by this');
  assert.match(stdout, /beside/);
  return stdout.replace(/^(beside\n)+|(beside\n)+$/g, '');
};

test('what a suite prints comes in one piece, and nothing of another within it', () => {
  assert.deepEqual(printed({}).split('\n').sort(), ['', 'one', 'two', 'wrong']);
});

test('a quiet suite prints what went wrong alone', () => {
  assert.equal(printed({ quiet: true }), 'wrong\n');
});
