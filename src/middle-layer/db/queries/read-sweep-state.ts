import type { Queryable } from '../../../shared/sql/types.ts';
import type { SyncedField } from '../../clients/salesforce/port.ts';

export interface SweepState {
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
}

/** What the sweeps saw last. */
export const readSweepState = async (db: Queryable): Promise<SweepState> => {
  const [state] = await db.query<SweepState>(
    'SELECT org_id, pause, fields, next_sweep_at, woken_at, swept_at, case_cursor, tombstone_cursor, clear_since, round_began_at, read_until FROM sweep_state',
  );
  if (!state)
    throw new Error(
      'the table sweep_state has lost its only row: restore it with INSERT INTO sweep_state DEFAULT VALUES',
    );
  return state;
};
