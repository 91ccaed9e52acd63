import { StoreError } from '../types.ts';
import type { FieldSchema, ObjectSchema, SaveError, ValidationRuleSchema, Value } from '../types.ts';
import type { Formulas } from '../formula/formulas.ts';
import type { SaveContext, SaveFormulas } from './context.ts';
import { saveError, type Entry } from './entry.ts';

/** Step: the active validation rules of the object. A row fails with the messages of all rules that hold. */
export function checkRules(context: SaveContext, entries: Entry[]): void {
  for (const rule of context.object.validationRules) {
    if (!rule.active) continue;
    for (const entry of entries) {
      const error = checkRule(context, entry, rule);
      if (error !== null) entry.errors.push(error);
    }
  }
}

/** A value that makes a rule's regular expression take too long fails by itself: other rows have theirs checked. */
function checkRule(context: SaveContext, entry: Entry, rule: ValidationRuleSchema): SaveError | null {
  const what = `validation rule ${context.object.name}.${rule.name}`;
  const fields = rule.errorField === undefined ? [] : [rule.errorField];
  try {
    const broken = context.rules.holds(context, entry, rule.formula, what);
    return broken ? saveError('FIELD_CUSTOM_VALIDATION_EXCEPTION', rule.message, fields) : null;
  } catch (error) {
    if (!(error instanceof StoreError && error.code === 'LIMIT_EXCEEDED')) throw error;
    return saveError('FIELD_CUSTOM_VALIDATION_EXCEPTION', error.message, fields);
  }
}

export class ValidationRules implements SaveFormulas {
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
