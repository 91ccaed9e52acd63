import type { World } from '../../../simulation/world.ts';
import { decisionsUnderWay } from './decisions.ts';
import { sealsUnderWay } from './seals.ts';

/** What the service application still reports, and what both sides still learn of seals and decisions, a line each. */
export const underWay = async (world: World): Promise<string[]> => {
  const rows = await world.db.query<{ line: string }>(
    `SELECT 'the report of ad ' || ad_id || ' at version ' || version || ' is ' || state || ' after ' || attempts || ' attempts' AS line
       FROM report WHERE state IN ('queued', 'taken') ORDER BY 1`,
  );
  return [...rows.map(({ line }) => line), ...(await sealsUnderWay(world)), ...(await decisionsUnderWay(world))];
};
