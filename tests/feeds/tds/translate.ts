/** The Transact-SQL that a feed's driver sends, as PostgreSQL's SQL. What is not known is refused by name. */

const WORDS = new Set(
  'SELECT FROM WHERE AND OR AS ORDER BY CAST COLLATE NULL IS NOT ASC DESC TYPE_NAME OBJECT_ID SWITCHOFFSET LOWER'.split(
    ' ',
  ),
);

const TYPES: Record<string, string> = {
  nvarchar: 'varchar',
  varchar: 'varchar',
  decimal: 'numeric',
  datetime2: 'timestamp',
  int: 'integer',
  bigint: 'bigint',
  date: 'date',
};

const COLLATIONS: Record<string, string> = { LATIN1_GENERAL_BIN2: '"C"' };

const TOKEN =
  /(?<space>\s+)|\[(?<bracketed>(?:[^\]]|\]\])*)\]|N?'(?<literal>(?:[^']|'')*)'|@(?<parameter>\w+)|(?<type>\w+)\s*\((?<size>max|\d+(?:,\s*\d+)?)\)|(?<word>[A-Za-z_]\w*)|(?<number>\d+)|(?<sign>[(),.*=<>+-])/iy;

export interface Translated {
  text: string;
  /** Names of the parameters, in the order of $1, $2, … */
  parameters: string[];
}

const typeOf = (name: string, size: string | undefined): string => {
  const type = TYPES[name.toLowerCase()];
  if (type === undefined) throw new Error(`the front does not know the type ${name}`);
  if (size === undefined || type === 'timestamp') return type;
  return size.toLowerCase() === 'max' ? 'text' : `${type}(${size})`;
};

const wordOf = (word: string): string => {
  const upper = word.toUpperCase();
  if (WORDS.has(upper)) return upper;
  if (COLLATIONS[upper]) return COLLATIONS[upper];
  if (TYPES[word.toLowerCase()]) return typeOf(word, undefined);
  throw new Error(`the front does not know the word ${word}; names need brackets`);
};

/** Throws an Error that names the first part it does not know. */
export const translate = (sql: string): Translated => {
  const parameters: string[] = [];
  let text = '';
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < sql.length) {
    const from = TOKEN.lastIndex;
    const found = TOKEN.exec(sql)?.groups;
    if (!found) throw new Error(`the front cannot read ${JSON.stringify(sql.slice(from, from + 20))}`);
    const { space, bracketed, literal, parameter, type, size, word, number, sign } = found;
    if (bracketed !== undefined) text += `"${bracketed.replaceAll(']]', ']').replaceAll('"', '""')}"`;
    else if (literal !== undefined) text += `'${literal}'`;
    else if (parameter !== undefined) {
      if (!parameters.includes(parameter)) parameters.push(parameter);
      text += `$${parameters.indexOf(parameter) + 1}`;
    } else if (type !== undefined) text += typeOf(type, size);
    else if (word !== undefined) text += wordOf(word);
    else text += space ?? number ?? sign;
  }
  return { text, parameters };
};

/** What sets a session up: nothing of it means anything to PostgreSQL. */
export const isOnlySettings = (sql: string): boolean =>
  sql.split(/[\n;]/).every((line) => line.trim() === '' || /^set /i.test(line.trim()));
