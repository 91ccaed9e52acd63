import { fromSql } from '../../database/columns.ts';
import type { SqlRow } from '../../database/database.ts';
import type { FieldType, QueriedRow } from '../../types.ts';
import type { RowShape } from '../plan/select.ts';

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
