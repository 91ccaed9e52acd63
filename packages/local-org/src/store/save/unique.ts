import type { FieldSchema, SaveError, Value } from '../types.ts';
import type { SaveContext } from './context.ts';
import { isChanged, duplicateOf, valueOf, type Entry } from './entry.ts';

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
