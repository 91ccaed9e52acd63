/** What the planning of one query shares: its scope, and its tables with the parents joined to them. */
import { quote } from '../../database/database.ts';
import type { FieldSchema, ObjectSchema, Schema } from '../../types.ts';
import type { Position } from '../ast.ts';
import type { Sql } from './sql.ts';

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
  /** Whether objects that only the Tooling API has are there. */
  readonly tooling: boolean;
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
    tooling?: boolean;
    readable?: (object: ObjectSchema, field: FieldSchema) => boolean;
  }) {
    this.schema = given.schema;
    this.text = given.text;
    this.shapes = given.shapes;
    this.restricted = given.restricted;
    this.allRows = given.allRows;
    this.tooling = given.tooling === true;
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

/** How many relationships a path may climb (SOQL and SOSL reference, relationship query limits). */
export const MAX_PARENT_LEVELS = 5;

/** A table of the query with the parents joined to it so far. */
export class Source {
  readonly object: ObjectSchema;
  readonly alias: string;
  readonly #scope: PlanScope;
  readonly #parents = new Map<string, Parent>();
  readonly #root: Source;
  /** LEFT JOINs in order; kept at the root. */
  readonly #joins: string[] = [];

  constructor(scope: PlanScope, object: ObjectSchema, root?: Source) {
    this.#scope = scope;
    this.object = object;
    this.alias = scope.alias();
    this.#root = root ?? this;
  }

  /** `"Case" t0 LEFT JOIN "Account" t1 ON …` */
  get fromClause(): string {
    return [`${quote(this.object.name)} ${this.alias}`, ...this.#joins].join(' ');
  }

  column(field: FieldSchema): string {
    return `${this.alias}.${quote(field.name)}`;
  }

  /** The parent behind a relationship of this object, joined on first use; null when there is no such relationship. */
  parent(relationship: string): Parent | null {
    const key = relationship.toLowerCase();
    const known = this.#parents.get(key);
    if (known !== undefined) return known;
    const field = [...this.object.fields.values()].find((each) => each.relationshipName?.toLowerCase() === key);
    if (field === undefined) return null;
    const parent = this.#join(field);
    this.#parents.set(key, parent);
    return parent;
  }

  #join(field: FieldSchema): Parent {
    const sources = (field.referenceTo ?? []).map((target) => {
      const object = this.#scope.schema.objects.get(target.toLowerCase())!;
      const source = new Source(this.#scope, object, this.#root);
      this.#root.#joins.push(
        `LEFT JOIN ${quote(object.name)} ${source.alias} ON ${source.alias}."Id" = ${this.column(field)}`,
      );
      return source;
    });
    return { field, sources };
  }
}

/** What a lookup leads to: one source, or for a polymorphic lookup one for each object it may point to. */
export interface Parent {
  field: FieldSchema;
  sources: Source[];
}

/** A field of a query found in the schema. */
export interface Column {
  sql: Sql;
  field: FieldSchema;
  object: ObjectSchema;
  /** The relationships climbed, from the query's object on. */
  parents: Parent[];
  position: Position;
}
