/** So many are counted: nobody needs to know how far beyond that it goes, and counting on would cost. */
export const MAX_COUNTED = 1_000;

/**
 * SQL of a number: how many rows of `table` meet `where`, at most MAX_COUNTED. It goes from row to row along `columns`,
 * which are unique together and never null among these rows, and needs an index of them (a partial one over `where`
 * will do). A step asks for one row, so the planner has no reason to gather and sort all of them, whatever it believes
 * of the table: a plain LIMIT gives it one as long as it expects fewer rows than that.
 */
export const countAlong = (table: string, columns: readonly string[], where: string): string => {
  const found = columns.map((column, index) => `${column} AS at_${index}`).join(', ');
  const before = columns.map((_, index) => `step.at_${index}`).join(', ');
  const order = columns.join(', ');
  return `(WITH RECURSIVE step AS (
      (SELECT ${found} FROM ${table} WHERE ${where} ORDER BY ${order} LIMIT 1)
      UNION ALL
      SELECT next.* FROM step CROSS JOIN LATERAL
        (SELECT ${found} FROM ${table} WHERE ${where} AND (${order}) > (${before}) ORDER BY ${order} LIMIT 1) AS next
    )
    SELECT count(*)::integer FROM (SELECT 1 FROM step LIMIT ${MAX_COUNTED}) AS counted)`;
};

/** A count for people: "12", and "1,000 or more" where counting ended. */
export const countedText = (count: number): string =>
  count < MAX_COUNTED ? String(count) : `${MAX_COUNTED.toLocaleString('en')} or more`;
