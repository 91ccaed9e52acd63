import type { Queryable } from '../../../shared/sql/types.ts';

/**
 * How many messages of each target could be sent now or are under way. At most `most` of either are counted: nobody
 * needs to know how far beyond that it goes, and counting on would cost.
 */
export const countDue = async (
  db: Queryable,
  targets: readonly string[],
  now: Date,
  most: number,
): Promise<Map<string, number>> => {
  const rows = await db.query<{ target: string; due: number }>(
    `SELECT t.target,
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.target = t.target AND m.head AND m.state = 'queued' AND m.next_attempt_at <= $2
         LIMIT $3) AS waiting) +
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.target = t.target AND m.state = 'sending' LIMIT $3) AS sent) AS due
     FROM unnest($1::text[]) AS t(target)`,
    [targets, now, most],
  );
  return new Map(rows.map(({ target, due }) => [target, due]));
};
