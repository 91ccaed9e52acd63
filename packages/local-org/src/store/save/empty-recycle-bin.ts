import { normalizeId } from '../ids/record-id.ts';
import type { Access, SaveError, SaveResult } from '../types.ts';
import type { SaveServices } from './context.ts';
import { saveError } from './entry.ts';
import { mayReach } from './record-access.ts';

/**
 * Erases records that are in the recycle bin, with the details that lie in it because of them (SOAP API Developer
 * Guide, "emptyRecycleBin"). Each stands for itself: one that cannot be erased fails alone.
 */
export function emptyRecycleBin(services: SaveServices, ids: string[], access: Access): SaveResult[] {
  const normal = ids.map((id) => normalizeId(id));
  const followers = services.recycleBin.followers(normal.filter((id) => id !== null));
  return normal.map((id, index) => {
    const error = problemOf(services, access, id, ids[index]!, followers);
    if (error !== null) return { id: null, success: false, created: false, errors: [error] };
    services.recycleBin.empty(services.schema.byKeyPrefix.get(id!.slice(0, 3))!, [id!]);
    return { id, success: true, created: false, errors: [] };
  });
}

function problemOf(
  services: SaveServices,
  access: Access,
  id: string | null,
  given: string,
  followers: ReadonlySet<string>,
): SaveError | null {
  const object = services.schema.byKeyPrefix.get(id?.slice(0, 3) ?? '');
  if (id === null || object === undefined) return saveError('MALFORMED_ID', `malformed id ${given}`, ['Id']);
  const [row] = services.records.read(object, [id], 'with');
  if (row?.values.get('IsDeleted') !== true)
    return saveError('INVALID_CROSS_REFERENCE_KEY', 'the record is not in the recycle bin');
  if (followers.has(id))
    return saveError('DELETE_FAILED', 'the record goes with another one that was deleted: name that one');
  return mayReach(services, access, object, row, 'delete')
    ? null
    : saveError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}
