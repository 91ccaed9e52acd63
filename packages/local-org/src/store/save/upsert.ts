import { StoreError } from '../types.ts';
import type { FieldSchema, ObjectSchema, Row, SaveRequest, TriggerHost, Value } from '../types.ts';
import type { Outcome, SaveServices } from './context.ts';
import { saveChunk } from './save-chunk.ts';
import { saveError } from './entry.ts';

/** Updates the rows that match a record by the external id (or by Id), inserts the others. */
export function upsertChunk(
  services: SaveServices,
  object: ObjectSchema,
  rows: Row[],
  request: SaveRequest,
  triggers: TriggerHost,
): Outcome[] {
  const field = matchField(object, request.externalIdField ?? 'Id');
  const targets =
    field.type === 'id'
      ? rows.map((row) => ({ row, id: row.id, errors: [] }))
      : matchRows(services, object, field, rows);
  const outcomes: Outcome[] = targets.map((target) => ({ id: null, errors: target.errors }));
  for (const operation of ['insert', 'update'] as const) {
    const indexes = targets.flatMap((target, index) =>
      target.errors.length === 0 && (target.id === null) === (operation === 'insert') ? [index] : [],
    );
    if (indexes.length === 0 || (request.allOrNone && outcomes.some((outcome) => outcome.errors.length > 0))) continue;
    const saved = saveChunk(
      services,
      object,
      operation,
      indexes.map((index) => ({ ...targets[index]!.row, id: targets[index]!.id })),
      request,
      triggers,
    );
    saved.forEach((outcome, at) => (outcomes[indexes[at]!] = { ...outcome, created: operation === 'insert' }));
  }
  return outcomes;
}

function matchField(object: ObjectSchema, name: string): FieldSchema {
  const field = object.fields.get(name.toLowerCase());
  if (field === undefined)
    throw new StoreError('INVALID_FIELD', `No such column '${name}' on entity '${object.name}'`, [name]);
  if (!field.idLookup)
    throw new StoreError(
      'INVALID_FIELD',
      `Field name provided, ${name} does not match an External ID, Salesforce Id, or indexed field for ${object.name}`,
      [name],
    );
  return field;
}

interface Target {
  row: Row;
  id: string | null;
  errors: Outcome['errors'];
}

function matchRows(services: SaveServices, object: ObjectSchema, field: FieldSchema, rows: Row[]): Target[] {
  const keys = rows.map((row) => keyOf(row, field));
  const given = keys.filter((key) => key !== null);
  const found = new Map<string, string[]>();
  for (const { id, value } of services.records.idsWhere(object, field, given)) {
    const key = fold(field, value);
    found.set(key, [...(found.get(key) ?? []), id]);
  }
  const counts = Map.groupBy(given, (key) => fold(field, key));
  return rows.map((row, index) => {
    const key = keys[index]!;
    if (key === null) return refused(row, 'MISSING_ARGUMENT', `${field.name} not specified`, []);
    const folded = fold(field, key);
    // All rows with the key fail, the first too.
    if (counts.get(folded)!.length > 1)
      return refused(row, 'DUPLICATE_VALUE', `Duplicate external id specified: ${String(key)}`, [field.name]);
    const ids = found.get(folded) ?? [];
    if (ids.length > 1)
      return refused(
        row,
        'DUPLICATE_EXTERNAL_ID',
        `${field.name}: more than one record found for external id field: [${ids.join(', ')}]`,
        [],
      );
    return { row, id: ids[0] ?? null, errors: [] };
  });
}

const refused = (row: Row, code: string, message: string, fields: string[]): Target => ({
  row,
  id: null,
  errors: [saveError(code, message, fields)],
});

/** The row's value in the match field, as it would be stored. */
function keyOf(row: Row, field: FieldSchema): Value {
  for (const [name, value] of row.values) {
    if (name.toLowerCase() === field.name.toLowerCase())
      return typeof value === 'string' ? value.trim() || null : value;
  }
  return null;
}

const fold = (field: FieldSchema, value: Value): string =>
  field.caseSensitive ? String(value) : String(value).toLowerCase();
