import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { USAGE } from '../../src/flows/usage/carried/name.ts';
import { breakApex, parserOf } from './mutations/systematic/apex.ts';
import { EQUIVALENT } from './mutations/systematic/equivalent.ts';
import { generateMutations, mutationsOf, type GeneratedMutation } from './mutations/systematic/index.ts';
import { drawn } from './mutations/systematic/sample.ts';
import { SeedChoice } from './mutations/systematic/seeds.ts';
import { Tally } from './mutations/systematic/tally.ts';
import { breakSql } from './mutations/systematic/sql.ts';
import { breakTypeScript } from './mutations/systematic/typescript.ts';
import type { Edit } from './mutations/systematic/edits.ts';
import { replaceOnce } from './mutations/replace-once.ts';
import { flowOf } from './mutations/types.ts';
import { ROOT, protocolFiles } from './protocol.ts';

const broken = (text: string, edits: Edit[]): string[] =>
  edits.map(({ start, end, replace }) => text.slice(0, start) + replace + text.slice(end));

test('SQL loses its locks, orders, limits and conditions, one at a time', () => {
  const sql =
    'SELECT a FROM t WHERE b <= $1 AND (c IS NULL OR d) AND e BETWEEN 1 AND 2 ORDER BY a DESC LIMIT $2 FOR UPDATE';
  assert.deepEqual(broken(sql, breakSql(sql)), [
    'SELECT a FROM t WHERE b <= $1 AND (c IS NULL OR d) AND e BETWEEN 1 AND 2 ORDER BY a DESC LIMIT $2',
    'SELECT a FROM t WHERE b <= $1 AND (c IS NULL OR d) AND e BETWEEN 1 AND 2 LIMIT $2 FOR UPDATE',
    'SELECT a FROM t WHERE b <= $1 AND (c IS NULL OR d) AND e BETWEEN 1 AND 2 ORDER BY a LIMIT $2 FOR UPDATE',
    'SELECT a FROM t WHERE b <= $1 AND (c IS NULL OR d) AND e BETWEEN 1 AND 2 ORDER BY a DESC FOR UPDATE',
    'SELECT a FROM t WHERE b <= $1 AND (c IS NOT NULL OR d) AND e BETWEEN 1 AND 2 ORDER BY a DESC LIMIT $2 FOR UPDATE',
    'SELECT a FROM t WHERE b < $1 AND (c IS NULL OR d) AND e BETWEEN 1 AND 2 ORDER BY a DESC LIMIT $2 FOR UPDATE',
    'SELECT a FROM t WHERE b <= $1 AND e BETWEEN 1 AND 2 ORDER BY a DESC LIMIT $2 FOR UPDATE',
    'SELECT a FROM t WHERE b <= $1 AND (c IS NULL OR d) ORDER BY a DESC LIMIT $2 FOR UPDATE',
  ]);
});

test('TypeScript loses statements and the sense of its conditions; types, guards and what is told to people are left alone', () => {
  const text = [
    "import { a } from './a.ts';",
    'const f = (x: number, wide: boolean): number => {',
    "  if (x > 3) throw new Error('a mistake');",
    '  if (x && wide) save(x);',
    "  log('info', 'done');",
    '  return wide ? x + 1 : list.filter(Boolean)[0];',
    '};',
    'interface Flag { on: true }',
  ].join('\n');
  assert.deepEqual(
    breakTypeScript(text).map(({ operator, start, end, replace }) => [operator, text.slice(start, end), replace]),
    [
      ['comparison changed', '>', '>='],
      ['condition always true', 'x && wide', 'true'],
      ['condition never true', 'x && wide', 'false'],
      ['left of && only', ' && wide', ''],
      ['right of && only', 'x && ', ''],
      ['statement left out', 'save(x);', ';'],
      ['condition reversed', 'wide', '!(wide)'],
      ['sign changed', '+', '-'],
      ['filter left out', '.filter(Boolean)', ''],
    ],
  );
});

