import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

/** Whether the revision with this mark is part of the record's history, as far as it is known here. */
export const knowsMark = async (tx: Queryable, { key, lineage }: CaseRecord, mark: string): Promise<boolean> =>
  lineage.includes(mark) ||
  (await tx.query('SELECT 1 FROM case_revision WHERE key = $1 AND $2::text = ANY(marks) LIMIT 1', [key, mark])).length >
    0;
