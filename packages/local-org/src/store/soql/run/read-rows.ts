/** Makes records of SQL rows. */
import { fromSql } from '../../database/columns.ts';
import type { SqlRow, Database } from '../../database/database.ts';
import type { FieldType, QueriedRow } from '../../types.ts';
import type { ChildPlan } from '../plan/children.ts';
import type { RowShape } from '../plan/select.ts';
import type { RunContext } from '../plan/sql.ts';

/** Makes a record of a SQL row. */
export function readRow(row: SqlRow, shape: RowShape, object: string): QueriedRow {
  const values: QueriedRow['values'] = new Map();
  for (const { name, column, type, labels } of shape.fields) {
    const value = fromSql(type, row[column]);
    values.set(name, labels !== undefined && typeof value === 'string' ? (labels.get(value) ?? value) : value);
  }
  const parents: QueriedRow['parents'] = new Map();
  for (const [name, parent] of shape.parents) {
    parents.set(name, row[parent.id] === null ? null : readRow(row, parent, parent.object));
  }
  return { object, id: shape.id < 0 ? null : (row[shape.id] as string), values, parents, children: new Map() };
}

/** Makes an AggregateResult of a SQL row. */
export function readAggregate(row: SqlRow, shape: RowShape): QueriedRow {
  const result = readRow(row, shape, 'AggregateResult');
  result.aggregate = new Map(shape.fields.map(({ name, type }): [string, FieldType] => [name, type]));
  return result;
}

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
