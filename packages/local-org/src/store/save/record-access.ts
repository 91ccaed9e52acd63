/**
 * What sharing lets a user do with a record. A detail is as open as its masters: who writes it needs Edit of each of
 * them, or Read where `writeRequiresMasterRead` says so (Metadata API Developer Guide, "CustomField"; Salesforce Help,
 * "Considerations for Object Relationships"). What profiles and permission sets allow on the master does not matter here.
 */
import { mastersOf } from '../schema/relationships.ts';
import type { Access, FieldSchema, ObjectSchema, Row } from '../types.ts';
import { isActivated } from './contract.ts';
import type { SaveServices } from './context.ts';

/** Who may delete a record may restore it. */
export type Reach = 'read' | 'edit' | 'delete';

/** Whether the user may do this to the record. `row` is its stored state. */
export function mayReach(
  services: SaveServices,
  access: Access,
  object: ObjectSchema,
  row: Row,
  reach: Reach,
): boolean {
  if (access.mode === 'system' && !access.sharing) return true;
  const { permissions } = services;
  if (reach === 'delete' && object.name === 'Contract' && isActivated(row))
    // nobody but administrators edits it, and who may delete it does (Salesforce Help, 000385190)
    return permissions.user(access.userId, 'DeleteActivatedContract');
  if (permissions.object(access.userId, object.name, reach === 'read' ? 'viewAll' : 'modifyAll')) return true;
  const masters = mastersOf(object);
  if (masters.length > 0) return masters.every((field) => mayReachMaster(services, access, field, row, reach));
  if (reach === 'edit' && object.name === 'Contract' && isActivated(row)) return false;
  const owners = permissions.ownersInReach(access.userId, object, reach === 'read' ? 'read' : 'edit');
  return owners === 'all' || owners.has(String(row.values.get('OwnerId')));
}

/** Whether the user may reach the master that the record names in this field, as far as its detail asks for it. */
export function mayReachMaster(
  services: SaveServices,
  access: Access,
  field: FieldSchema,
  detail: Row,
  reach: Reach,
): boolean {
  const id = detail.values.get(field.name);
  const master = services.schema.objects.get(field.referenceTo![0]!.toLowerCase())!;
  const [row] = typeof id === 'string' ? services.records.read(master, [id], 'with') : [];
  if (row === undefined) return true;
  const needed = reach !== 'read' && field.writeRequiresMasterRead !== true ? 'edit' : 'read';
  return mayReach(services, access, master, row, needed);
}
