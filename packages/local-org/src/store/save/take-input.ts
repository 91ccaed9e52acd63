/** Steps that make the new state: from the stored one, and from what the caller gave. */
import { normalizeId } from '../ids/record-id.ts';
import type { FieldSchema, Value, FieldType, SaveError } from '../types.ts';
import type { SaveContext } from './context.ts';
import { saveError, type Entry } from './entry.ts';

/** Step of an update: finds the stored state of each row and starts the new one from it. */
export function loadOld(context: SaveContext, entries: Entry[]): void {
  const seen = new Set<string>();
  for (const entry of entries) {
    const id = checkId(context, entry);
    if (id === null) continue;
    if (seen.has(id)) entry.errors.push(saveError('DUPLICATE_VALUE', `duplicate id in the request: ${id}`, ['Id']));
    seen.add(id);
    entry.id = id;
  }
  const ids = entries.filter((entry) => entry.errors.length === 0).map((entry) => entry.id!);
  const stored = new Map(context.records.read(context.object, ids, 'with').map((row) => [row.id, row]));
  for (const entry of entries) {
    if (entry.errors.length > 0) continue;
    const old = stored.get(entry.id);
    if (old === undefined) entry.errors.push(saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
    else if (old.values.get('IsDeleted') === true)
      entry.errors.push(saveError('ENTITY_IS_DELETED', 'entity is deleted'));
    else {
      entry.old = old;
      entry.row = { object: old.object, id: old.id, values: new Map(old.values) };
    }
  }
}

function checkId(context: SaveContext, entry: Entry): string | null {
  if (entry.id === null) {
    entry.errors.push(saveError('MISSING_ARGUMENT', 'Id not specified in an update call'));
    return null;
  }
  const id = normalizeId(entry.id);
  if (id === null) entry.errors.push(saveError('MALFORMED_ID', `malformed id ${entry.id}`, ['Id']));
  else if (!id.startsWith(context.object.keyPrefix))
    entry.errors.push(saveError('MALFORMED_ID', `Record ID: id value of incorrect type: ${entry.id}`, ['Id']));
  else return id;
  return null;
}

/**
 * Step: writes the given values over the old state. Over the API a field that cannot be written is an
 * error; Apex may hand back read-only fields that it queried, which Salesforce ignores.
 */
export function takeInput(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    const readOnly: string[] = [];
    for (const [name, value] of entry.input) {
      const field = context.object.fields.get(name.toLowerCase());
      if (field === undefined) entry.errors.push(noSuchField(context, name));
      else if (field.type === 'id') continue;
      else if (!isWritable(context, field)) {
        if (context.request.source === 'api') readOnly.push(field.name);
      } else take(entry, field, value);
    }
    if (readOnly.length > 0) entry.errors.push(notWritable(readOnly));
  }
}

function take(entry: Entry, field: FieldSchema, value: Value): void {
  const error = typeError(field, value);
  if (error === null) entry.row.values.set(field.name, value);
  else entry.errors.push(error);
}

const isWritable = (context: SaveContext, field: FieldSchema): boolean => {
  if (field.summaryOperation !== undefined) return context.request.summaries === true;
  return context.operation === 'insert' ? field.createable : field.updateable;
};

const noSuchField = (context: SaveContext, name: string): ReturnType<typeof saveError> =>
  saveError('INVALID_FIELD', `No such column '${name}' on sobject of type ${context.object.name}`, [name]);

/** Salesforce's answer to fields that may not be written, by their nature or by the user's permissions. */
export const notWritable = (fields: string[]): ReturnType<typeof saveError> =>
  saveError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    fields,
  );

const JAVASCRIPT_TYPE: Partial<Record<FieldType, 'boolean' | 'number'>> = {
  boolean: 'boolean',
  int: 'number',
  double: 'number',
  currency: 'number',
  percent: 'number',
  datetime: 'number',
  time: 'number',
};

/** Whether the text is a day of the calendar as `YYYY-MM-DD`. */
function isDate(text: string): boolean {
  const moment = Date.parse(`${text}T00:00:00Z`);
  return /^\d{4}-\d{2}-\d{2}$/.test(text) && !Number.isNaN(moment) && new Date(moment).toISOString().startsWith(text);
}

/** Whether a value may stand in the field at all: 'x' is no number, 5 is no text. */
export function typeError(field: FieldSchema, value: Value): SaveError | null {
  if (value === null) return null;
  const expected = JAVASCRIPT_TYPE[field.type] ?? 'string';
  const fits =
    typeof value === expected &&
    (field.type !== 'date' || isDate(value as string)) &&
    !(typeof value === 'number' && !Number.isFinite(value));
  return fits
    ? null
    : saveError('INVALID_TYPE_ON_FIELD_IN_RECORD', `${field.label}: value not of required type: ${String(value)}`, [
        field.name,
      ]);
}
