import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { test } from 'node:test';

const MODULE = new URL('../../src/shared/engine-flags.ts', import.meta.url).href;

/** What a process that was started with these flags hands on. */
const handedOn = (...flags: string[]): unknown => {
  const script = `import { engineFlags } from '${MODULE}'; console.log(JSON.stringify(engineFlags()))`;
  return JSON.parse(
    execFileSync(process.execPath, [...flags, '--input-type=module', '--eval', script], { encoding: 'utf8' }),
  );
};

test('a process hands on what the engine compiles, and nothing that only one process can have', () => {
  assert.deepEqual(handedOn('--liftoff-only', '--inspect=0', '--wasm-lazy-validation'), [
    '--liftoff-only',
    '--wasm-lazy-validation',
  ]);
  assert.deepEqual(handedOn(), []);
});
