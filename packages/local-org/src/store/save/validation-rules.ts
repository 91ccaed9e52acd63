import { StoreError } from '../types.ts';
import type { SaveError, ValidationRuleSchema } from '../types.ts';
import type { SaveContext } from './context.ts';
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
