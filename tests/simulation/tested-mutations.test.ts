import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { TESTED_MUTATIONS } from './mutations/by-tests.ts';
import { failingTests } from './mutations/failing-tests.ts';
import { replaceOnce } from './mutations/replace-once.ts';
import { ROOT } from './protocol.ts';

/** All of them take minutes: CI sets this, otherwise one of Apex and one of TypeScript are tried. */
const ALL = process.env['CONCORD_ALL_MUTATIONS'] === '1';
const QUICK = ['a migration is sent', 'the history of an erased record stays'];

test('every mutation that tests must notice fits the code as it is', () => {
  for (const mutation of TESTED_MUTATIONS) replaceOnce(readFileSync(`${ROOT}${mutation.file}`, 'utf8'), mutation);
  assert.equal(new Set(TESTED_MUTATIONS.map(({ name }) => name)).size, TESTED_MUTATIONS.length);
});

for (const mutation of TESTED_MUTATIONS.filter(({ name }) => ALL || QUICK.includes(name))) {
  test(`tests notice: ${mutation.name}`, async (t) => {
    const failed = await failingTests(mutation);
    assert.ok(failed.length > 0, `${mutation.noticedBy.join(', ')} pass, although this is broken: ${mutation.breaks}`);
    t.diagnostic(failed[0]!);
  });
}
