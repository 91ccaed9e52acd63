import type { Kept } from '../../../simulation/database.ts';
import type { Database, Queryable } from '../../../shared/sql/types.ts';

/** What the registry keeps in its database, parents before what names them. */
const REGISTRY: Kept = {
  tables: ['case_record', 'case_revision', 'case_request', 'case_repair', 'salesforce_deletion', 'outbox'],
  sequences: ['case_number', 'outbox_id_seq'],
};

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

/** Copies what a part keeps, by default the registry, as a backup would. */
export const takeBackup = (db: Database, { tables, sequences }: Kept = REGISTRY): Promise<Backup> =>
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
