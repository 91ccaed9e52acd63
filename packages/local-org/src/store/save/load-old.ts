import { normalizeId } from '../ids/record-id.ts';
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
