import type { Queryable } from './types.ts';

/** Where texts were found: rows of the key, and rows of others, which may hold the same words by chance. */
export interface FoundTexts {
  table: string;
  column: string;
  ofKey: number;
  ofOthers: number;
}

/** What a search looked at, and what it found. */
export interface TextSearch {
  tables: number;
  columns: number;
  found: FoundTexts[];
}

interface Column {
  table: string;
  column: string;
  hasKey: boolean;
}

/** Every column that can hold words, by the database's own word: a table that is added later is searched too. */
const COLUMNS = `SELECT c.table_name AS "table", c.column_name AS "column", EXISTS (
    SELECT 1 FROM information_schema.columns k
    WHERE k.table_schema = c.table_schema AND k.table_name = c.table_name AND k.column_name = 'key') AS "hasKey"
  FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
  WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
    AND c.data_type IN ('text', 'character varying', 'json', 'jsonb', 'ARRAY')
  ORDER BY 1, 2`;

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** As the text is, and as JSON writes it. */
const forms = (texts: readonly string[]): string[] => [
  ...new Set(texts.flatMap((text) => [text, JSON.stringify(text).slice(1, -1)])),
];

/** Looks for texts in every column of the database that can hold words. Reads all rows: rare work, such as an erasure's proof. */
export const findTexts = async (tx: Queryable, key: string, texts: readonly string[]): Promise<TextSearch> => {
  const columns = await tx.query<Column>(COLUMNS);
  const found: FoundTexts[] = [];
  const wanted = forms(texts);
  for (const { table, column, hasKey } of wanted.length ? columns : []) {
    const ofKey = hasKey ? 'key = $2' : '$2::text IS NULL';
    const [row] = await tx.query<{ of_key: number; of_others: number }>(
      `SELECT count(*) FILTER (WHERE ${ofKey})::int AS of_key, count(*) FILTER (WHERE NOT ${ofKey})::int AS of_others
       FROM ${quoted(table)}
       WHERE EXISTS (SELECT 1 FROM unnest($1::text[]) AS wanted (words) WHERE strpos(${quoted(column)}::text, words) > 0)`,
      [wanted, key],
    );
    const { of_key: mine, of_others: others } = row!;
    if (mine + others > 0) found.push({ table, column, ofKey: mine, ofOthers: others });
  }
  return { tables: new Set(columns.map(({ table }) => table)).size, columns: columns.length, found };
};
