import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { knownFailures } from './known-failures.ts';
import { actualOutcome, expectedOutcome } from './support/run-fixture.ts';

const ROOT = fileURLToPath(new URL('./fixtures/', import.meta.url));

describe('fixtures', () => {
  for (const name of readdirSync(ROOT).sort()) {
    const folder = join(ROOT, name);
    const reason = knownFailures[name];
    if (reason === undefined) {
      test(name, () => assert.deepEqual(actualOutcome(folder), expectedOutcome(folder)));
    } else {
      test(`${name} still fails: ${reason}`, () =>
        assert.throws(
          () => assert.deepEqual(actualOutcome(folder), expectedOutcome(folder)),
          'passes now: take it off known-failures.ts',
        ));
    }
  }

  test('known failures are fixtures', () => {
    const names = readdirSync(ROOT);
    assert.deepEqual(
      Object.keys(knownFailures).filter((name) => !names.includes(name)),
      [],
    );
  });
});
