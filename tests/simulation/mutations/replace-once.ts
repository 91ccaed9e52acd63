import type { Mutation } from './types.ts';

/** The mutated text of a file. Throws when the mutation does not fit the file any more. */
export const replaceOnce = (text: string, { name, file, find, replace }: Mutation): string => {
  const [before, after, ...more] = text.split(find);
  if (after === undefined || more.length > 0) {
    throw new Error(
      `mutation "${name}" is stale: its text is ${after === undefined ? 'not' : 'more than once'} in ${file}; adapt it`,
    );
  }
  return before + replace + after;
};
