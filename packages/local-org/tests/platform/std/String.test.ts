import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApexDate, ApexList, Decimal, SObject } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { at, list, methods, statics } from './fake-runtime.ts';

const s = methods('String');
const S = statics('String');

/** method, receiver, arguments, result. Lists are compared by their items. */
type Case = [method: string, self: string, args: unknown[], expected: unknown];

const check = (title: string, cases: Case[]): void => {
  describe(title, () => {
    for (const [method, self, args, expected] of cases) {
      test(`'${self}'.${method}(${args.map((arg) => JSON.stringify(arg)).join(', ')})`, () => {
        const result = s[method]!(self, ...args) as unknown;
        assert.deepEqual(result instanceof ApexList ? result.items : result, expected);
      });
    }
  });
};

check('split', [
  ['split', 'a,b,,c,,', [','], ['a', 'b', '', 'c']],
  ['split', 'a,b,,c,,', [',', -1], ['a', 'b', '', 'c', '', '']],
  ['split', 'boo:and:moo', [':', 2], ['boo', 'and:moo']],
  ['split', 'boo:and:moo', ['o', 5], ['b', '', ':and:m', '', '']],
  ['split', 'boo:and:moo', ['o', 0], ['b', '', ':and:m']],
  ['split', 'abc', [''], ['a', 'b', 'c']],
  ['split', ',a', [','], ['', 'a']],
  ['split', '', [','], ['']],
  ['split', ',,', [','], []],
  ['split', 'a.b|c', ['\\.|\\|'], ['a', 'b', 'c']],
  ['split', 'camelCaseText', ['(?=[A-Z])'], ['camel', 'Case', 'Text']],
  ['splitByCharacterType', 'Lightning.platform1', [], ['L', 'ightning', '.', 'platform', '1']],
  ['splitByCharacterTypeCamelCase', 'Lightning.platformURL9', [], ['Lightning', '.', 'platform', 'URL', '9']],
  ['splitByCharacterTypeCamelCase', 'fooBarASFLicense', [], ['foo', 'Bar', 'ASF', 'License']],
]);

check('parts', [
  ['substring', 'hamburger', [4, 8], 'urge'],
  ['substring', 'abc', [3], ''],
  ['substringAfter', 'a.b.c', ['.'], 'b.c'],
  ['substringAfter', 'abc', ['.'], ''],
  ['substringAfterLast', 'a.b.c', ['.'], 'c'],
  ['substringBefore', 'a.b.c', ['.'], 'a'],
  ['substringBefore', 'abc', ['.'], 'abc'],
  ['substringBeforeLast', 'a.b.c', ['.'], 'a.b'],
  ['substringBetween', 'xtagYtagz', ['tag'], 'Y'],
  ['substringBetween', 'a[b]c', ['[', ']'], 'b'],
  ['substringBetween', 'a[b', ['[', ']'], null],
  ['left', 'abcd', [2], 'ab'],
  ['left', 'abcd', [9], 'abcd'],
  ['left', 'abcd', [-1], ''],
  ['right', 'abcd', [2], 'cd'],
  ['right', 'abcd', [0], ''],
  ['mid', 'abcde', [1, 3], 'bcd'],
  ['mid', 'abcde', [9, 3], ''],
  ['trim', '\t a b \n', [], 'a b'],
  ['trim', '\u00a0a', [], '\u00a0a'],
  ['normalizeSpace', '  a \n b  ', [], 'a b'],
  ['deleteWhitespace', ' a b\tc ', [], 'abc'],
  ['stripHtmlTags', '<b>hello</b> <i class="x">you</i>', [], 'hello you'],
  ['remove', 'banana', ['an'], 'ba'],
  ['removeStart', 'www.x', ['www.'], 'x'],
  ['removeStartIgnoreCase', 'WWW.x', ['www.'], 'x'],
  ['removeEnd', 'x.com', ['.com'], 'x'],
  ['removeEndIgnoreCase', 'x.COM', ['.com'], 'x'],
]);

