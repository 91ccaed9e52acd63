/** Times that rows say, against the moment at which they were written. In epoch milliseconds. */

/** Whoever writes has looked at the clock before, and may have waited for the database since: no longer than this. */
export const WAITS_MS = 60_000;

export const time = (text: string): number => Date.parse(text);

/** Whether a moment is that of a commit, as who made it saw it. `now`: when it happened. */
export const hasJustBeen = (moment: number, now: number): boolean => moment <= now && moment > now - WAITS_MS;
