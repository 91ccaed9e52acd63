import type { Values } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';

export interface NewRepair {
  run: string;
  key: string;
  revision: number;
  before: Values;
  undoes: string | null;
  at: Date;
}

/** Appends what a run repaired, in the transaction that did it. */
export const insertRepair = async (tx: Queryable, repair: NewRepair): Promise<void> => {
  await tx.query(
    'INSERT INTO case_repair (run, key, revision, before, undoes, at) VALUES ($1, $2, $3, $4::jsonb, $5, $6)',
    [repair.run, repair.key, repair.revision, JSON.stringify(repair.before), repair.undoes, repair.at],
  );
};

/** What a run repaired, with what became of it since. */
export interface RepairRow {
  run: string;
  key: string;
  externalId: string | null;
  revision: number;
  before: Values;
  at: Date;
  /** The run that took it back. */
  undoneBy: string | null;
  undoneAt: Date | null;
}

/** Repairs of a run in order of their keys, from after `after`; of one record when `key` is given. */
export const listRepairs = (
  db: Queryable,
  { run, key, after, limit }: { run: string; key: string | null; after: string; limit: number },
): Promise<RepairRow[]> =>
  db.query<RepairRow>(
    `SELECT r.run, r.key, c.external_id AS "externalId", r.revision, r.before, r.at, u.run AS "undoneBy", u.at AS "undoneAt"
       FROM case_repair r
       LEFT JOIN case_record c ON c.key = r.key
       LEFT JOIN case_repair u ON u.undoes = r.run AND u.key = r.key
      WHERE r.run = $1 AND ($2::text IS NULL OR r.key = $2) AND r.key > $3
      ORDER BY r.key LIMIT $4`,
    [run, key, after, limit],
  );
