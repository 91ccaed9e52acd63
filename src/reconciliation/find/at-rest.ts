import type { SyncedFields } from '../types.ts';

/** What decides whether two states differ, and whether they may be told apart already. */
export interface Rules extends SyncedFields {
  /** Epoch milliseconds: the time as of which things count as at rest. While nothing gets through, it stands still. */
  now: number;
  /** What changed or was requested more recently may still be under way. */
  graceMs: number;
  /** Epoch milliseconds: a later time was written by a clock that was ahead, and says nothing of what is under way. */
  latest: number;
}

/** Whether what changed or was requested at that time is at rest by now. */
export const isAtRest = (at: number, { now, graceMs, latest }: Pick<Rules, 'now' | 'graceMs' | 'latest'>): boolean =>
  now - at > graceMs || at > latest;
