import type { FieldSchema, Value } from '../types.ts';
import type { Entry, SaveContext } from './context.ts';
import { saveError } from './context.ts';
import { typeError } from './value-types.ts';

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

const isWritable = (context: SaveContext, field: FieldSchema): boolean =>
  context.operation === 'insert' ? field.createable : field.updateable;

const noSuchField = (context: SaveContext, name: string): ReturnType<typeof saveError> =>
  saveError('INVALID_FIELD', `No such column '${name}' on sobject of type ${context.object.name}`, [name]);

/** Salesforce's answer to fields that may not be written, by their nature or by the user's permissions. */
export const notWritable = (fields: string[]): ReturnType<typeof saveError> =>
  saveError(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${fields.join(', ')}. Please check the security settings of this field and verify that it is read/write for your profile or permission set.`,
    fields,
  );