test('Apex loses statements, the sense of its conditions, and clauses of its SOQL', () => {
  const text = [
    'public class A {',
    '    void run(Integer x, Boolean wide) {',
    '        if (x < 3 && wide) { update changed; }',
    '        List<Case> rows = [SELECT Id FROM Case WHERE Subject = :s AND Status = :t ORDER BY Id LIMIT 5 FOR UPDATE];',
    '    }',
    '}',
  ].join('\n');
  assert.deepEqual(
    breakApex(text, 'class').map(({ operator, start, end, replace }) => [operator, text.slice(start, end), replace]),
    [
      ['condition always true', '(x < 3 && wide)', '(true)'],
      ['condition never true', '(x < 3 && wide)', '(false)'],
      ['left of && only', ' && wide', ''],
      ['right of && only', 'x < 3 && ', ''],
      ['comparison changed', ' < ', ' <= '],
      ['statement left out', 'update changed;', '{}'],
      ['condition left out', 'Subject = :s AND ', ''],
      ['condition left out', ' AND Status = :t', ''],
      ['comparison changed', '=', '!='],
      ['comparison changed', '=', '!='],
      ['order left out', 'ORDER BY Id', ''],
      ['limit left out', 'LIMIT 5', ''],
      ['lock left out', 'FOR UPDATE', ''],
    ],
  );
});

test('every file of the protocol gives mutations, each of which fits it and has a name of its own', () => {
  for (const file of protocolFiles()) {
    const text = readFileSync(`${ROOT}${file}`, 'utf8');
    for (const mutation of mutationsOf(file, text)) assert.notEqual(replaceOnce(text, mutation), text, mutation.name);
  }
  const all = generateMutations();
  assert.equal(new Set(all.map(({ name }) => name)).size, all.length);
  for (const ending of ['.cls', '.trigger', '.ts'])
    assert.ok(
      all.some(({ file }) => file.endsWith(ending)),
      `no mutation of a file that ends with ${ending}`,
    );
});

test('a flow has a protocol of its own, and its mutations are for seeds in which it plays', () => {
  const [cases, usage] = [protocolFiles(), protocolFiles(USAGE)];
  assert.deepEqual(
    usage.filter((file) => cases.includes(file)),
    [],
  );
  for (const part of [
    'usage/SealStep.cls',
    'UsageEntries.trigger',
    'carried/pending-source.ts',
    'service-app/reporting.ts',
  ])
    assert.ok(
      usage.some((file) => file.endsWith(part)),
      part,
    );
  const file = 'src/service-app/reporting.ts';
  const mutations = mutationsOf(file, readFileSync(`${ROOT}${file}`, 'utf8'), USAGE);
  assert.ok(mutations.length > 10);
  assert.deepEqual(new Set(mutations.map(flowOf)), new Set([USAGE]));
});

test('what is made of Apex is Apex: a class that does not compile would be noticed by any seed', () => {
  const apex = generateMutations().filter(({ file }) => file.endsWith('.cls'));
  for (const [operator, mutations] of Map.groupBy(apex, ({ breaks }) => breaks)) {
    for (const mutation of drawn(mutations, 8, 1)) {
      const text = replaceOnce(readFileSync(`${ROOT}${mutation.file}`, 'utf8'), mutation);
      const parser = parserOf(text);
      parser.removeErrorListeners();
      parser.compilationUnit();
      assert.equal(parser.syntaxErrorsCount, 0, `${operator}: ${mutation.name}`);
    }
  }
});

const mutation = (file: string, line: number, at = 0): GeneratedMutation => ({
  ...{ name: `${file}:${line} ${at}`, breaks: 'condition always true', find: '', replace: '' },
  ...{ file, line, at },
});
const APEX = 'classes/Some.cls';
const MODULE = 'src/some.ts';

