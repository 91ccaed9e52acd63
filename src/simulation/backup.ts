import type { Database, Queryable } from '../shared/sql/types.ts';
import type { Kept } from './database.ts';
import { WORKERS } from './middle-layer.ts';
import type { World } from './world.ts';

/** The database of a part as it was at one moment. */
export interface Backup {
  tables: { name: string; rows: string }[];
  sequences: { name: string; last: number; called: boolean }[];
}

const sequenceOf = async (db: Queryable, name: string): Promise<Backup['sequences'][number]> => {
  const [row] = await db.query<{ last: number; called: boolean }>(
    `SELECT last_value AS last, is_called AS called FROM ${name}`,
  );
  return { name, ...row! };
};

const rowsOf = async (db: Queryable, name: string): Promise<Backup['tables'][number]> => {
  const [row] = await db.query<{ rows: string }>(
    `SELECT coalesce(jsonb_agg(to_jsonb(t)), '[]')::text AS rows FROM ${name} t`,
  );
  return { name, rows: row!.rows };
};

/** Copies what a part keeps, as a backup would. */
export const takeBackup = (db: Database, { tables, sequences }: Kept): Promise<Backup> =>
  db.transaction(async (tx) => {
    const backup: Backup = { tables: [], sequences: [] };
    for (const name of tables) backup.tables.push(await rowsOf(tx, name));
    for (const name of sequences) backup.sequences.push(await sequenceOf(tx, name));
    return backup;
  });

/** What a part begins with: nothing. */
export const emptied = ({ tables, sequences }: Backup): Backup => ({
  tables: tables.map(({ name }) => ({ name, rows: '[]' })),
  sequences: sequences.map(({ name }) => ({ name, last: 1, called: false })),
});

/** Puts a copy back: all that was written since is gone. */
export const putBack = (db: Database, backup: Backup): Promise<void> =>
  db.transaction(async (tx) => {
    // the audit refuses to be emptied, as it should: a replica's session does not ask it
    await tx.query("SELECT set_config('session_replication_role', 'replica', true)");
    await tx.query(`TRUNCATE ${backup.tables.map(({ name }) => name).join(', ')}`);
    for (const { name, rows } of backup.tables)
      await tx.query(
        `INSERT INTO ${name} OVERRIDING SYSTEM VALUE SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`,
        [rows],
      );
    for (const { name, last, called } of backup.sequences)
      await tx.query(`SELECT setval('${name}', $1::bigint, $2::boolean)`, [last, called]);
  });

/**
 * Takes a copy of the middle layer's database, or of none where it is lost. What this answers puts the copy back, and starts
 * all workers again on it: what was written until then is gone there, and nowhere else.
 */
export const backUpMiddleLayer = async (world: World, isLost: boolean): Promise<() => Promise<void>> => {
  const { db } = world;
  const backup = isLost ? null : await takeBackup(db, db.middleLayer);
  return async () => {
    await (backup ? putBack(db, backup) : db.resetMiddleLayer());
    for (const { name, life } of world.processes) if (WORKERS.includes(name)) life.dieIn(0);
    await world.revive();
  };
};
