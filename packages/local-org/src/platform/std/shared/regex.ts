/** Regular expressions as the library uses them: compiled once a transaction, charged to its CPU time. */
import { Input, Regex, RegexSyntaxError, RegexTooComplicated } from '../../../regex/index.ts';
import type { Match, Search } from '../../../regex/index.ts';
import type { Runtime } from '../../types.ts';
import { apexException, LimitExceeded, NativeObject } from '../../values/index.ts';

/** Patterns that are kept compiled. */
const KEPT = 200;

/** Compiles a pattern; StringException when it is malformed. */
export const compileRegex = (source: string): Regex => {
  try {
    return new Regex(source);
  } catch (error) {
    if (!(error instanceof RegexSyntaxError)) throw error;
    throw apexException('StringException', `Invalid regex: ${error.message} near index ${error.index}\n${source}`);
  }
};

/** Compiles patterns, each once as long as not too many others are in use. */
export const regexCompiler = (): ((source: string) => Regex) => {
  const kept = new Map<string, Regex>();
  return (source) => {
    let regex = kept.get(source);
    if (regex === undefined) {
      regex = compileRegex(source);
      if (kept.size >= KEPT) kept.clear();
      kept.set(source, regex);
    }
    return regex;
  };
};

/** Searches; LimitException when the input was read too often, or the CPU time is used up. */
export const searchRegex = ($: Runtime, regex: Regex, input: Input, search: Search): Match | null => {
  const before = input.steps;
  try {
    return regex.search(input, search);
  } catch (error) {
    if (error instanceof RegexTooComplicated) throw new LimitExceeded(error.message);
    throw error;
  } finally {
    $.spend(input.steps - before);
  }
};

/** All matches from the beginning on. */
export function* allMatches($: Runtime, regex: Regex, input: Input): Generator<Match> {
  let at = 0;
  let lastEnd = 0;
  while (at <= input.text.length) {
    const match = searchRegex($, regex, input, { at, lastEnd });
    if (match === null) return;
    yield match;
    lastEnd = match[1]!;
    // A match without width is not found again.
    at = match[0] === match[1] ? lastEnd + 1 : lastEnd;
  }
}

/** What group `index` matched, or null. */
export const groupText = (text: string, match: Match, index: number): string | null =>
  match[2 * index]! < 0 ? null : text.slice(match[2 * index], match[2 * index + 1]);

const REPLACEMENT = /\\([^]?)|\$(?:(\d+)|\{([a-zA-Z][a-zA-Z0-9]*)\})?/g;

/** A replacement text (`$1`, `${name}`, `\$`) filled with the groups of one match. */
const expandReplacement = (replacement: string, regex: Regex, text: string, match: Match): string =>
  replacement.replace(REPLACEMENT, (_, escaped?: string, digits?: string, name?: string) => {
    if (escaped !== undefined) {
      if (escaped === '') throw apexException('StringException', 'character to be escaped is missing');
      return escaped;
    }
    if (name !== undefined) {
      const group = regex.groupNames.get(name);
      if (group === undefined) throw apexException('StringException', `No group with name {${name}}`);
      return groupText(text, match, group) ?? '';
    }
    if (digits === undefined) throw apexException('StringException', 'Illegal group reference');
    return numberedGroup(digits, regex, text, match);
  });

/** `$12` is group 12 if there are so many, else group 1 and a 2. */
const numberedGroup = (digits: string, regex: Regex, text: string, match: Match): string => {
  let length = 1;
  while (length < digits.length && Number(digits.slice(0, length + 1)) <= regex.groupCount) length++;
  const group = Number(digits.slice(0, length));
  if (group > regex.groupCount) throw apexException('StringException', `No group ${group}`);
  return (groupText(text, match, group) ?? '') + digits.slice(length);
};

/** Replaces the first or all matches. */
export const replaceRegex = ($: Runtime, input: Input, regex: Regex, replacement: string, all: boolean): string => {
  const { text } = input;
  let out = '';
  let at = 0;
  for (const match of allMatches($, regex, input)) {
    out += text.slice(at, match[0]) + expandReplacement(replacement, regex, text, match);
    at = match[1]!;
    if (!all) break;
  }
  return out + text.slice(at);
};

/** String.split: no limit or 0 drops trailing empty parts, a positive limit bounds the parts, a negative one keeps all. */
export const splitRegex = ($: Runtime, text: string, regex: Regex, limit: number): string[] => {
  const parts: string[] = [];
  let from = 0;
  for (const match of allMatches($, regex, new Input(text))) {
    if (limit > 0 && parts.length === limit - 1) break;
    // A match without width at the beginning makes no empty first part.
    if (match[1] === 0) continue;
    parts.push(text.slice(from, match[0]));
    from = match[1]!;
  }
  if (parts.length === 0) return [text];
  parts.push(text.slice(from));
  if (limit === 0) while (parts.length > 0 && parts.at(-1) === '') parts.pop();
  return parts;
};

/** A compiled System.Pattern. */
export class PatternObject extends NativeObject {
  readonly source: string;
  readonly regex: Regex;

  constructor(source: string) {
    super('Pattern');
    this.source = source;
    this.regex = compileRegex(source);
  }

  override toText(): string {
    return this.source;
  }
}
