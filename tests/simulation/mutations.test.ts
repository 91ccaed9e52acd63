import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { simulatedFlows } from '../../src/flows/index.ts';
import { openStage, type Stage } from '../../src/simulation/stage.ts';
import { FEEDS_MUTATIONS } from './mutations/feeds.ts';
import { hunt } from './mutations/hunt.ts';
import { MUTATIONS } from './mutations/list.ts';
import { MutatedModules } from './mutations/mutated-modules.ts';
import { replaceOnce } from './mutations/replace-once.ts';
import { flowOf, type Mutation } from './mutations/types.ts';
import { USAGE_MUTATIONS } from './mutations/usage.ts';

/** All of them take minutes: CI sets this, otherwise those run that one seed suffices for. */
const ALL = process.env.CONCORD_ALL_MUTATIONS === '1';
/** With all: only those of this flow. */
const FLOW = process.env.CONCORD_MUTATIONS_OF;
/** With all: `2+1` is every second from the first on, as .ci/run tries with one commit; the others with another. */
const [EVERY, FIRST] = (process.env.CONCORD_MUTATIONS_PART ?? '1+1').split('+').map(Number) as [number, number];
const QUICK = ['success without evidence', 'a version may be applied twice', 'the external value always wins'];
/** As many as the simulation is given to notice it. */
const MAX_SEEDS = 200;

/**
 * The seed that caught each mutation last is tried first. When the simulation has changed it may see nothing any
 * more: then the others are tried, which takes minutes. CONCORD_NOTE_SEEDS=1 writes down which caught it now.
 */
const CAUGHT_BY = new URL('mutations/caught-by.json', import.meta.url);
const caughtBy = JSON.parse(readFileSync(CAUGHT_BY, 'utf8')) as Record<string, number>;
const seedsFor = (name: string): number[] => [
  ...(caughtBy[name] === undefined ? [] : [caughtBy[name]]),
  ...Array.from({ length: MAX_SEEDS }, (_, index) => index + 1),
];

const ALL_MUTATIONS = [...MUTATIONS, ...USAGE_MUTATIONS, ...FEEDS_MUTATIONS];
/** Each flow alone, by its name: opened when the first mutation asks. */
const stages = new Map<string, Promise<Stage>>();
const stageOf = (flow: string): Promise<Stage> => {
  const stage = stages.get(flow) ?? simulatedFlows([flow]).then((flows) => openStage(flows));
  stages.set(flow, stage);
  return stage;
};
let modules: MutatedModules;
before(() => {
  modules = new MutatedModules();
});
after(async () => {
  modules.close();
  if (process.env.CONCORD_NOTE_SEEDS === '1') writeFileSync(CAUGHT_BY, `${JSON.stringify(caughtBy, null, 2)}\n`);
  for (const stage of stages.values()) await (await stage).close();
});

test('every mutation fits the code as it is', () => {
  for (const mutation of ALL_MUTATIONS) {
    replaceOnce(readFileSync(new URL(`../../${mutation.file}`, import.meta.url), 'utf8'), mutation);
  }
  assert.ok(MUTATIONS.length >= 20);
  assert.ok(USAGE_MUTATIONS.length >= 12);
  assert.ok(FEEDS_MUTATIONS.length >= 10);
  assert.equal(new Set(ALL_MUTATIONS.map(({ name }) => name)).size, ALL_MUTATIONS.length);
});

const isAsked = (mutation: Mutation, index: number): boolean =>
  ALL
    ? index % EVERY === FIRST - 1 && (FLOW === undefined || flowOf(mutation) === FLOW)
    : QUICK.includes(mutation.name);

for (const mutation of ALL_MUTATIONS.filter(isAsked)) {
  test(`simulation notices: ${mutation.name}`, { skip: mutation.unnoticed ?? false }, async (t) => {
    const { caught, brokeOff, error } = await hunt(
      mutation,
      await stageOf(flowOf(mutation)),
      modules,
      seedsFor(mutation.name),
    );
    assert.ok(
      caught,
      `${MAX_SEEDS} seeds saw nothing, although this is broken: ${mutation.breaks}; ${brokeOff} broke off: ${error}`,
    );
    caughtBy[mutation.name] = caught.seed;
    t.diagnostic(`seed ${caught.seed}: ${caught.violation.split('\n')[0]}`);
  });
}
