import type { Queryable } from '../../shared/sql/types.ts';

/**
 * Writes down the schema as it is after all migrations, from the catalogue: for people who want to read it
 * in one place, and for reviews of migrations. The committed copy is schema.sql; a test keeps it fresh.
 */
export const dumpSchema = async (db: Queryable): Promise<string> => {
  const tables = await db.query<{ name: string }>(
    "SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema() AND tablename <> 'migration' ORDER BY tablename",
  );
  const parts = ['-- The schema after all migrations. Made by refresh-schema.ts; change it by a new migration.'];
  for (const { name } of tables) parts.push(await dumpTable(db, name));
  const functions = await db.query<{ text: string }>(
    `SELECT pg_get_functiondef(p.oid) AS text FROM pg_proc p WHERE p.pronamespace = current_schema()::regnamespace ORDER BY p.proname`,
  );
  parts.push(...functions.map(({ text }) => `${text.replace(/\bpublic\./g, '').trim()};`));
  return `${parts.join('\n\n')}\n`;
};

const dumpTable = async (db: Queryable, table: string): Promise<string> => {
  const columns = await db.query<{
    name: string;
    type: string;
    required: boolean;
    fallback: string | null;
    identity: string;
  }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attnotnull AS required,
       pg_get_expr(d.adbin, d.adrelid) AS fallback, a.attidentity AS identity
     FROM pg_attribute a LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
     WHERE a.attrelid = $1::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum`,
    [table],
  );
  const constraints = await db.query<{ text: string }>(
    `SELECT pg_get_constraintdef(oid) AS text FROM pg_constraint
     WHERE conrelid = $1::regclass AND contype IN ('p', 'u', 'c', 'f') ORDER BY contype, conname`,
    [table],
  );
  const lines = [
    ...columns.map(({ name, type, required, fallback, identity }) =>
      [
        name,
        type,
        required ? 'NOT NULL' : '',
        identity ? 'GENERATED ALWAYS AS IDENTITY' : '',
        fallback ? `DEFAULT ${fallback}` : '',
      ]
        .filter(Boolean)
        .join(' '),
    ),
    ...constraints.map(({ text }) => text),
  ];
  const indexes = await db.query<{ text: string }>(
    `SELECT pg_get_indexdef(i.indexrelid) AS text FROM pg_index i
     WHERE i.indrelid = $1::regclass AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)
     ORDER BY i.indexrelid::regclass::text`,
    [table],
  );
  const triggers = await db.query<{ text: string }>(
    'SELECT pg_get_triggerdef(oid) AS text FROM pg_trigger WHERE tgrelid = $1::regclass AND NOT tgisinternal ORDER BY tgname',
    [table],
  );
  return [
    `CREATE TABLE ${table} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n);`,
    ...[...indexes, ...triggers].map(({ text }) => `${text.replace(/\bpublic\./g, '')};`),
  ].join('\n');
};
