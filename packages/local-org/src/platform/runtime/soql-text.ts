/** What the runtime must know of a query's text without parsing it: the store parses. */

/** Position of the FROM that belongs to the query itself, not to a sub-query; -1 when there is none. */
const mainFrom = (soql: string): number => {
  let depth = 0;
  for (const token of soql.matchAll(/'(?:\\.|[^'\\])*'|[()]|\bfrom\b/gi)) {
    if (token[0] === '(') depth++;
    else if (token[0] === ')') depth--;
    else if (depth === 0 && token[0].length === 4 && token[0][0] !== "'") return token.index;
  }
  return -1;
};

/** The API name after FROM. */
export const queriedObject = (soql: string): string =>
  /^from\s+(\w+)/i.exec(soql.slice(Math.max(mainFrom(soql), 0)))?.[1] ?? '';

/** Sub-queries of children in the select list. */
export const childQueries = (soql: string): number =>
  (soql.slice(0, Math.max(mainFrom(soql), 0)).match(/\(\s*select\b/gi) ?? []).length;

/** The same columns of the records whose ids are bound to `bind`. */
export const queryByIds = (soql: string, bind: string): string => {
  const from = mainFrom(soql);
  return `${soql.slice(0, from)}FROM ${queriedObject(soql)} WHERE Id IN :${bind}`;
};
