import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { breakApex } from './mutations/generated/apex.ts';
import { generateMutations, mutationsOf } from './mutations/generated/index.ts';
import { breakSql } from './mutations/generated/sql.ts';
import { breakTypeScript } from './mutations/generated/typescript.ts';
import type { Edit } from './mutations/generated/edits.ts';
import { replaceOnce } from './mutations/replace-once.ts';
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
      ['statement left out', 'update changed;', ';'],
      ['condition left out', 'Subject = :s AND ', ''],
      ['condition left out', ' AND Status = :t', ''],
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
