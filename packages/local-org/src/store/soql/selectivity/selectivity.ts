/**
 * What Salesforce does with a query on a large object: it uses an index when a filter is selective, and without one walks
 * over all rows, which a trigger may not and which takes longer than a query may. Judged for objects whose size is told.
 * Pages: "Working with Very Large SOQL Queries" (Apex Developer Guide), "Database Query & Search Optimization Cheat Sheet".
 */
import type { Database } from '../../database/database.ts';
import { StoreError } from '../../types.ts';
import type { FieldSchema, ObjectSchema, Schema } from '../../types.ts';
import type { Condition, Query } from '../ast.ts';
import { planQuery } from '../plan/plan.ts';
import { PlanScope, type BindShape } from '../plan/scope.ts';
import type { RunContext } from '../plan/sql.ts';
import { Estimator, type Compare } from './estimate.ts';
import { indexOf, threshold, type IndexKind } from './thresholds.ts';

/** Lower-cased object name to the number of rows that it is taken to have. */
export type Sizes = Map<string, number>;

/** Objects up to this size are walked. */
const LARGE = 200_000;
/** Filters that an index can serve. The others are negative, or look within a value. */
const POSITIVE = new Set(['=', 'IN', '<', '>', '<=', '>=', 'LIKE']);

const NON_SELECTIVE =
  'Non-selective query against large object type (more than 200000 rows). Consider an indexed filter or contact salesforce.com about custom indexing.\nEven if a field is indexed a filter might still not be selective when:\n1. The filter value includes null (for instance binding with a list that contains null)\n2. Data skew exists whereby the number of matching rows is very large (for instance, filtering for a particular foreign key value that occurs many times)';

export interface Asked {
  query: Query;
  object: ObjectSchema;
  shapes: ReadonlyMap<string, BindShape>;
  context: RunContext;
  /** Within an Apex trigger, or what it calls. */
  inTrigger: boolean;
}

/** Throws for a query that no index serves on an object of its size. */
export const refuseUnlessSelective = (database: Database, schema: Schema, sizes: Sizes, asked: Asked): void => {
  const rows = sizes.get(asked.object.name.toLowerCase()) ?? 0;
  if (rows <= LARGE || new Judge(database, schema, rows, asked).isServed()) return;
  if (asked.inTrigger) throw new StoreError('INVALID_QUERY_FILTER_OPERATOR', NON_SELECTIVE);
  throw new StoreError('QUERY_TIMEOUT', 'Your query request was running for too long.');
};

class Judge {
  readonly #database: Database;
  readonly #schema: Schema;
  readonly #rows: number;
  readonly #asked: Asked;
  readonly #estimator: Estimator;

  constructor(database: Database, schema: Schema, rows: number, asked: Asked) {
    this.#database = database;
    this.#schema = schema;
    this.#rows = rows;
    this.#asked = asked;
    const { object, context } = asked;
    this.#estimator = new Estimator(database, { object, rows, scope: this.#scope(), context });
  }

  isServed(): boolean {
    const { where } = this.#asked.query;
    return this.#isWalkThatEnds() || (where !== null && this.#selective(where) !== null);
  }

  /** In the order of an index, and filtered by nothing else, a query ends after its LIMIT. */
  #isWalkThatEnds(): boolean {
    const { where, orderBy, limit } = this.#asked.query;
    if (limit === null) return false;
    const [first] = orderBy;
    const order = first && this.#fieldOf(first.expression);
    if (first && (!order || indexOf(order) === null)) return false;
    return where === null || conjuncts(where).every((part) => part.kind === 'compare' && this.#isRangeOf(part, order));
  }

