import type { Queryable } from '../../../shared/sql/types.ts';

export interface SweepEnd {
  nextAt: Date;
  sweptAt: Date;
  caseCursor: string | null;
  tombstoneCursor: string | null;
  clearSince: Date | null;
  roundBeganAt: Date | null;
  readUntil: Date | null;
}

/** Gives the sweep back, and keeps how far it came. A wake-up that came meanwhile stays. */
export const endSweep = (db: Queryable, worker: string, end: SweepEnd): Promise<unknown> =>
  db.query(
    `UPDATE sweep_state SET lease = NULL, lease_until = NULL, next_sweep_at = $2, swept_at = $3, case_cursor = $4,
       tombstone_cursor = $5, clear_since = $6, round_began_at = $7, read_until = $8 WHERE lease = $1`,
    [
      worker,
      end.nextAt,
      end.sweptAt,
      end.caseCursor,
      end.tombstoneCursor,
      end.clearSince,
      end.roundBeganAt,
      end.readUntil,
    ],
  );

/** Gives a sweep back that failed: the next one begins where it began. */
export const breakOffSweep = (db: Queryable, worker: string, nextAt: Date): Promise<unknown> =>
  db.query(
    `UPDATE sweep_state SET lease = NULL, lease_until = NULL, next_sweep_at = $2, clear_since = NULL WHERE lease = $1`,
    [worker, nextAt],
  );
