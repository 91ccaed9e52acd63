/** Which side was put back to an earlier state, by the heartbeat that both know: Salesforce shows it, the database remembers it. */
import type { Notices } from '../../../middle-layer/notices.ts';

/** A heartbeat comes once a minute, by clocks that differ by minutes; a backup is hours old. */
const APART_MS = 15 * 60_000;

/** What the database knows of sweeps. */
interface Remembered {
  /** When it last ended a sweep; null: it never has. */
  swept_at: Date | null;
  /** The newest heartbeat that Salesforce has shown; null: none yet. */
  shown_at: Date | null;
}

export type RestoredSide = 'Salesforce' | 'middle layer' | 'new middle layer';

/**
 * `shown`: the heartbeat that Salesforce holds, in epoch milliseconds, or null. Null when both agree. A backup of less than
 * a quarter of an hour is not told apart from clocks; a time of the future is that of a clock that was ahead, and tells nothing.
 */
export const restoredSide = (shown: number | null, known: Remembered, now: number): RestoredSide | null => {
  if (isAhead(shown, now)) return null;
  const remembered = known.shown_at?.getTime() ?? null;
  if (remembered !== null && !isAhead(remembered, now) && (shown ?? -Infinity) < remembered - APART_MS)
    return 'Salesforce';
  if (shown === null) return null;
  if (known.swept_at === null) return 'new middle layer';
  return shown > known.swept_at.getTime() + APART_MS ? 'middle layer' : null;
};

/** Whether a heartbeat was written by a clock that was ahead. */
export const isAhead = (time: number | null, now: number): boolean => time !== null && time > now + APART_MS;

const asTime = (time: Date | number | null): string => (time === null ? 'no sweep' : new Date(time).toISOString());

/** Tells people that a side was put back, what becomes of it by itself, and the command that finds the rest. */
export const noticeRestoredSide = (
  { notices, flow }: { notices: Notices; flow: string },
  side: RestoredSide,
  { shown, known, now }: { shown: number | null; known: Remembered; now: number },
): void => {
  const compare = `npm run reconcile -- --flow ${flow} --content-check all`;
  if (side === 'Salesforce') {
    notices.note('Salesforce restored', {
      what: `Salesforce was put back to an earlier state: it shows ${asTime(shown)} as the last sweep, and has shown ${asTime(known.shown_at)}`,
      remedy: `what is pending there is carried by itself, and so is what changes from now on; find the rest with ${compare}, which lists Cases that only the external system has; add --make-again to have them made again`,
      at: now,
    });
    return;
  }
  const was = side === 'middle layer' ? `it ends at ${asTime(known.swept_at)}` : 'it is new';
  notices.note('middle layer restored', {
    what: `the database of the middle layer was put back to an earlier state: ${was}, and Salesforce shows sweeps until ${asTime(shown)}`,
    remedy: `Cases and records are carried again by themselves; full requests (POST /v1/intake) that were accepted in that time and have no Case are to be sent again with the same key; prove the rest with ${compare}`,
    at: now,
  });
};
