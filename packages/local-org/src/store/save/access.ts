import { StoreError } from '../types.ts';
import type { Access, SaveError } from '../types.ts';
import type { SaveContext, SaveServices } from './context.ts';
import { notWritable } from './take-input.ts';
import { saveError, type Entry } from './entry.ts';

/** Step in user mode: the user must be allowed to write the object and each field that was given. */
export function checkFieldAccess(context: SaveContext, entries: Entry[]): void {
  const { object, permissions, request } = context;
  if (request.access.mode !== 'user') return;
  const { userId } = request.access;
  const right = context.operation === 'insert' ? 'create' : 'edit';
  if (!permissions.object(userId, object.name, right)) {
    for (const entry of entries) entry.errors.push(objectDenied(context));
    return;
  }
  for (const entry of entries) {
    const denied = [...entry.input.keys()].filter((name) => isDenied(context, userId, name));
    if (denied.length > 0)
      entry.errors.push(request.source === 'api' ? notWritable(denied) : inaccessible(object.name, denied));
  }
}

function isDenied(context: SaveContext, userId: string, name: string): boolean {
  const field = context.object.fields.get(name.toLowerCase());
  if (field === undefined || field.type === 'id') return false;
  if (!(context.operation === 'insert' ? field.createable : field.updateable)) return false;
  return !context.permissions.field(userId, context.object.name, field.name, 'edit');
}

function objectDenied({ object, operation, request }: SaveContext): SaveError {
  if (request.source !== 'api')
    return saveError('INSUFFICIENT_ACCESS_OR_READONLY', `Access to entity '${object.name}' denied`);
  if (operation === 'insert')
    return saveError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${object.label}`);
  return saveError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id');
}

const inaccessible = (object: string, fields: string[]): SaveError =>
  saveError(
    'INVALID_FIELD',
    `Operation failed due to fields being inaccessible on Sobject ${object}, check errors on Exception or Result!`,
    fields,
  );

/** Step of an update or delete under sharing: the user must be allowed to change the record. */
export function checkRecordAccess(
  services: SaveServices,
  object: SaveContext['object'],
  access: Access,
  entries: Entry[],
): void {
  if (access.mode === 'system' && !access.sharing) return;
  const owners = services.permissions.editableOwners(access.userId, object);
  if (owners === 'all') return;
  for (const entry of entries) {
    const owner = entry.old?.values.get('OwnerId');
    if (entry.errors.length === 0 && !owners.has(String(owner))) {
      entry.errors.push(saveError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'));
    }
  }
}

/** Refuses operations that the object does not have at all. */
export function checkOperation(
  object: SaveContext['object'],
  operation: 'insert' | 'update' | 'delete' | 'undelete',
): void {
  const allowed = {
    insert: object.createable,
    update: object.updateable,
    delete: object.deletable,
    undelete: object.undeletable,
  }[operation];
  if (allowed) return;
  if (operation === 'insert')
    throw new StoreError('CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY', `entity type cannot be inserted: ${object.label}`);
  const verb = { update: 'updated', delete: 'deleted', undelete: 'undeleted' }[operation];
  throw new StoreError('INSUFFICIENT_ACCESS_OR_READONLY', `entity type cannot be ${verb}: ${object.label}`);
}
