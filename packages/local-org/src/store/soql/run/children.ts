import type { Database } from '../../database/database.ts';
import type { QueriedRow } from '../../types.ts';
import type { ChildPlan } from '../plan/children.ts';
import type { RunContext } from '../plan/sql.ts';
import { readRow } from './read-rows.ts';

/** Runs a child subquery for all parents at once and hands each its children; returns how many there are. */
export function attachChildren(database: Database, plan: ChildPlan, parents: QueriedRow[], run: RunContext): number {
  const byId = new Map(parents.map((parent) => [parent.id, parent]));
  for (const parent of parents) parent.children.set(plan.name, []);
  const context = { ...run, parentIds: JSON.stringify([...byId.keys()]) };
  const rows = database.all(
    plan.sql.text,
    plan.sql.params.map((param) => param(context)),
  );
  for (const row of rows) {
    byId
      .get(row[plan.parentColumn] as string)
      ?.children.get(plan.name)!
      .push(readRow(row, plan.shape, plan.object.name));
  }
  return rows.length;
}
