import { normalizeId } from '../ids/record-id.ts';
import type { FieldSchema } from '../types.ts';
import type { SaveContext } from './context.ts';
import { isChanged, saveError, valueOf, type Entry } from './entry.ts';

/** Step: every new lookup value must be the id of a record of an object that the field may point to. */
export function checkReferences(context: SaveContext, entries: Entry[]): void {
  for (const field of context.shape.references) {
    const wanted = new Map<string, Entry[]>();
    for (const entry of entries) {
      const value = valueOf(entry, field.name);
      if (value === null || !isChanged(entry, field.name)) continue;
      const id = checkShape(context, entry, field, value as string);
      if (id !== null) wanted.set(id, [...(wanted.get(id) ?? []), entry]);
    }
    if (wanted.size > 0) checkExistence(context, field, wanted);
  }
}

function checkShape(context: SaveContext, entry: Entry, field: FieldSchema, value: string): string | null {
  const id = normalizeId(value);
  const message = `${field.label}: id value of incorrect type: ${value}`;
  if (id === null) entry.errors.push(saveError('MALFORMED_ID', message, [field.name]));
  else if (
    field.referenceTo!.some((target) => id.startsWith(context.schema.objects.get(target.toLowerCase())!.keyPrefix))
  )
    return id;
  else entry.errors.push(saveError('FIELD_INTEGRITY_EXCEPTION', message, [field.name]));
  return null;
}

function checkExistence(context: SaveContext, field: FieldSchema, wanted: Map<string, Entry[]>): void {
  const byPrefix = Map.groupBy(wanted.keys(), (id) => id.slice(0, 3));
  for (const [prefix, ids] of byPrefix) {
    const there = context.records.existing(context.schema.byKeyPrefix.get(prefix)!, ids);
    for (const id of ids) {
      if (there.has(id)) continue;
      for (const entry of wanted.get(id)!)
        entry.errors.push(saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [field.name]));
    }
  }
}