  #isRangeOf(part: Compare, order: FieldSchema | undefined): boolean {
    return order !== undefined && this.#fieldOf(part.left) === order && /^[<>]/.test(part.operator);
  }

  /** Rows that the index of a selective condition finds, or null. */
  #selective(condition: Condition): number | null {
    switch (condition.kind) {
      case 'not':
        return null;
      case 'or':
        return this.#union(condition.conditions);
      default:
        return this.#best(condition);
    }
  }

  /** Every branch needs an index, and their sum must stay below what one may find. */
  #union(branches: Condition[]): number | null {
    let sum = 0;
    for (const branch of branches) {
      const found = this.#selective(branch);
      if (found === null) return null;
      sum += found;
    }
    return sum < threshold('custom', this.#rows) ? sum : null;
  }

  /** One filter that is selective, or two that are so together. */
  #best(condition: Condition): number | null {
    const parts = conjuncts(condition);
    const filters = this.#byField(parts).map(({ field, kind, compares }) => ({
      most: threshold(kind, this.#rows),
      rows: this.#estimator.of(field, compares, this.#count({ kind: 'and', conditions: compares })),
    }));
    const single = filters.filter(({ rows, most }) => rows < most).map(({ rows }) => rows);
    const unions = parts.map((part) => (part.kind === 'or' ? this.#union(part.conditions) : null));
    const found = [...single, ...unions.filter((rows) => rows !== null)];
    if (found.length > 0) return Math.min(...found);
    const joined = filters.filter(({ rows, most }) => rows < 2 * most);
    const together = joined.reduce((share, { rows }) => share * (rows / this.#rows), this.#rows);
    return joined.length > 1 && together < threshold('custom', this.#rows) ? together : null;
  }

  /** Filters on indexed fields, those on one field together: both ends of a range are one filter. */
  #byField(parts: Condition[]): { field: FieldSchema; kind: IndexKind; compares: Compare[] }[] {
    const byField = new Map<FieldSchema, Compare[]>();
    for (const part of parts) {
      if (part.kind !== 'compare' || !this.#isPositive(part)) continue;
      const field = this.#fieldOf(part.left);
      if (field && indexOf(field) !== null) byField.set(field, [...(byField.get(field) ?? []), part]);
    }
    return [...byField].map(([field, compares]) => ({ field, kind: indexOf(field)!, compares }));
  }

  #isPositive({ operator, right }: Compare): boolean {
    if (!POSITIVE.has(operator) || right.kind === 'query') return false;
    if (right.kind === 'list') return right.items.every((item) => !this.#mayBeNull(item));
    if (operator === 'LIKE') return right.kind !== 'string' || !right.value.startsWith('%');
    return !this.#mayBeNull(right);
  }

  #mayBeNull(value: { kind: string; name?: string }): boolean {
    if (value.kind === 'null') return true;
    const shape = value.kind === 'bind' ? this.#asked.shapes.get(value.name!) : undefined;
    return shape === 'null' || shape === 'listWithNull';
  }

  /** The field of the queried object itself, or undefined: no index of its own serves a parent's field or a function. */
  #fieldOf(expression: Compare['left']): FieldSchema | undefined {
    if (expression.kind !== 'path') return undefined;
    const { query, object } = this.#asked;
    const [first, ...rest] = expression.parts;
    const isAlias =
      rest.length === 1 && [query.alias, object.name].some((name) => name?.toLowerCase() === first!.toLowerCase());
    const name = isAlias ? rest[0]! : rest.length === 0 ? first! : null;
    return name === null ? undefined : object.fields.get(name.toLowerCase());
  }

  #scope(): PlanScope {
    const { query, shapes } = this.#asked;
    return new PlanScope({ schema: this.#schema, text: query.text, shapes, restricted: new Set(), allRows: true });
  }

  /** Rows of the sample that satisfy the condition, those in the recycle bin included, as the optimizer counts. */
  #count(where: Condition): number {
    const { query, context } = this.#asked;
    const { fromPosition: position } = query;
    const select: Query['select'] = [
      { kind: 'function', call: { kind: 'call', name: 'COUNT', argument: null, position }, alias: null },
    ];
    const counting: Query = { ...query, select, where, ...NOTHING_ELSE };
    const { sql } = planQuery(this.#scope(), counting);
    const [row] = this.#database.all(
      sql.text,
      sql.params.map((param) => param(context)),
    );
    return Number(row![0]);
  }
}

const NOTHING_ELSE = {
  groupBy: [],
  having: null,
  orderBy: [],
  limit: null,
  offset: null,
  forUpdate: false,
  scope: null,
} satisfies Partial<Query>;

const conjuncts = (condition: Condition): Condition[] =>
  condition.kind === 'and' ? condition.conditions.flatMap(conjuncts) : [condition];
