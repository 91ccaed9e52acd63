import { meets } from '../automation/criteria.ts';
import type { Criteria } from '../automation/types.ts';
import type { Formulas } from '../formula/formulas.ts';
import type { FormulaScope, FormulaValue } from '../formula/values.ts';
import { StoreError } from '../types.ts';
import type { FieldSchema, ObjectSchema, Value } from '../types.ts';
import type { SaveContext, SaveFormulas } from './context.ts';
import type { Entry } from './entry.ts';

/** Evaluates formulas and criteria for rows that are saved. */
export class RowFormulas implements SaveFormulas {
  readonly #formulas: Formulas;

  constructor(formulas: Formulas) {
    this.#formulas = formulas;
  }

  holds(context: SaveContext, entry: Entry, formula: string, what: string): boolean {
    return this.#formulas.evaluate(formula, this.#record(context, entry), what) === true;
  }

  defaultValue(context: SaveContext, entry: Entry, field: FieldSchema): Value {
    return this.#formulas.evaluate(
      field.defaultFormula!,
      this.#record(context, entry),
      `default of ${context.object.name}.${field.name}`,
      field,
    );
  }

  value(context: SaveContext, entry: Entry, formula: string, what: string, field: FieldSchema): Value {
    return this.#formulas.evaluate(formula, this.#record(context, entry), what, field);
  }

  read(context: SaveContext, entry: Entry, name: string): FormulaValue {
    return this.#formulas.read(this.#record(context, entry), name);
  }

  evaluate(
    context: SaveContext,
    formula: string,
    what: string,
    field: Pick<FieldSchema, 'type' | 'scale'>,
    reads: Pick<FormulaScope, 'isNew' | 'value' | 'prior'>,
  ): Value {
    return this.#formulas.evaluateWith(formula, reads, what, field, (steps) => context.triggers.spend?.(steps));
  }

  meets(context: SaveContext, entry: Entry, criteria: Criteria, what: string): boolean {
    const record = this.#record(context, entry);
    return meets(criteria, {
      holds: (formula) => this.#formulas.evaluate(formula, record, what) === true,
      value: (path) => this.#formulas.read(record, path),
    });
  }

  #record(context: SaveContext, entry: Entry): Parameters<Formulas['evaluate']>[1] {
    return {
      object: context.object,
      userId: context.request.access.userId,
      isNew: entry.old === null,
      spend: (steps) => context.triggers.spend?.(steps),
      value: (name) => valueByName(context.object, entry.row.values, name),
      prior: (name) => (entry.old === null ? null : valueByName(context.object, entry.old.values, name)),
    };
  }
}

function valueByName(object: ObjectSchema, values: ReadonlyMap<string, Value>, name: string): Value {
  const field = object.fields.get(name.toLowerCase());
  if (field === undefined)
    throw new StoreError('INVALID_FORMULA', `A formula of ${object.name} reads ${name}, which does not exist`);
  return values.get(field.name) ?? null;
}
