/** What matters of JSON here: texts, and what opens, closes and parts objects and lists. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\]:]/g;

/** A key that an object of this JSON text has twice, or null: a parser takes the last one without a word. */
export const repeatedKey = (text: string): string | null => {
  const open: Set<string>[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(new Set());
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const key = JSON.parse(last) as string;
      if (open.at(-1)!.has(key)) return key;
      open.at(-1)!.add(key);
    }
    last = token;
  }
  return null;
};
