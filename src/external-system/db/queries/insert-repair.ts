import type { Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

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
