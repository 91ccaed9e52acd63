import type { Database, Queryable } from '../../../shared/sql/types.ts';

/** What the registry keeps in its database, parents before what names them. */
const REGISTRY = ['case_record', 'case_revision', 'case_request', 'case_repair', 'salesforce_deletion', 'outbox'];
const SEQUENCES = ['case_number', 'outbox_id_seq'];

/** The registry's database as it was at one moment. */
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

/** Copies the registry's database, as a backup would. */
export const takeBackup = (db: Database): Promise<Backup> =>
  db.transaction(async (tx) => {
    const backup: Backup = { tables: [], sequences: [] };
    for (const name of REGISTRY) backup.tables.push(await rowsOf(tx, name));
    for (const name of SEQUENCES) backup.sequences.push(await sequenceOf(tx, name));
    return backup;
  });

/** Puts a copy back: all that was written since is gone. */
export const putBack = (db: Database, backup: Backup): Promise<void> =>
  db.transaction(async (tx) => {
    await tx.query(`TRUNCATE ${REGISTRY.join(', ')}`);
    for (const { name, rows } of backup.tables)
      await tx.query(`INSERT INTO ${name} SELECT * FROM jsonb_populate_recordset(NULL::${name}, $1::jsonb)`, [rows]);
    for (const { name, last, called } of backup.sequences)
      await tx.query(`SELECT setval('${name}', $1::bigint, $2::boolean)`, [last, called]);
  });
