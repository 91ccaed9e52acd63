import type { Database } from '../../database/database.ts';
import { toSql } from '../../database/columns.ts';
import type { Formulas } from '../../formula/formulas.ts';
import { fromField } from '../../formula/values.ts';
import type { FormulaValue } from '../../formula/values.ts';
import type { FieldSchema, Schema, Value } from '../../types.ts';
import { isLike, LIKE_FUNCTION } from '../like.ts';
import { INCLUDES_FUNCTION } from '../plan/compare.ts';
import { FORMULA_FUNCTION, formulaArguments } from '../plan/formula.ts';
import type { FormulaArgument } from '../plan/formula.ts';

/** Makes the functions available that planned SQL calls. */
export function defineFunctions(database: Database, schema: Schema, formulas: Formulas): void {
  database.define(INCLUDES_FUNCTION, (stored, wanted) => {
    if (typeof stored !== 'string') return 0;
    const chosen = new Set(stored.toLowerCase().split(';'));
    const alternatives = JSON.parse(String(wanted)) as (string | null)[];
    // 'A;B' asks for both, the list for any of its items.
    return Number(
      alternatives.some(
        (each) =>
          each !== null &&
          each
            .toLowerCase()
            .split(';')
            .every((value) => chosen.has(value)),
      ),
    );
  });
  database.define(LIKE_FUNCTION, (text, pattern) => Number(text !== null && isLike(String(text), String(pattern))));
  const known = new Map<string, { field: FieldSchema; reads: FormulaArgument[] }>();
  const formula = (key: string): { field: FieldSchema; reads: FormulaArgument[] } => {
    let found = known.get(key);
    if (found === undefined) {
      const [objectName = '', fieldName = ''] = key.split('.');
      const object = schema.objects.get(objectName.toLowerCase())!;
      const field = object.fields.get(fieldName.toLowerCase())!;
      known.set(key, (found = { field, reads: formulaArguments(schema, object, field) }));
    }
    return found;
  };
  database.define(FORMULA_FUNCTION, (key, ...args) => {
    const { field, reads } = formula(String(key));
    const values = new Map<string, FormulaValue>();
    reads.forEach((argument, index) => {
      const value = fromField(argument.field, args[index] as Value);
      const empty =
        value.type === 'null' &&
        field.formulaBlankAsZero === true &&
        ['double', 'currency', 'percent', 'int'].includes(argument.field.type);
      values.set(argument.name.toLowerCase(), empty ? { type: 'number', value: 0 } : value);
    });
    return toSql(formulas.evaluateField(field, values));
  });
}
