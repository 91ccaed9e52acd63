/** Whether a query keeps to an index however large its object gets. */

/** Lower-cased names of indexed fields, by object. */
export type Indexes = ReadonlyMap<string, ReadonlySet<string>>;

/** A negation, or anything that an index without empty values cannot find. */
const NEGATIVE = /^(?:!=|<>|NOT IN|EXCLUDES|LIKE\s+'%)|^(?:=|IN)\s*NULL\b/i;
const FILTER = /^(\w+(?:\.\w+)*)\s*(.*)$/s;

/**
 * Why the query is refused, or null. Its first filter must be positive and on an indexed field, in each branch of an OR;
 * without filters it must walk an index and end (`ORDER BY Id LIMIT 1`). Page: "Working with Very Large SOQL Queries",
 * "More Efficient SOQL Queries". `soql`: from FROM on is enough.
 */
export const judge = (soql: string, indexes: Indexes): string | null => {
  const query = /\bFROM\s+(\w+)\b([^]*)$/i.exec(maskTexts(soql));
  const fields = query && indexes.get(query[1]!);
  if (!query || !fields) return null;
  const rest = query[2]!.replace(/\bWITH\s+(?:SYSTEM_MODE|USER_MODE|SECURITY_ENFORCED)\b/i, ' ');
  const where = /\bWHERE\b([^]*?)(?=\bGROUP\s+BY\b|\bORDER\s+BY\b|\bLIMIT\b|\bFOR\s+UPDATE\b|$)/i.exec(rest);
  if (where) return judgeCondition(where[1]!, fields);
  const order = /\bORDER\s+BY\s+(\w+)/i.exec(rest)?.[1];
  if (order && fields.has(order.toLowerCase()) && /\bLIMIT\b/i.test(rest)) return null;
  return 'it reads all records: filter by an indexed field';
};

/** The object of a query and the filter that it leads with, or the order of one without filters; null when it has neither. */
export const judgedFilter = (soql: string): { object: string; leads: string } | null => {
  const [, object, rest] = /\bFROM\s+(\w+)\b([^]*)$/i.exec(soql) ?? [];
  if (object === undefined) return null;
  const where =
    /\bWHERE\b([^]*?)(?=\bGROUP\s+BY\b|\bORDER\s+BY\b|\bLIMIT\b|\bFOR\s+UPDATE\b|\bWITH\s+\w+_MODE\b|$)/i.exec(
      rest!,
    )?.[1];
  const leading = (condition: string): string => {
    const [first, ...others] = split(unwrapped(condition), 'OR');
    if (others.length > 0) return [first!, ...others].map(leading).join(' OR ');
    const [one] = split(unwrapped(condition), 'AND');
    return one!.trim() === unwrapped(condition) ? one!.trim() : leading(one!);
  };
  const leads = where === undefined ? /\bORDER\s+BY\b[^]*/i.exec(rest!)?.[0] : leading(where);
  return leads === undefined ? null : { object, leads };
};

/** The same for a condition alone. */
export const judgeCondition = (condition: string, fields: ReadonlySet<string>): string | null => {
  const text = unwrapped(condition);
  const [first, ...others] = split(text, 'OR');
  if (others.length > 0)
    return [first!, ...others].map((branch) => judgeCondition(branch, fields)).find((problem) => problem) ?? null;
  const leading = split(text, 'AND')[0]!.trim();
  if (leading !== text.trim()) return judgeCondition(leading, fields);
  const [, name, test] = FILTER.exec(leading) ?? [];
  if (name === undefined || /^NOT\b/i.test(leading)) return `its first filter is not positive: ${leading}`;
  if (NEGATIVE.test(test!)) return `its first filter is one that no index serves: ${leading}`;
  return fields.has(name.toLowerCase()) ? null : `its first filter is on ${name}, which has no index`;
};

/** What is quoted may look like SOQL. */
const maskTexts = (soql: string): string =>
  soql.replace(/'(?:\\.|[^'\\])*'/g, (text) => (text.startsWith("'%") ? "'%'" : "'x'"));

/** Without the parentheses around all of it. */
const unwrapped = (text: string): string => {
  const trimmed = text.trim();
  if (!trimmed.startsWith('(')) return trimmed;
  let depth = 0;
  for (const [index, char] of [...trimmed].entries()) {
    if (char === '(') depth++;
    if (char === ')' && --depth === 0) return index === trimmed.length - 1 ? unwrapped(trimmed.slice(1, -1)) : trimmed;
  }
  return trimmed;
};

/** Splits at the word where it stands outside of parentheses. */
const split = (text: string, word: 'AND' | 'OR'): string[] => {
  const parts: string[] = [];
  let [depth, start] = [0, 0];
  for (const match of text.matchAll(new RegExp(`[()]|\\b${word}\\b`, 'gi'))) {
    if (match[0] === '(') depth++;
    else if (match[0] === ')') depth--;
    else if (depth === 0) {
      parts.push(text.slice(start, match.index));
      start = match.index + word.length;
    }
  }
  return [...parts, text.slice(start)];
};
