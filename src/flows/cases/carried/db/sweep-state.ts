import type { SyncedField } from '../salesforce/port.ts';
import { CLOCKS_DIFFER_MS } from '../../../../middle-layer/settings.ts';
import type { Slices } from '../slices.ts';
import type { Queryable } from '../../../../shared/sql/types.ts';

export interface SweepState extends Slices {
  org_id: string | null;
  /** Why nothing may flow, or null. */
  pause: string | null;
  fields: SyncedField[];
  next_sweep_at: Date | null;
  /** When a sweep was asked for that has not begun yet, or null. */
  woken_at: Date | null;
  swept_at: Date | null;
  /** The id that the last page of pending Cases ended with, or null: the next page is the first of a round. */
  case_cursor: string | null;
  tombstone_cursor: string | null;
  /** Since when all that is pending has been read and can leave, or null. */
  clear_since: Date | null;
  /** When the round of pages began that is being read; of the last one that was read to its end. */
  round_began_at: Date | null;
  read_until: Date | null;
  /** How many messages the last sweep queued. */
  queued: number;
  /** The newest heartbeat that the org has shown, or null. */
  shown_at: Date | null;
}

/** What the sweeps saw last. */
export const readSweepState = async (db: Queryable): Promise<SweepState> => {
  const [state] = await db.query<SweepState>(
    'SELECT org_id, pause, fields, next_sweep_at, woken_at, swept_at, case_cursor, tombstone_cursor, clear_since, round_began_at, read_until, queued, shown_at, slices, slice, round_rows FROM sweep_state JOIN flow_state USING (flow)',
  );
  if (!state)
    throw new Error(
      "the tables sweep_state and flow_state have lost the row of cases: restore it with INSERT INTO sweep_state (flow) VALUES ('cases'), and the same for flow_state",
    );
  return state;
};

/**
 * Takes the sweep that is due, unless another worker is at it, or was since `seen` was read. A lease that runs
 * longer than any lease does, on clocks that differ as far as they may, is of a clock that was ahead, and counts for nothing.
 */
export const leaseSweep = async (
  db: Queryable,
  worker: string,
  seen: { next_sweep_at: Date | null },
  now: Date,
  leaseMs: number,
): Promise<boolean> => {
  const leaseUntil = now.getTime() + leaseMs;
  const taken = await db.query(
    `UPDATE sweep_state SET lease = $1, lease_until = $3, woken_at = NULL
     WHERE next_sweep_at IS NOT DISTINCT FROM $4 AND (lease IS NULL OR lease_until <= $2 OR lease_until > $5)
     RETURNING flow`,
    [worker, now, new Date(leaseUntil), seen.next_sweep_at, new Date(leaseUntil + CLOCKS_DIFFER_MS)],
  );
  return taken.length > 0;
};

export interface SweepEnd {
  slices: Slices;
  nextAt: Date;
  sweptAt: Date;
  caseCursor: string | null;
  tombstoneCursor: string | null;
  clearSince: Date | null;
  roundBeganAt: Date | null;
  readUntil: Date | null;
  queued: number;
  shownAt: Date | null;
}

/** Gives the sweep back, and keeps how far it came. A wake-up that came meanwhile stays. */
export const endSweep = (db: Queryable, worker: string, end: SweepEnd): Promise<unknown> =>
  db.query(
    `UPDATE sweep_state SET lease = NULL, lease_until = NULL, next_sweep_at = $2, swept_at = $3, case_cursor = $4,
       tombstone_cursor = $5, clear_since = $6, round_began_at = $7, read_until = $8, queued = $9, slices = $10, slice = $11, round_rows = $12, shown_at = $13 WHERE lease = $1`,
    [
      worker,
      end.nextAt,
      end.sweptAt,
      end.caseCursor,
      end.tombstoneCursor,
      end.clearSince,
      end.roundBeganAt,
      end.readUntil,
      end.queued,
      end.slices.slices,
      end.slices.slice,
      end.slices.round_rows,
      end.shownAt,
    ],
  );

/** Gives a sweep back that failed: the next one begins where it began. */
export const breakOffSweep = (db: Queryable, worker: string, nextAt: Date): Promise<unknown> =>
  db.query(
    `UPDATE sweep_state SET lease = NULL, lease_until = NULL, next_sweep_at = $2, clear_since = NULL WHERE lease = $1`,
    [worker, nextAt],
  );

/** The next page is the first of a round that reads in these slices. */
export const cutRound = (db: Queryable, { slices, slice, round_rows }: Slices): Promise<unknown> =>
  db.query('UPDATE sweep_state SET slices = $1, slice = $2, round_rows = $3, case_cursor = NULL', [
    slices,
    slice,
    round_rows,
  ]);

/** Frees the sweep that an earlier run of this worker had begun. */
export const releaseSweep = (db: Queryable, worker: string): Promise<unknown> =>
  db.query('UPDATE sweep_state SET lease = NULL, lease_until = NULL WHERE lease = $1', [worker]);

/** Stores what Salesforce's settings say now; the pause is the flow's. */
export const saveSettings = (
  tx: Queryable,
  settings: { orgId: string; fields: readonly SyncedField[] },
): Promise<unknown> =>
  tx.query('UPDATE sweep_state SET org_id = $1, fields = $2::jsonb', [settings.orgId, JSON.stringify(settings.fields)]);

/** Asks for a sweep as soon as possible. */
export const wakeSweep = (db: Queryable, now: Date): Promise<unknown> =>
  db.query('UPDATE sweep_state SET woken_at = $1', [now]);
