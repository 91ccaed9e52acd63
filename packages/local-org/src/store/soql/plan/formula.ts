import { identifiersOf, parseFormula } from '../../formula/parse.ts';
import { StoreError } from '../../types.ts';
import type { FieldSchema, ObjectSchema, Schema } from '../../types.ts';
import type { Position } from '../ast.ts';
import { unsupported } from '../errors.ts';
import { columnSql } from './resolve.ts';
import type { PlanScope, Source } from './scope.ts';
import { joinSql, raw, sql } from './sql.ts';
import type { Sql } from './sql.ts';

/** Name of the SQL function that evaluates formulas; run/functions.ts defines it. */
export const FORMULA_FUNCTION = 'evaluate_formula';

/** A field that a formula reads. */
export interface FormulaArgument {
  /** As the formula writes it: `Account.Name`. */
  name: string;
  field: FieldSchema;
}

/**
 * A formula field in SQL. A formula that only names another field is that field; any other is
 * computed by a function over the fields that it reads, so it may be selected, filtered and sorted by.
 */
export function formulaSql(scope: PlanScope, source: Source, field: FieldSchema, position: Position): Sql {
  const args = formulaArguments(scope.schema, source.object, field).map(({ name }) =>
    argumentSql(scope, source, name, position),
  );
  if (parseFormula(field.formula!).type === 'identifier') return args[0]!;
  return sql`${FORMULA_FUNCTION}(${joinSql([raw(`'${source.object.name}.${field.name}'`), ...args], ', ')})`;
}

/** What a formula field reads, in the order in which its SQL function takes it. */
export function formulaArguments(schema: Schema, object: ObjectSchema, field: FieldSchema): FormulaArgument[] {
  return identifiersOf(parseFormula(field.formula!)).map((name) => {
    const found = resolveName(schema, object, name.split('.'));
    if (found === null)
      throw new StoreError(
        'INVALID_FORMULA',
        `The formula of ${object.name}.${field.name} reads ${name}, which the local org cannot resolve`,
      );
    return { name, field: found };
  });
}

function resolveName(schema: Schema, object: ObjectSchema, [first = '', ...rest]: string[]): FieldSchema | null {
  if (rest.length === 0) return object.fields.get(first.toLowerCase()) ?? null;
  const lookup = [...object.fields.values()].find(
    (each) => each.relationshipName?.toLowerCase() === first.toLowerCase(),
  );
  const parent =
    lookup?.referenceTo?.length === 1 ? schema.objects.get(lookup.referenceTo[0]!.toLowerCase()) : undefined;
  return parent === undefined ? null : resolveName(schema, parent, rest);
}

function argumentSql(scope: PlanScope, source: Source, name: string, position: Position): Sql {
  const parts = name.split('.');
  let at = source;
  for (const part of parts.slice(0, -1)) at = at.parent(part)!.sources[0]!;
  const field = at.object.fields.get(parts.at(-1)!.toLowerCase())!;
  if (field.type === 'address') throw unsupported(`the compound field ${name} in a formula`);
  return columnSql(scope, at, field, position);
}
