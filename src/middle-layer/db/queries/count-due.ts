import type { Queryable } from '../../../shared/sql/types.ts';

/** Nobody needs to know how far beyond this the count goes, and counting on would cost. */
const MOST_COUNTED = 1_000;

/** How many messages of each target could be sent now or are under way; at most 1,000 of a target are counted. */
export const countDue = async (db: Queryable, targets: readonly string[], now: Date): Promise<Map<string, number>> => {
  const rows = await db.query<{ target: string; due: number }>(
    `SELECT t.target,
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.target = t.target AND m.head AND m.state = 'queued' AND m.next_attempt_at <= $2
         LIMIT ${MOST_COUNTED}) AS waiting) +
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.target = t.target AND m.state = 'sending' LIMIT ${MOST_COUNTED}) AS sent) AS due
     FROM unnest($1::text[]) AS t(target)`,
    [targets, now],
  );
  return new Map(rows.map(({ target, due }) => [target, due]));
};
