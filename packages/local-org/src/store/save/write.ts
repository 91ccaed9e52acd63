import type { Value } from '../types.ts';
import type { Entry, SaveContext } from './context.ts';
import { isChanged, valueOf } from './context.ts';
import { fillSystemFields, touchSystemFields } from './system-fields.ts';
import { duplicateError } from './unique.ts';

/** Step: gives ids, auto numbers and audit fields, checks unique fields row by row, and writes. */
export function writeRows(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    if (context.operation === 'insert') fillSystemFields(context, entry);
    else touchSystemFields(context, entry);
    const error = duplicateError(context, entry);
    if (error !== null) entry.errors.push(error);
    else if (context.operation === 'insert') context.records.insert(context.object, entry.row.values);
    else context.records.update(context.object, entry.id!, changesOf(context, entry));
  }
}

function changesOf(context: SaveContext, entry: Entry): Map<string, Value> {
  const changes = new Map<string, Value>();
  for (const field of context.shape.stored) {
    if (isChanged(entry, field.name)) changes.set(field.name, valueOf(entry, field.name));
  }
  return changes;
}
