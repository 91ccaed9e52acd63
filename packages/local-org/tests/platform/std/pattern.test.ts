import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { methods, statics } from './fake-runtime.ts';

const P = statics('Pattern');
const p = methods('Pattern');
const M = methods('Matcher');
const matcher = (regex: string, text: string): unknown => p.matcher!(P.compile!(regex), text) as unknown;

describe('patterns of the platform', () => {
  /** pattern, text, whether it matches wholly. */
  const cases: [string, string, boolean][] = [
    ['a*b', 'aaab', true],
    ['a|ab', 'ab', true],
    ['(?i)ABC', 'abc', true],
    ['a(?i)B', 'ab', true],
    ['(a(?i)b)c', 'aBC', false],
    ['(?s).+', 'a\nb', true],
    ['.+', 'a\nb', false],
    ['\\Qa.b\\E+', 'a.bb', true],
    ['\\p{Alpha}+', 'abC', true],
    ['\\p{L}+', 'äß', true],
    ['\\p{Punct}', '[', true],
    ['\\P{Digit}', 'x', true],
    ['[\\p{Upper}_]+', 'A_B', true],
    ['[a-z&&[^bc]]+', 'ad', true],
    ['[a-z&&[^bc]]+', 'ab', false],
    ['[a-c[x-z]]+', 'ay', true],
    ['[]a]+', ']a', true],
    ['[^]]', 'a', true],
    ['[a-]+', 'a-', true],
    ['[&]', '&', true],
    ['[,;#]', '#', true],
    ['\\s', '\u00a0', false],
    ['\\h', '\u00a0', true],
    ['\\R', '\r\n', true],
    ['\\u0041\\x42\\x{43}\\t', 'ABC\t', true],
    ['(?<year>\\d{4})-\\k<year>', '2026-2026', true],
    ['(a)\\1', 'aa', true],
    ["[\\w.'+-]+@[\\w.-]+\\.\\w{2,}", 'a.b+c@x-y.org', true],
    ['^\\d{5}(?:-\\d{4})?$', '12345-6789', true],
    ['\\{\\}', '{}', true],
    ['a}', 'a}', true],
    ['😀+', '😀😀', true],
    ['a*+a', 'aaa', false],
    ['(?>a|ab)c', 'abc', false],
    ['(?x) a b # comment', 'ab', true],
    ['(?i)É', 'é', false],
    ['(?iu)É', 'é', true],
    ['\\X', 'e\u0301', true],
  ];
  for (const [regex, text, expected] of cases) {
    test(`${regex} ${expected ? 'matches' : 'does not match'} ${JSON.stringify(text)}`, () =>
      assert.equal(P.matches!(regex, text), expected));
  }

  for (const regex of ['(', '[a', 'a{', '*a', 'a)', '\\', '\\y', 'a{2,1}']) {
    test(`${regex} is malformed`, () => throwsApex(() => P.compile!(regex), 'StringException', /^Invalid regex: /));
  }

  test('quote makes a literal', () => assert.equal(P.matches!(P.quote!('a.\\E*'), 'a.\\E*'), true));
  test('split', () => assert.equal(toApexString(p.split!(P.compile!('\\s*,\\s*'), 'a , b,c')), '(a, b, c)'));
  test('$ stands before a last line end too', () => assert.equal(M.find!(matcher('b$', 'ab\n')), true));
});

describe('matchers', () => {
  test('find goes on from match to match', () => {
    const found = matcher('(\\w)(\\d)?', 'a1 b');
    const seen: unknown[] = [];
    while (M.find!(found) === true)
      seen.push([M.group!(found), M.group!(found, 2), M.start!(found), M.end!(found), M.start!(found, 2)]);
    assert.deepEqual(seen, [
      ['a1', '1', 0, 2, 1],
      ['b', null, 3, 4, -1],
    ]);
    assert.equal(M.groupCount!(found), 2);
    throwsApex(() => M.group!(found), 'StringException', 'No match found');
  });

  test('empty matches end', () => {
    const found = matcher('x*', 'ab');
    let count = 0;
    while (M.find!(found) === true) count++;
    assert.equal(count, 3);
  });

  test('lookingAt needs the beginning, matches the whole', () => {
    assert.equal(M.lookingAt!(matcher('a', 'ab')), true);
    assert.equal(M.matches!(matcher('a', 'ab')), false);
  });

  test('regions bound it', () => {
    const found = M.region!(matcher('^b$', 'abc'), 1, 2) as unknown;
    assert.equal(M.find!(found), true);
    assert.deepEqual([M.start!(found), M.end!(found)], [1, 2]);
  });

  test('replacements name groups', () => {
    assert.equal(M.replaceAll!(matcher('(?<a>\\w)(\\d)', 'x1 y2'), '$2${a}\\$'), '1x$ 2y$');
    assert.equal(M.replaceFirst!(matcher('\\d', '1 2'), '#'), '# 2');
    assert.equal(statics('Matcher').quoteReplacement!('$1\\'), '\\$1\\\\');
    throwsApex(() => M.replaceAll!(matcher('a', 'a'), '$1'), 'StringException', 'No group 1');
  });

  test('reset takes another text', () => {
    const found = matcher('b', 'a');
    assert.equal(M.find!(found), false);
    M.reset!(found, 'ab');
    assert.equal(M.find!(found), true);
  });
});
