/** Character classes: `[a-z&&[^aeiou]]`. */
import { complement, intersection, rangeOf, union } from './character-set.ts';
import type { IsMember } from './character-set.ts';
import { caseRule } from './flags.ts';
import type { Flags } from './flags.ts';
import { parseCharacterEscape } from './parse-escape.ts';
import type { PatternText } from './pattern-text.ts';

/** The members of the class whose opening bracket has been read. */
export function parseClass(text: PatternText, flags: Flags): IsMember {
  const negated = text.accept('^');
  const members = parseOperands(text, flags);
  return negated ? complement(members) : members;
}

/** Everything up to the closing bracket; `&&` intersects what stands on its sides. */
function parseOperands(text: PatternText, flags: Flags): IsMember {
  let whole: IsMember | null = null;
  let operand: IsMember[] = [];
  const close = (): IsMember | null => {
    const right = operand.length === 0 ? null : union(operand);
    operand = [];
    if (whole === null || right === null) return whole ?? right;
    return intersection(whole, right);
  };
  for (;;) {
    if (text.ended) throw text.error('Unclosed character class', text.length - 1);
    if (text.peek() === ']' && (whole !== null || operand.length > 0)) break;
    if (text.peek() === '&' && text.peek(1) === '&') {
      text.at += 2;
      whole = close();
      while (text.peek() === '&' && text.peek(1) === '&') text.at += 2;
      if (text.peek() === ']' && whole === null) throw text.error('Bad class syntax');
    } else operand.push(parseMember(text, flags));
  }
  text.take();
  return close()!;
}

function parseMember(text: PatternText, flags: Flags): IsMember {
  if (text.accept('[')) return parseClass(text, flags);
  const low = parseOne(text, flags);
  if (typeof low !== 'number') return low;
  const rule = caseRule(flags);
  const next = text.peek(1);
  const ranges = text.peek() === '-' && next !== ']' && next !== '[' && text.at + 1 < text.length;
  if (!ranges) return rangeOf(low, low, rule);
  text.take();
  const at = text.at;
  const high = parseOne(text, flags);
  if (typeof high !== 'number' || high < low) throw text.error('Illegal character range', at);
  return rangeOf(low, high, rule);
}

function parseOne(text: PatternText, flags: Flags): number | IsMember {
  if (!text.accept('\\')) return text.takeCode();
  if (text.at >= text.length) throw text.error('Unclosed character class', text.length - 1);
  return parseCharacterEscape(text, String.fromCodePoint(text.takeRaw()), flags);
}