check('changes', [
  ['abbreviate', 'Hello Maximillian', [8], 'Hello...'],
  ['abbreviate', 'Hello', [5], 'Hello'],
  ['abbreviate', 'Hello Maximillian', [9, 6], '...Max...'],
  ['abbreviate', 'Hello Maximillian', [14, 6], '...Maximillian'],
  ['capitalize', 'hello Max', [], 'Hello Max'],
  ['uncapitalize', 'Hello', [], 'hello'],
  ['swapCase', 'Hello 1', [], 'hELLO 1'],
  ['center', 'hello', [9], '  hello  '],
  ['center', 'ab', [5, '-'], '-ab--'],
  ['leftPad', 'ab', [5], '   ab'],
  ['leftPad', 'ab', [6, 'xy'], 'xyxyab'],
  ['rightPad', 'ab', [5, 'xy'], 'abxyx'],
  ['leftPad', 'abc', [2], 'abc'],
  ['repeat', 'ab', [3], 'ababab'],
  ['repeat', 'ab', ['-', 3], 'ab-ab-ab'],
  ['reverse', 'abc', [], 'cba'],
  ['reverse', 'a😀', [], '😀a'],
  ['overlay', 'abcdef', ['zzz', 4, 2], 'abzzzef'],
  ['replace', 'a.b.c', ['.', '$&'], 'a$&b$&c'],
  ['replaceAll', 'a1b22', ['\\d+', '#'], 'a#b#'],
  ['replaceAll', 'John Smith', ['(\\w+) (\\w+)', '$2 $1'], 'Smith John'],
  ['replaceAll', 'a/b', ['/', '\\\\'], 'a\\b'],
  ['replaceAll', "it's a-b_c!", ["[^a-zA-Z0-9\\-_']", ''], "it'sa-b_c"],
  ['replaceAll', 'aXbx', ['(?i)x', '.'], 'a.b.'],
  ['replaceAll', 'x', ['x', '\\$1'], '$1'],
  ['replaceFirst', 'aaa', ['a', 'b'], 'baa'],
  ['toUpperCase', 'straße', [], 'STRASSE'],
  ['toLowerCase', 'ABC', [], 'abc'],
]);

check('questions', [
  ['isNumeric', '1234', [], true],
  ['isNumeric', '12.3', [], false],
  ['isNumeric', '-1', [], false],
  ['isNumeric', '', [], false],
  ['isNumericSpace', '1 2', [], true],
  ['isAlpha', 'abcÄ', [], true],
  ['isAlpha', 'ab1', [], false],
  ['isAlphanumeric', 'ab1', [], true],
  ['isAlphaSpace', 'a b', [], true],
  ['isAllLowerCase', 'abc', [], true],
  ['isAllLowerCase', 'ab1', [], false],
  ['isAllUpperCase', 'ABC', [], true],
  ['isAsciiPrintable', 'ab~', [], true],
  ['isAsciiPrintable', 'ä', [], false],
  ['isWhitespace', ' \t', [], true],
  ['isWhitespace', '\u00a0', [], false],
  ['containsWhitespace', 'a b', [], true],
  ['contains', 'abc', ['B'], false],
  ['containsIgnoreCase', 'abc', ['B'], true],
  ['containsAny', 'abc', ['xyc'], true],
  ['containsNone', 'abc', ['xyz'], true],
  ['containsOnly', 'aab', ['ab'], true],
  ['startsWith', 'abc', ['ab'], true],
  ['startsWithIgnoreCase', 'ABc', ['ab'], true],
  ['endsWith', 'abc', ['bc'], true],
  ['endsWithIgnoreCase', 'aBC', ['bc'], true],
  ['equals', 'a', ['A'], false],
  ['equalsIgnoreCase', 'a', ['A'], true],
  ['compareTo', 'abcde', ['abcd'], 1],
  ['compareTo', 'a', ['B'], 31],
  ['hashCode', 'hello', [], 99162322],
]);

check('positions', [
  ['length', 'a😀', [], 3],
  ['charAt', 'ab', [1], 98],
  ['codePointAt', '😀', [0], 128512],
  ['codePointCount', 'a😀b', [0, 4], 3],
  ['getChars', 'ab', [], [97, 98]],
  ['indexOf', 'abcabc', ['c'], 2],
  ['indexOf', 'abcabc', ['c', 3], 5],
  ['indexOfIgnoreCase', 'ABC', ['bc'], 1],
  ['indexOfAny', 'zzabyycd', ['by'], 3],
  ['indexOfAnyBut', 'zzab', ['z'], 2],
  ['indexOfChar', 'abc', [99], 2],
  ['indexOfDifference', 'abcde', ['abxyz'], 2],
  ['indexOfDifference', 'abc', ['abc'], -1],
  ['lastIndexOf', 'abcabc', ['c'], 5],
  ['lastIndexOf', 'abcabc', ['c', 4], 2],
  ['countMatches', 'abbab', ['ab'], 2],
  ['difference', 'SForce', ['SForceRocks'], 'Rocks'],
  ['getLevenshteinDistance', 'kitten', ['sitting'], 3],
  ['getLevenshteinDistance', 'kitten', ['sitting', 2], -1],
]);

