/** String.format: `{0}` takes an argument; quoted text is literal; two quotes are one quote. */
import { apexException } from '../../values/index.ts';

export const formatMessage = (pattern: string, values: readonly string[]): string => {
  let out = '';
  let quoted = false;
  for (let i = 0; i < pattern.length; i++) {
    const character = pattern[i]!;
    if (character === "'") {
      if (pattern[i + 1] === "'") {
        out += "'";
        i++;
      } else quoted = !quoted;
    } else if (character === '{' && !quoted) {
      const end = pattern.indexOf('}', i);
      if (end < 0) throw apexException('IllegalArgumentException', 'Unmatched braces in the pattern.');
      out += argument(pattern.slice(i + 1, end), values);
      i = end;
    } else out += character;
  }
  return out;
};

const argument = (text: string, values: readonly string[]): string => {
  const index = text.split(',')[0]!.trim();
  if (!/^\d+$/.test(index)) throw apexException('IllegalArgumentException', `can't parse argument number: ${index}`);
  return values[Number(index)] ?? `{${index}}`;
};
