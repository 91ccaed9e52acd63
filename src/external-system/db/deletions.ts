import type { Queryable } from '../../shared/sql/types.ts';
import type { SalesforceDeletion } from '../records.ts';

export interface NewDeletion {
  key: string;
  at: Date;
  tombstoneId: string;
  /** null: the Case was restored. */
  deletion: SalesforceDeletion | null;
}

/** The Case lives: its pending work began after the deletion that was told, as when Salesforce was put back to before it. */
export const forgetDeletion = async (tx: Queryable, { key, at }: { key: string; at: Date }): Promise<void> => {
  await tx.query(
    `WITH outlived AS (
       UPDATE salesforce_deletion SET at = $2, deletion = NULL WHERE key = $1 AND deletion IS NOT NULL AND at < $2
       RETURNING key
     )
     UPDATE case_record SET salesforce_deletion = NULL FROM outlived WHERE case_record.key = outlived.key`,
    [key, at],
  );
};

/**
 * Remembers the newest deletion or restoration of a key, and shows it on its record when there is one; an older one
 * changes nothing. Two of the same moment are told apart by their tombstones.
 */
export const saveDeletion = async (tx: Queryable, { key, at, tombstoneId, deletion }: NewDeletion): Promise<void> => {
  await tx.query(
    `WITH newest AS (
       INSERT INTO salesforce_deletion AS known (key, at, tombstone_id, deletion) VALUES ($1, $2, $3, $4::jsonb)
       ON CONFLICT (key) DO UPDATE
          SET at = excluded.at, tombstone_id = excluded.tombstone_id, deletion = excluded.deletion
        WHERE (known.at, known.tombstone_id) < (excluded.at, excluded.tombstone_id)
       RETURNING key, deletion
     )
     UPDATE case_record SET salesforce_deletion = newest.deletion FROM newest WHERE case_record.key = newest.key`,
    [key, at, tombstoneId, deletion ? JSON.stringify(deletion) : null],
  );
};
