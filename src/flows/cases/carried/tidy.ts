import type { FlowContext } from '../../../middle-layer/types.ts';
import { purgeConflicts } from './db/conflicts.ts';
import { dropAnsweredExtra } from './db/intakes.ts';
import { purgeTombstones } from './db/tombstones.ts';

/** Enforces the retention of what only the Case flow keeps: how many rows of each were deleted. */
export const tidy = async ({ db, clock, settings: { retention } }: FlowContext): Promise<Record<string, number>> => {
  const before = (ms: number): Date => new Date(clock.now() - ms);
  const deleted = {
    conflicts: await purgeConflicts(db, before(retention.conflictMs)),
    tombstones: await purgeTombstones(db, before(retention.doneMs)),
  };
  await dropAnsweredExtra(db);
  return deleted;
};