test('a mutation gets the seeds that run its place: first those that noticed others of its file, then the quick ones', () => {
  const choice = new SeedChoice({
    executable: { [APEX]: [3, 5, 9] },
    seeds: [
      { seed: 1, seconds: 3, lines: { [APEX]: [3, 5] }, segments: { [MODULE]: [0, 10] } },
      { seed: 2, seconds: 1, lines: { [APEX]: [5, 9] }, segments: {} },
      { seed: 3, seconds: 2, lines: { [APEX]: [5] }, segments: { [MODULE]: [5, 8] } },
      // it fails without any mutation
      { seed: 4, seconds: 1, lines: { [APEX]: [3, 5] }, segments: {}, violation: 'something' },
    ],
  });
  // the third line of a statement that begins in line 5
  assert.deepEqual(choice.of(mutation(APEX, 7)), [2, 3, 1]);
  assert.deepEqual(choice.of(mutation(APEX, 3)), [1]);
  assert.deepEqual(choice.of(mutation(APEX, 2)), []);
  assert.deepEqual(choice.of(mutation(MODULE, 1, 6)), [3, 1]);
  assert.deepEqual(choice.of(mutation(MODULE, 1, 9)), [1]);
  choice.note(mutation(APEX, 3), 1);
  assert.deepEqual(choice.of(mutation(APEX, 7)), [1, 2, 3]);
});

test('a draw takes of each file in proportion, and the same draw is the same', () => {
  const all = [...Array(30).keys()].map((at) => mutation(at < 20 ? APEX : MODULE, 1, at));
  const chosen = drawn(all, 9, 7);
  assert.equal(chosen.length, 9);
  assert.ok([5, 6, 7].includes(chosen.filter(({ file }) => file === APEX).length));
  assert.deepEqual(drawn(all, 9, 7), chosen);
  assert.notDeepEqual(drawn(all, 9, 8), chosen);
  assert.deepEqual(new Set(drawn(all, 99, 7)), new Set(all));
});

test('a condition that is never true makes a difference only where its consequence runs', () => {
  const typescript = 'const f = (x: boolean): void => {\n  if (x) {\n    // why\n    save(x);\n  }\n};';
  const apex =
    'public class A {\n    void run(Boolean x) {\n        if (x) {\n            // why\n            update changed;\n        }\n    }\n}';
  const never = (all: GeneratedMutation[]): number[] =>
    all.filter(({ breaks }) => breaks === 'condition never true').map(({ line }) => line);
  assert.deepEqual(never(mutationsOf('some.ts', typescript)), [4]);
  assert.deepEqual(never(mutationsOf('some.cls', apex)), [5]);
});

test('what is unnoticed and what no seed runs survive; what does not compile does not count', () => {
  const tally = new Tally();
  tally.add(mutation(APEX, 1), { is: 'noticed', seed: 4, violation: 'lost' });
  tally.add(mutation(APEX, 2), { is: 'hung', seed: 4 });
  tally.add(mutation(APEX, 3), { is: 'unnoticed', seeds: 5, brokeOff: 0, error: null });
  tally.add(mutation(APEX, 4), { is: 'unreached' });
  tally.add(mutation(APEX, 5), { is: 'void', why: 'no such variable' });
  assert.equal(tally.share, 0.5);
  assert.ok(tally.shareAtMost > 0.85 && tally.shareAtMost <= 1, 'few trials prove little');
  assert.match(
    tally.summary(),
    /^survived: classes\/Some\.cls:3 0: 5 seeds saw nothing\nsurvived: classes\/Some\.cls:4 0: no seed runs this place\n4 tried: 1 noticed, 1 did not end, 1 unnoticed, 1 in no seed's way \(50\.0% noticed, so of all at most 89\.5%\); 1 more do not compile$/,
  );
});

test('what is known to be equivalent fits the protocol as it is', () => {
  const all = generateMutations();
  for (const { why, fits } of EQUIVALENT)
    assert.ok(all.some(fits), `no mutation is equivalent any more because ${why}`);
});
