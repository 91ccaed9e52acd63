import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { Input, Regex, RegexSyntaxError, RegexTooComplicated } from '../../src/regex/index.ts';
import type { Match } from '../../src/regex/index.ts';

/**
 * Pattern, text, and what OpenJDK 17 answered: `M` and the bounds of all groups when matches() holds, else `N`; behind
 * the bar the bounds of what find() found, six times at most. Handwritten ones first, then generated ones.
 */
const vectors = JSON.parse(readFileSync(join(import.meta.dirname, 'fixtures/java-vectors.json'), 'utf8')) as [
  pattern: string,
  text: string,
  answer: string,
][];

const bounds = (match: Match): string => {
  let text = '';
  for (let i = 0; i < match.length; i += 2) text += `${match[i]},${match[i + 1]} `;
  return text;
};

const FINDS = 6;

const answer = (pattern: string, text: string): string => {
  try {
    const regex = new Regex(pattern);
    const whole = regex.search(new Input(text), { anchoring: 'whole' });
    let out = `${whole === null ? 'N' : `M${bounds(whole)}`}|`;
    let [at, lastEnd] = [0, 0];
    for (let i = 0; i < FINDS && at <= text.length; i++) {
      const match = regex.search(new Input(text), { at, lastEnd });
      if (match === null) break;
      out += `${bounds(match)};`;
      lastEnd = match[1]!;
      at = lastEnd + (match[0] === match[1] ? 1 : 0);
    }
    return out;
  } catch (error) {
    if (error instanceof RegexSyntaxError) return 'malformed';
    throw error;
  }
};

describe('regular expressions', () => {
  test('answer as Java does', () => {
    assert.ok(vectors.length > 400);
    for (const [pattern, text, expected] of vectors)
      assert.equal(answer(pattern, text), expected, JSON.stringify({ pattern, text }));
  });

  const MANY = 'a'.repeat(40);
  const endless: [pattern: string, text: string][] = [
    ['(a+)+$', `${MANY}b`],
    ['(a|aa)+$', `${MANY}b`],
    ['(?=(a+)+$)b', `${MANY}b`],
    ['(?<!(a|aa){1,60})b$', `${MANY}${MANY}bb`],
    ['(a*)*\\1b', MANY],
    [`${'a?'.repeat(30)}b`, MANY],
    ['a.*b.*c.*d$', 'ab'.repeat(50_000)],
    ['\\s+$', `${' '.repeat(50_000)}x`],
    // Reads nothing, and tries 2^40 ways.
    [`${'(?:^|^)'.repeat(40)}x`, 'y'],
    // Every try is remembered.
    ['(?:a|b)*', 'ab'.repeat(400_000)],
  ];
  for (const [pattern, text] of endless) {
    test(`${pattern.slice(0, 30)} on ${text.length} characters ends`, () => {
      const started = performance.now();
      assert.throws(() => new Regex(pattern).search(new Input(text)), RegexTooComplicated);
      assert.ok(performance.now() - started < 10_000);
    });
  }

  test('all searches of one input together may read it a million times', () => {
    const regex = new Regex('b');
    const input = new Input('a'.repeat(600_000));
    assert.equal(regex.search(input), null);
    assert.equal(input.reads, 600_000);
    assert.throws(() => regex.search(input), RegexTooComplicated);
  });

  test('the same search reads the same', () => {
    const reads = (): number => {
      const input = new Input(`${'ab '.repeat(200)}!`);
      new Regex('(\\w+\\s?)+\\?').search(input, { at: 590 });
      return input.reads;
    };
    assert.equal(reads(), reads());
    assert.ok(reads() > 0);
  });

  for (const depth of [400, 100_000]) {
    test(`groups ${depth} deep compile or are refused`, () => {
      const pattern = `${'('.repeat(depth)}a${')'.repeat(depth)}`;
      if (depth < 500) assert.equal(new Regex(pattern).groupCount, depth);
      else assert.throws(() => new Regex(pattern), RegexSyntaxError);
    });
  }
});
