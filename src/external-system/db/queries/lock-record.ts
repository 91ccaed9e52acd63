import type { Queryable } from '../../../shared/sql/types.ts';
import type { CaseRecord } from '../../records.ts';

/** The record with this key, locked until the transaction ends, or null. */
export const lockRecord = async (tx: Queryable, key: string): Promise<CaseRecord | null> =>
  (await tx.query<CaseRecord>('SELECT * FROM case_record WHERE key = $1 FOR UPDATE', [key]))[0] ?? null;
