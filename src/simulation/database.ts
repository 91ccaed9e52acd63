import { fileURLToPath } from 'node:url';
import { PGlite, types, type Transaction } from '@electric-sql/pglite';
import { flows } from '../flows/index.ts';
import { prepareDatabase } from '../middle-layer/index.ts';
import { migrate } from '../shared/sql/migrate.ts';
import type { Database, Queryable, SqlParameter } from '../shared/sql/types.ts';
import { openServedDatabase } from './own-database.ts';

const REGISTRY_MIGRATIONS = fileURLToPath(new URL('../external-system/db/migrations', import.meta.url));

/** What PostgreSQL can prepare; anything else runs as it is. */
const PREPARABLE = /^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b/i;

const escaped = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const element = (value: string | number): string => `"${String(value).replace(/[\\"]/g, '\\$&')}"`;

/** A parameter as a literal without type: it takes that of the parameter. */
const literal = (value: SqlParameter): string => {
  if (value === null || value === undefined) return 'NULL';
  if (value instanceof Date) return escaped(value.toISOString());
  if (typeof value === 'object') return escaped(`{${value.map(element).join(',')}}`);
  return escaped(String(value));
};

/** A database that begins anew for each seed. */
export interface SimulationDatabase extends Database {
  /** Empties every table and starts every sequence again. */
  reset(): Promise<void>;
}

/**
 * An embedded PostgreSQL for many seeds. What makes it quick: statements are planned once for all seeds, each is
 * one call into the database, and nothing is logged, for nothing is to survive the process.
 */
const openEmbedded = async (): Promise<Database> => {
  const db = await PGlite.create({
    relaxedDurability: true,
    parsers: { [types.INT8]: (value: string) => Number(value) },
  });
  await db.exec('SET synchronous_commit = off; SET plan_cache_mode = force_generic_plan; SET timezone = UTC');
  const prepared = new Map<string, string>();
  let names = 0;

  const over = (session: Pick<PGlite | Transaction, 'exec'>): Queryable => ({
    async query<Row>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
      const run = async (sql: string): Promise<Row[]> => (await session.exec(sql)).at(-1)!.rows as Row[];
      if (!PREPARABLE.test(text)) return run(text);
      let name = prepared.get(text);
      if (name === undefined) {
        // two that meet here each prepare one: waiting for the other could be waiting for its own transaction
        name = `statement_${names++}`;
        await session.exec(`PREPARE ${name} AS ${text}`);
        prepared.set(text, name);
      }
      return run(
        parameters.length === 0 ? `EXECUTE ${name}` : `EXECUTE ${name}(${parameters.map(literal).join(', ')})`,
      );
    },
  });
  return {
    ...over(db),
    transaction: (work) => db.transaction((tx) => work(over(tx))),
    script: async (text) => {
      await db.exec(text);
    },
    close: () => db.close(),
  };
};

/** One PostgreSQL for many seeds: embedded, or on the server that DATABASE_URL names. */
export const openSimulationDatabase = async (): Promise<SimulationDatabase> => {
  const database = (await openServedDatabase()) ?? (await openEmbedded());
  await migrate(database, REGISTRY_MIGRATIONS, 'external-system');
  await prepareDatabase(
    database,
    flows.map(({ carried }) => carried),
  );
  const tables = (
    await database.query<{ name: string }>(
      "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' ORDER BY 1",
    )
  ).map(({ name }) => name);
  const sequences = await database.query<{ name: string }>(
    "SELECT quote_ident(sequencename) AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  );
  const first = await database.query<{ table: string; row: string }>(
    tables
      .map((table) => `SELECT ${escaped(table)} AS table, to_jsonb(t)::text AS row FROM ${table} t`)
      .join(' UNION ALL '),
  );
  const reset = [
    // the audit refuses to be emptied, as it should: a replica's session does not ask it
    'SET session_replication_role = replica',
    `TRUNCATE ${tables.join(', ')}`,
    ...sequences.map(({ name }) => `ALTER SEQUENCE ${name} RESTART`),
    ...first.map(
      ({ table, row }) => `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, ${escaped(row)})`,
    ),
    'SET session_replication_role = origin',
  ].join(';\n');
  return { ...database, reset: async () => database.script(reset) };
};
