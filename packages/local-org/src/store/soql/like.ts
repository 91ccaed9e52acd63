/**
 * LIKE with many wildcards. SQLite tries all ways to share a text among them, which can take for ever; here the
 * first place that fits is taken, which is always enough, because whatever follows has the longest rest left.
 */

/** Name of the SQL function behind such patterns; run/functions.ts defines it. */
export const LIKE_FUNCTION = 'like_with_many_wildcards';

/** So many `%` SQLite's own LIKE handles well. */
const FEW = 2;

/** The pattern as SQLite's LIKE gets it: one that lets at least as much through. */
export function coarsePattern(pattern: string): string {
  const places = wildcards(pattern);
  return places.length > FEW ? pattern.slice(0, places[FEW - 1]) : pattern;
}

/** The pattern for LIKE_FUNCTION, or null when SQLite's LIKE is exact by itself. */
export const exactPattern = (pattern: string): string | null => (wildcards(pattern).length > FEW ? pattern : null);

/** Places behind each `%` that is not escaped. */
function wildcards(pattern: string): number[] {
  return [...pattern.matchAll(/\\[^]|%/g)].filter(([found]) => found === '%').map((found) => found.index + 1);
}

const ANY = Symbol('any number');
const ONE = Symbol('one');
type Token = string | typeof ANY | typeof ONE;

const tokens = (pattern: string): Token[] =>
  [...pattern.matchAll(/\\([^])|%|[^]/gu)].map(([found, escaped]): Token => {
    if (escaped !== undefined) return fold(escaped);
    if (found === '%') return ANY;
    return found === '_' ? ONE : fold(found);
  });

/** Without regard to the case of ASCII letters, as SQLite compares. */
const fold = (text: string): string => text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());

export function isLike(text: string, pattern: string): boolean {
  const wanted = tokens(pattern);
  const given = Array.from(fold(text));
  let [at, next] = [0, 0];
  /** Where to go on when what follows the last `%` does not fit. */
  let [retryAt, retryNext] = [-1, -1];
  while (at < given.length) {
    if (wanted[next] === ANY) {
      [retryAt, retryNext] = [at, ++next];
    } else if (next < wanted.length && (wanted[next] === ONE || wanted[next] === given[at])) {
      at++;
      next++;
    } else if (retryNext >= 0) {
      at = ++retryAt;
      next = retryNext;
    } else return false;
  }
  return wanted.slice(next).every((token) => token === ANY);
}
