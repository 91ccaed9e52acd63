import { types, type PGlite, type Transaction } from '@electric-sql/pglite';
import type { CarriedFlow } from '../middle-layer/flow.ts';
import { prepareDatabase } from '../middle-layer/index.ts';
import { migrate } from '../shared/sql/migrate.ts';
import { createInMemory } from '../shared/sql/pglite.ts';
import { REDEFINES } from '../shared/sql/prepared.ts';
import type { Database, Queryable, SqlParameter } from '../shared/sql/types.ts';
import { openServedDatabase } from './own-database.ts';

/** A part with a database, and the folder of its migrations. */
export interface MigratedPart {
  part: string;
  migrations: string;
}

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

/** What a part keeps in the database that all parts of a simulation share. */
export interface Kept {
  tables: readonly string[];
  sequences: readonly string[];
}

/** A database that is empty again for each seed. */
export interface SimulationDatabase extends Database {
  /** On a server transactions run beside each other; the embedded one runs them one after the other. */
  isServed: boolean;
  /** Empties every table and starts every sequence again. */
  reset(): Promise<void>;
  /** What the middle layer keeps: a table of tomorrow is in it. */
  middleLayer: Kept;
  /** The same for the middle layer's alone, as when its disk is lost and there is no backup. */
  resetMiddleLayer(): Promise<void>;
}

/**
 * An embedded PostgreSQL for many seeds. What makes it quick: statements are planned once for all seeds, each is
 * one call into the database, and nothing is logged, for nothing is to survive the process.
 */
const openEmbedded = async (): Promise<Database> => {
  const db = await createInMemory({
    relaxedDurability: true,
    parsers: { [types.INT8]: (value: string) => Number(value) },
  });
  await db.exec('SET synchronous_commit = off; SET plan_cache_mode = force_generic_plan; SET timezone = UTC');
  const prepared = new Map<string, string>();
  let names = 0;
  /** PostgreSQL makes new plans by itself, but refuses to run one that gives other columns now. */
  const forget = async (session: Pick<PGlite | Transaction, 'exec'>): Promise<void> => {
    prepared.clear();
    await session.exec('DEALLOCATE ALL');
  };

  const over = (session: Pick<PGlite | Transaction, 'exec'>): Queryable => ({
    async query<Row>(text: string, parameters: readonly SqlParameter[] = []): Promise<Row[]> {
      const run = async (sql: string): Promise<Row[]> => (await session.exec(sql)).at(-1)!.rows as Row[];
      if (!PREPARABLE.test(text)) {
        const rows = await run(text);
        if (REDEFINES.test(text)) await forget(session);
        return rows;
      }
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

const names = async (db: Database, sql: string): Promise<string[]> =>
  (await db.query<{ name: string }>(sql)).map(({ name }) => name);

/** What the migrations themselves put into a table, as statements that put it there again. */
const firstRows = async (db: Database, table: string): Promise<string[]> => {
  const rows = await db.query<{ row: string }>(`SELECT to_jsonb(t)::text AS row FROM ${table} t`);
  return rows.map(
    ({ row }) => `INSERT INTO ${table} SELECT * FROM jsonb_populate_record(NULL::${table}, ${escaped(row)})`,
  );
};

/** One PostgreSQL for many seeds: embedded, or on the server that DATABASE_URL names. It has the tables of the middle layer with these flows, and of these parts. */
export const openSimulationDatabase = async (
  flows: readonly CarriedFlow[],
  parts: readonly MigratedPart[],
): Promise<SimulationDatabase> => {
  const served = await openServedDatabase();
  const database = served ?? (await openEmbedded());
  for (const { part, migrations } of parts) await migrate(database, migrations, part);
  const ofParts = await keptIn(database);
  await prepareDatabase(database, flows);
  const all = await keptIn(database);
  const middleLayer: Kept = {
    tables: all.tables.filter((name) => !ofParts.tables.includes(name)),
    sequences: all.sequences.filter((name) => !ofParts.sequences.includes(name)),
  };
  const [reset, resetMiddleLayer] = [await resetOf(database, all), await resetOf(database, middleLayer)];
  return {
    ...database,
    isServed: served !== null,
    middleLayer,
    reset: () => database.script(reset),
    resetMiddleLayer: () => database.script(resetMiddleLayer),
  };
};

const keptIn = async (database: Database): Promise<Kept> => ({
  tables: await names(
    database,
    "SELECT quote_ident(tablename) AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'migration' ORDER BY 1",
  ),
  sequences: await names(
    database,
    "SELECT quote_ident(sequencename) AS name FROM pg_sequences WHERE schemaname = 'public' ORDER BY 1",
  ),
});

/** A script that makes all of it as the migrations have made it. */
const resetOf = async (database: Database, { tables, sequences }: Kept): Promise<string> => {
  const first: string[] = [];
  for (const table of tables) first.push(...(await firstRows(database, table)));
  return [
    // the audit refuses to be emptied, as it should: a replica's session does not ask it
    'SET session_replication_role = replica',
    `TRUNCATE ${tables.join(', ')}`,
    ...sequences.map((name) => `ALTER SEQUENCE ${name} RESTART`),
    ...first,
    'SET session_replication_role = origin',
  ].join(';\n');
};
