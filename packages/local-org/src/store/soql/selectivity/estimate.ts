/** How many rows of an object that is taken to be large a filter would find. */
import { type Database, quote } from '../../database/database.ts';
import type { FieldSchema, FieldType, ObjectSchema } from '../../types.ts';
import type { Condition } from '../ast.ts';
import { operandParam } from '../plan/operand.ts';
import type { PlanScope } from '../plan/scope.ts';
import type { RunContext } from '../plan/sql.ts';

export type Compare = Extract<Condition, { kind: 'compare' }>;

/** Fields whose values spread over a line, so that a range of them has its share of the rows. */
const LINEAR = new Set<FieldType>(['int', 'double', 'currency', 'percent', 'datetime']);

/** What an optimizer keeps of a field. */
interface Statistics {
  filled: number;
  distinct: number;
  least: unknown;
  most: unknown;
}

/**
 * The rows that are there are a sample of those that the object is taken to have: each stands for as many. A value that
 * no two rows share is as rare in the whole object; a range of numbers or times has its share of the span between
 * the least and the greatest.
 */
export class Estimator {
  readonly #database: Database;
  readonly #object: ObjectSchema;
  readonly #rows: number;
  readonly #scope: PlanScope;
  readonly #context: RunContext;
  readonly #present: number;

  /** `rows`: of the object as it is taken to be. */
  constructor(
    database: Database,
    given: { object: ObjectSchema; rows: number; scope: PlanScope; context: RunContext },
  ) {
    this.#database = database;
    this.#object = given.object;
    this.#rows = given.rows;
    this.#scope = given.scope;
    this.#context = given.context;
    this.#present = Number(database.all(`SELECT COUNT(*) FROM ${quote(this.#object.name)}`, [])[0]![0]);
  }

  /** Rows that a number of rows of the sample stands for. */
  scaled(found: number): number {
    return this.#present === 0 ? 0 : (found * this.#rows) / this.#present;
  }

  /** Rows that satisfy all of these filters on one field; `found` of them are in the sample. */
  of(field: FieldSchema, filters: Compare[], found: number): number {
    const statistics = this.#statistics(field);
    const isEquality = filters.some(({ operator }) => operator === '=' || operator === 'IN');
    if (isEquality) return statistics.distinct === statistics.filled ? found : this.scaled(found);
    return LINEAR.has(field.type) && Number(statistics.least) < Number(statistics.most)
      ? this.scaled(statistics.filled) * this.#share(field, filters, statistics)
      : this.scaled(found);
  }

  #statistics(field: FieldSchema): Statistics {
    const column = quote(field.name);
    const [row] = this.#database.all(
      `SELECT COUNT(${column}), COUNT(DISTINCT ${column}), MIN(${column}), MAX(${column}) FROM ${quote(this.#object.name)}`,
      [],
    );
    return { filled: Number(row![0]), distinct: Number(row![1]), least: row![2], most: row![3] };
  }

  #share(field: FieldSchema, filters: Compare[], { least, most }: Statistics): number {
    let [from, to] = [Number(least), Number(most)];
    for (const { left, operator, right } of filters) {
      if (right.kind === 'list' || right.kind === 'query' || right.kind === 'dateFormula') continue;
      const bound = Number(operandParam(this.#scope, { field, position: left.position }, right)(this.#context));
      if (operator.startsWith('>')) from = Math.max(from, bound);
      else to = Math.min(to, bound);
    }
    return Math.max(0, to - from) / (Number(most) - Number(least));
  }
}
