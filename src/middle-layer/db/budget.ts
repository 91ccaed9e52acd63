import type { Queryable } from '../../shared/sql/types.ts';

interface BudgetRow {
  budget_day: string | null;
  used: number;
}

const read = async (db: Queryable, flow: string, counter: string): Promise<BudgetRow> => {
  const [row] = await db.query<BudgetRow>(
    `SELECT budget_day, coalesce(c.value, 0) - calls_before AS used
     FROM flow_state s LEFT JOIN counter c ON c.flow = s.flow AND c.name = $2 WHERE s.flow = $1`,
    [flow, counter],
  );
  return row!;
};

/** How far a counter of the flow has risen since a day began. Whoever looks first on another day begins it. */
export const usedOnDay = async (db: Queryable, flow: string, counter: string, day: string): Promise<number> => {
  const seen = await read(db, flow, counter);
  if (seen.budget_day === day) return seen.used;
  await db.query(
    `UPDATE flow_state s SET budget_day = $3, calls_before = coalesce((SELECT value FROM counter c WHERE c.flow = s.flow AND c.name = $2), 0)
     WHERE s.flow = $1 AND budget_day IS DISTINCT FROM $3`,
    [flow, counter, day],
  );
  return (await read(db, flow, counter)).used;
};
