import type { FieldSchema, ObjectSchema, Schema } from '../../types.ts';
import type { Position } from '../ast.ts';
import type { Source } from './source.ts';

/** What the shape of a bind's value decides in the SQL: `= NULL` is another operator than `= 'x'`. */
export type BindShape = 'null' | 'scalar' | 'list' | 'listWithNull';

/** A field that the query touches, to be checked against the user's permissions. */
export interface Touched {
  object: ObjectSchema;
  /** Null: the object itself. */
  field: FieldSchema | null;
  position: Position;
  /** Set when the object was reached as a parent. */
  relationship?: string;
}

/** Shared by everything that plans one query: the schema, table aliases, what was touched. */
export class PlanScope {
  readonly schema: Schema;
  readonly text: string;
  readonly shapes: ReadonlyMap<string, BindShape>;
  /** Lower-cased names of objects whose rows are restricted by sharing for the asking user. */
  readonly restricted: ReadonlySet<string>;
  readonly allRows: boolean;
  /** Which fields FIELDS() stands for. */
  readonly readable: (object: ObjectSchema, field: FieldSchema) => boolean;
  readonly touched: Touched[] = [];
  #tables = 0;

  constructor(given: {
    schema: Schema;
    text: string;
    shapes: ReadonlyMap<string, BindShape>;
    restricted: ReadonlySet<string>;
    allRows: boolean;
    readable?: (object: ObjectSchema, field: FieldSchema) => boolean;
  }) {
    this.schema = given.schema;
    this.text = given.text;
    this.shapes = given.shapes;
    this.restricted = given.restricted;
    this.allRows = given.allRows;
    this.readable = given.readable ?? (() => true);
  }

  /** A new table alias. */
  alias(): string {
    return `t${this.#tables++}`;
  }

  touch(source: Pick<Source, 'object'>, field: FieldSchema | null, position: Position, relationship?: string): void {
    this.touched.push({ object: source.object, field, position, ...(relationship !== undefined && { relationship }) });
  }
}
