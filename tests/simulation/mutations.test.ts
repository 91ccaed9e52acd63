import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { openStage, type Stage } from '../../scripts/simulation/stage.ts';
import { hunt } from './mutations/hunt.ts';
import { MUTATIONS } from './mutations/list.ts';
import { MutatedModules } from './mutations/mutated-modules.ts';
import { replaceOnce } from './mutations/replace-once.ts';

/** All of them take minutes: CI sets this, otherwise those run that one seed suffices for. */
const ALL = process.env.CONCORD_ALL_MUTATIONS === '1';
const QUICK = ['success without evidence', 'a version may be applied twice', 'the external value always wins'];
const MOST_SEEDS = 60;

let stage: Stage;
let modules: MutatedModules;
before(async () => {
  stage = await openStage();
  modules = new MutatedModules();
});
after(async () => {
  modules.close();
  await stage.close();
});

test('every mutation fits the code as it is', () => {
  for (const mutation of MUTATIONS) {
    replaceOnce(readFileSync(new URL(`../../${mutation.file}`, import.meta.url), 'utf8'), mutation);
  }
  assert.ok(MUTATIONS.length >= 20);
  assert.equal(new Set(MUTATIONS.map(({ name }) => name)).size, MUTATIONS.length);
});

for (const mutation of MUTATIONS.filter(({ name }) => ALL || QUICK.includes(name))) {
  test(`simulation notices: ${mutation.name}`, async (t) => {
    const caught = await hunt(mutation, stage, modules, 1, MOST_SEEDS);
    assert.ok(caught, `${MOST_SEEDS} seeds saw nothing, although this is broken: ${mutation.breaks}`);
    t.diagnostic(`seed ${caught.seed}: ${caught.violation.split('\n')[0]}`);
  });
}
