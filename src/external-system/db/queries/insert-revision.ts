import type { Conflict, Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

export interface Revision {
  key: string;
  revision: number;
  values: Values;
  source: 'Salesforce' | 'External';
  requestVersion: number | null;
  requestValues: Values | null;
  conflicts: Conflict[];
  /** Its own, and the one of a lost revision that came back with it. */
  marks: string[];
  at: Date;
}

/** Appends to the record's history, which is never changed. */
export const insertRevision = async (tx: Queryable, revision: Revision): Promise<void> => {
  await tx.query(
    `INSERT INTO case_revision (key, revision, values, source, request_version, request_values, conflicts, marks, at)
     VALUES ($1, $2, $3::jsonb, $4, $5, $6::jsonb, $7::jsonb, $8::text[], $9)`,
    [
      revision.key,
      revision.revision,
      JSON.stringify(revision.values),
      revision.source,
      revision.requestVersion,
      revision.requestValues ? JSON.stringify(revision.requestValues) : null,
      revision.conflicts.length ? JSON.stringify(revision.conflicts) : null,
      revision.marks,
      revision.at,
    ],
  );
};
