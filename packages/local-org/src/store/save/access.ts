import { StoreError } from '../types.ts';
import { mastersOf } from '../schema/relationships.ts';
import type { Access, ObjectSchema, SaveError } from '../types.ts';
import type { SaveContext, SaveServices } from './context.ts';
import { notWritable } from './take-input.ts';
import { isChanged, saveError, SHORT_ID, valueOf, type Entry } from './entry.ts';
import { mayReach, mayReachMaster, type Reach } from './record-access.ts';

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

/** Step of an update, a delete or a restore under sharing: the user must be allowed to do that to the record. */
export function checkRecordAccess(
  services: SaveServices,
  object: ObjectSchema,
  access: Access,
  entries: Entry[],
  reach: Reach = 'edit',
): void {
  for (const entry of entries) {
    if (entry.errors.length === 0 && !mayReach(services, access, object, entry.old!, reach))
      entry.errors.push(saveError('INSUFFICIENT_ACCESS_OR_READONLY', 'insufficient access rights on object id'));
  }
}

/** Step under sharing: the user must be allowed to put details under the masters that they are given. */
export function checkMasterAccess(context: SaveContext, entries: Entry[]): void {
  for (const field of mastersOf(context.object)) {
    for (const entry of entries) {
      if (!isChanged(entry, field.name)) continue;
      if (!mayReachMaster(context, context.request.access, field, entry.row, 'edit'))
        entry.errors.push(
          saveError(
            'INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY',
            `insufficient access rights on cross-reference id: ${String(valueOf(entry, field.name)).slice(0, SHORT_ID)}`,
          ),
        );
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
