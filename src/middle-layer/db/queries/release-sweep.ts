import type { Queryable } from '../../../shared/sql/types.ts';

/** Frees the sweep that an earlier run of this worker had begun. */
export const releaseSweep = (db: Queryable, worker: string): Promise<unknown> =>
  db.query('UPDATE sweep_state SET lease = NULL, lease_until = NULL WHERE lease = $1', [worker]);
