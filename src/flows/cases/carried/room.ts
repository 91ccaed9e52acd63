import { CASES } from './name.ts';
import { countDue, queueDepths } from '../../../middle-layer/db/depths.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';

export interface Room {
  /** How many more Cases may be taken in. */
  most: number;
  /** Whether a page is worth its API call: otherwise the next one waits until more of what was begun is finished. */
  isWorthIt: boolean;
  /** Whether anything waits for the external system: it finds out by itself when that can be reached again. */
  externalWaits: boolean;
}

/** While other messages fill the queue, records of the external system for one, this many Cases still come in with each poll. */
const LEAST_PAGE = 200;
/** Messages that wait for their next attempt hardly keep the others busy: so many count as one. */
const WAITING_AS_ONE = 4;

/**
 * How much room is left for new work. The pending Cases are safe in Salesforce: taking in more than can be carried
 * soon would only make the queue long, and finish everything late instead of one after the other.
 */
export const roomOf = async ({ db, settings: { sweepRoom } }: FlowContext, now: number): Promise<Room> => {
  const open: Record<string, number> = { external: 0, salesforce: 0 };
  for (const { flow, target, state, count } of await queueDepths(db))
    if (flow === CASES && state !== 'dead') open[target]! += count;
  const due = await countDue(db, CASES, ['external', 'salesforce'], new Date(now), sweepRoom);
  const ready = due.get('external')! + due.get('salesforce')!;
  const waiting = Math.max(0, open.external! + open.salesforce! - ready);
  const left = sweepRoom - ready - Math.floor(waiting / WAITING_AS_ONE);
  const externalIsFree = due.get('external')! < sweepRoom / 4;
  return {
    most: Math.max(0, left, externalIsFree ? Math.min(LEAST_PAGE, sweepRoom) : 0),
    isWorthIt: left >= sweepRoom / 2,
    externalWaits: open.external! > 0,
  };
};
