/** System.Pattern. */
import type { StdFactory } from '../types.ts';
import { ApexList } from '../values/index.ts';
import { MatcherObject } from './Matcher.ts';
import { present } from './shared/arguments.ts';
import { PatternObject, splitRegex } from './shared/regex.ts';

const quote = (text: string): string => `\\Q${text.replaceAll('\\E', '\\E\\\\E\\Q')}\\E`;

const factory: StdFactory = ($) => ({
  name: 'Pattern',
  s: {
    compile: (source: string | null) => new PatternObject(present(source)),
    matches: (source: string | null, text: string | null) =>
      new MatcherObject($, new PatternObject(present(source)), present(text)).matches(),
    quote: (text: string | null) => quote(present(text)),
  },
  m: {
    matcher: (self: PatternObject, text: string | null) => new MatcherObject($, self, present(text)),
    pattern: (self: PatternObject) => self.source,
    split: (self: PatternObject, text: string | null, limit = 0) =>
      new ApexList('String', splitRegex($, present(text), self.regex, limit)),
  },
});

export default factory;
