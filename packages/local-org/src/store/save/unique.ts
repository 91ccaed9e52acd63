import type { FieldSchema, SaveError, Value } from '../types.ts';
import type { Entry, SaveContext } from './context.ts';
import { isChanged, saveError, valueOf } from './context.ts';

/** Length of an id in messages. */
const SHORT_ID = 15;

/** What is wrong with a row whose unique values another row has; rows of the same request count once they are written. */
export function duplicateError(context: SaveContext, entry: Entry): SaveError | null {
  for (const fields of context.shape.unique) {
    const values = fields.map((field): [FieldSchema, Value] => [field, valueOf(entry, field.name)]);
    if (values.some(([, value]) => value === null) || !fields.some((field) => isChanged(entry, field.name))) continue;
    const id = context.records.duplicateOf(context.object, values, entry.id!);
    if (id !== null) return duplicateOf(fields.map((field) => field.name).join(', '), id);
  }
  return null;
}

/** Salesforce's words for a value that another record has. */
export const duplicateOf = (field: string, id: string): SaveError =>
  saveError(
    'DUPLICATE_VALUE',
    `duplicate value found: ${field} duplicates value on record with id: ${id.slice(0, SHORT_ID)}`,
  );