check('escapes', [
  ['escapeCsv', 'a,"b"', [], '"a,""b"""'],
  ['unescapeCsv', '"a,""b"""', [], 'a,"b"'],
  ['escapeHtml4', '<b> & "é" €', [], '&lt;b&gt; &amp; &quot;&eacute;&quot; &euro;'],
  ['escapeHtml3', 'é €', [], '&eacute; €'],
  ['unescapeHtml4', '&lt;&eacute;&#233;&#xe9;&nope;', [], '<ééé&nope;'],
  ['escapeXml', `<a b='c'>`, [], '&lt;a b=&apos;c&apos;&gt;'],
  ['escapeEcmaScript', `"it's" 1/2 é`, [], `\\"it\\'s\\" 1\\/2 \\u00E9`],
  ['escapeJava', 'a\t"é\\', [], 'a\\t\\"\\u00E9\\\\'],
  ['unescapeJava', 'a\\t\\"\\u00E9\\\\', [], 'a\t"é\\'],
  ['escapeUnicode', 'aé', [], 'a\\u00E9'],
]);

describe('errors', () => {
  const cases: [string, () => unknown, string, string][] = [
    ['null argument', () => s.contains!('abc', null), 'NullPointerException', 'Argument cannot be null.'],
    ['substring past the end', () => s.substring!('abc', 1, 9), 'StringException', 'Ending position out of bounds: 9'],
    [
      'substring before the start',
      () => s.substring!('abc', -1),
      'StringException',
      'Starting position out of bounds: -1',
    ],
    ['charAt past the end', () => s.charAt!('a', 1), 'StringException', 'String index out of range: 1'],
    ['split by null', () => s.split!('a', null), 'NullPointerException', 'Argument cannot be null.'],
    [
      'abbreviate too short',
      () => s.abbreviate!('Hello Max', 3),
      'IllegalArgumentException',
      'Minimum abbreviation width is 4',
    ],
  ];
  for (const [name, run, type, message] of cases) test(name, () => throwsApex(run, type, message));
  test('malformed pattern', () => throwsApex(() => s.split!('a', '('), 'StringException', /^Invalid regex: /));
});

describe('statics', () => {
  test('isBlank and its kin', () => {
    const rows = [null, '', ' ', 'a'].map((text) => [
      S.isBlank!(text),
      S.isNotBlank!(text),
      S.isEmpty!(text),
      S.isNotEmpty!(text),
    ]);
    assert.deepEqual(rows, [
      [true, false, true, false],
      [true, false, true, false],
      [true, false, false, true],
      [false, true, false, true],
    ]);
  });

  test('join', () => {
    assert.equal(S.join!(list('a', 1, Decimal.parse('1.50')), ', '), 'a, 1, 1.50');
    assert.equal(S.join!(list(), ','), '');
  });

  const formats: [string, unknown[], string][] = [
    ['Hello {0}, {1}', ['a', 'b'], 'Hello a, b'],
    ['{1}{0}{1}', ['a', 'b'], 'bab'],
    ["It''s {0}", ['x'], "It's x"],
    ["'{0}' is {0}", ['x'], '{0} is x'],
    ['{0} {3}', ['a'], 'a {3}'],
    ['{0}', [null], 'null'],
    ['{0}', [1234], '1234'],
  ];
  for (const [pattern, values, expected] of formats) {
    test(`format ${pattern}`, () => assert.equal(S.format!(pattern, list(...values)), expected));
  }
  test('format with an open brace', () =>
    throwsApex(() => S.format!('a {0', list('x')), 'IllegalArgumentException', 'Unmatched braces in the pattern.'));

  test('valueOf', () => {
    assert.equal(S.valueOf(null), null);
    assert.equal(S.valueOf(true), 'true');
    assert.equal(S.valueOf(ApexDate.of(2026, 11, 21)), '2026-11-21');
    assert.equal(S.valueOf(at('2026-11-21T07:30:00Z')), '2026-11-21 02:30:00');
    assert.equal(S.valueOfGmt!(at('2026-11-21T07:30:00Z')), '2026-11-21 07:30:00');
    assert.equal(S.valueOf(new SObject('Case', { Subject: 'x' })), 'Case:{Subject=x}');
  });

  test('the others', () => {
    assert.equal(S.escapeSingleQuotes!("it's"), "it\\'s");
    assert.equal(S.fromCharArray!(list(97, 98)), 'ab');
    assert.equal(S.getCommonPrefix!(list('SFDCApex', 'SFDCVisualforce')), 'SFDC');
  });
});
