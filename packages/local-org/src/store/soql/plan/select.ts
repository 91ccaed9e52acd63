import type { FieldSchema, FieldType, ObjectSchema, QueryColumn } from '../../types.ts';
import type { Query, SelectItem } from '../ast.ts';
import { malformed } from '../errors.ts';
import type { Resolved } from './expression.ts';
import { parentIdSql } from './polymorphic.ts';
import type { PlanScope, Parent } from './scope.ts';
import { joinSql, raw } from './sql.ts';
import type { Sql } from './sql.ts';

/** FIELDS() takes at most this many rows at a time (SOQL and SOSL reference). */
const MAX_FIELDS_LIMIT = 200;

/** How a SQL row becomes a record: which column holds which field, of the record or of a parent. */
export interface RowShape {
  object: string;
  /** Column of the record's id; -1 for aggregate results. */
  id: number;
  fields: { name: string; column: number; type: FieldType; labels?: Map<string, string> }[];
  parents: Map<string, RowShape>;
}

/** Collects the columns of a SELECT while remembering where each belongs. */
export class Columns {
  readonly shape: RowShape = { object: '', id: -1, fields: [], parents: new Map() };
  /** What was added, in that order. */
  readonly named: QueryColumn[] = [];
  readonly #columns: Sql[] = [];
  readonly #names = new Set<string>();
  #unnamed = 0;

  /** Selects the id of the query's own rows. */
  id(alias: string): void {
    this.shape.id = this.hidden(raw(`${alias}."Id"`));
  }

  /** Adds a column that no field of the result shows. */
  hidden(column: Sql): number {
    return this.#columns.push(column) - 1;
  }

  add(column: Resolved, item: Extract<SelectItem, { kind: 'field' | 'function' }>, aggregate: boolean): void {
    const label = item.kind === 'function' && item.call.name === 'TOLABEL';
    const isExpression = item.kind === 'function' && !label;
    if (item.alias !== null && !aggregate && !isExpression && !label)
      throw malformed('only aggregate expressions use field aliasing');
    const name = item.alias ?? (isExpression ? `expr${this.#unnamed++}` : column.field.name);
    const shape = aggregate ? this.shape : this.#shapeOf(column.parents);
    const parents = aggregate ? [] : column.parents.map((parent) => parent.field);
    const path = [...parents.map((parent) => parent.name), name].join('.').toLowerCase();
    if (this.#names.has(path))
      throw malformed(aggregate ? `duplicate alias: ${name}` : `duplicate field selected: ${name}`);
    this.#names.add(path);
    this.named.push({
      path: [...parents.map((parent) => parent.relationshipName!), name],
      type: column.field.type,
    });
    const labels = label ? new Map(column.field.picklist?.map((value) => [value.value, value.label])) : undefined;
    shape.fields.push({ name, column: this.hidden(column.sql), type: column.field.type, ...(labels && { labels }) });
  }

  sql(): Sql {
    return joinSql(this.#columns, ', ');
  }

  #shapeOf(parents: Parent[]): RowShape {
    let at = this.shape;
    for (const parent of parents) {
      const name = parent.field.relationshipName!;
      let next = at.parents.get(name);
      if (next === undefined) {
        const object = parent.sources.length === 1 ? parent.sources[0]!.object.name : 'Name';
        next = { object, id: this.hidden(raw(parentIdSql(parent))), fields: [], parents: new Map() };
        at.parents.set(name, next);
      }
      at = next;
    }
    return at;
  }
}

/** The SELECT list with FIELDS() replaced by the fields it stands for. */
export function expandSelect(scope: PlanScope, object: ObjectSchema, query: Query): SelectItem[] {
  return query.select.flatMap((item): SelectItem[] => {
    if (item.kind !== 'fields') return [item];
    const limited = typeof query.limit !== 'number' || query.limit <= MAX_FIELDS_LIMIT;
    if (item.which !== 'STANDARD' && (query.limit === null || !limited)) {
      throw malformed(`The SOQL FIELDS function must have a LIMIT of at most ${MAX_FIELDS_LIMIT}`);
    }
    return [...object.fields.values()]
      .filter((field) => belongs(field, item.which) && scope.readable(object, field))
      .map((field) => ({
        kind: 'field',
        path: { kind: 'path', parts: [field.name], position: item.position },
        alias: null,
      }));
  });
}

function belongs(field: FieldSchema, which: 'ALL' | 'STANDARD' | 'CUSTOM'): boolean {
  return which === 'ALL' || field.custom === (which === 'CUSTOM');
}
