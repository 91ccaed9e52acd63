import type { Queryable } from '../../../shared/sql/types.ts';

/**
 * Locks a key until the transaction ends, whether or not there is a record with it: what creates the record and
 * what must know of it wait for each other.
 */
export const lockKey = (tx: Queryable, key: string): Promise<unknown> =>
  tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);
