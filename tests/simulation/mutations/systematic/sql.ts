import { SWAPPED, type Edit } from './edits.ts';

/** Where a condition ends at the latest, at the depth of parentheses at which it began. */
const AFTER_CONDITION = /^\s(?:AND|OR|GROUP|ORDER|LIMIT|RETURNING|FOR|ON|UNION|SELECT|WHEN|THEN|SET|FROM)\b/i;

/** The AND after it joins no conditions. */
const IS_RANGE = /\bBETWEEN\s+\S+$/i;

/** Operators that are one word or sign for another, or for none. */
const WORDS: readonly [operator: string, what: RegExp, replace: (found: string) => string][] = [
  ['lock left out', /\s+FOR UPDATE(?: OF \w+)?(?: SKIP LOCKED)?/gi, () => ''],
  ['locked rows not skipped', / SKIP LOCKED/gi, () => ''],
  ['order left out', /\s+ORDER BY [^()'"`;]+?(?=\s+(?:LIMIT|FOR|ON CONFLICT|RETURNING)\b|\)|$)/gi, () => ''],
  ['order reversed', /\s+DESC\b/gi, () => ''],
  ['limit left out', /\s+LIMIT \S+?(?=\s|\)|$)/gi, () => ''],
  ['existence reversed', /\bNOT EXISTS\b/gi, () => 'EXISTS'],
  ['null reversed', /\bIS NOT NULL\b/gi, () => 'IS NULL'],
  ['null reversed', /\bIS NULL\b/gi, () => 'IS NOT NULL'],
  ['greatest for least', /\bgreatest\(/gi, () => 'least('],
  ['conflict not foreseen', /\s+ON CONFLICT(?: \([^)]*\))? DO NOTHING/gi, () => ''],
  ['comparison changed', /(?<=\s)(?:<=|>=|<|>)(?=\s)/g, (found) => SWAPPED[found]!],
];

/** The end of the condition that begins at `start`. */
const endOfCondition = (sql: string, start: number): number => {
  let depth = 0;
  for (let at = start; at < sql.length; at++) {
    const char = sql[at]!;
    if (char === '(') depth += 1;
    else if (char === ')' && depth-- === 0) return at;
    else if (depth === 0 && /\s/.test(char) && AFTER_CONDITION.test(sql.slice(at)) && !IS_RANGE.test(sql.slice(0, at)))
      return at;
  }
  return sql.length;
};

/** Each condition that an AND adds, left out. */
const conditionsLeftOut = (sql: string): Edit[] =>
  [...sql.matchAll(/\s+AND\s+/gi)].flatMap(({ index, 0: and }) => {
    if (IS_RANGE.test(sql.slice(0, index))) return [];
    return [
      { operator: 'condition left out', start: index, end: endOfCondition(sql, index + and.length), replace: '' },
    ];
  });

/** All ways to break a piece of SQL, one at a time. It may be a part of a statement: what lies between two parameters. */
export const breakSql = (sql: string): Edit[] => [
  ...WORDS.flatMap(([operator, what, replace]) =>
    [...sql.matchAll(what)].map(({ index, 0: found }) => ({
      operator,
      start: index,
      end: index + found.length,
      replace: replace(found),
    })),
  ),
  ...conditionsLeftOut(sql),
];
