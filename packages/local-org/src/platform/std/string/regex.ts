/** String methods that take a regular expression. */
import { Input } from '../../../regex/index.ts';
import type { Regex } from '../../../regex/index.ts';
import type { NativeFunction, Runtime } from '../../types.ts';
import { ApexList } from '../../values/index.ts';
import { present } from '../shared/arguments.ts';
import { replaceRegex, splitRegex } from '../shared/regex.ts';

export const regexMethods = ($: Runtime, compile: (source: string) => Regex): Record<string, NativeFunction> => {
  const replace =
    (all: boolean): NativeFunction =>
    (self: string, regex: string | null, replacement: string | null) =>
      replaceRegex($, new Input(self), compile(present(regex)), present(replacement), all);
  return {
    replaceall: replace(true),
    replacefirst: replace(false),
    split: (self: string, regex: string | null, limit = 0) =>
      new ApexList('String', splitRegex($, self, compile(present(regex)), present(limit))),
  };
};
