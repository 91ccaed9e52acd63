import type { Permissions } from '../../permissions/permissions.ts';
import { StoreError } from '../../types.ts';
import type { FieldSchema, ObjectSchema } from '../../types.ts';
import type { Query } from '../ast.ts';
import { noSuchColumn, noSuchObject, noSuchRelationship } from '../errors.ts';
import type { Touched } from '../plan/scope.ts';

/** Refuses a query that touches what its user may not read, as if it did not exist. */
export function checkAccess(
  permissions: Permissions,
  userId: string,
  text: string,
  touched: Touched[],
  mode: Query['mode'],
): void {
  for (const { object, field, position, relationship } of touched) {
    if (field === null ? permissions.object(userId, object.name, 'read') : mayRead(permissions, userId, object, field))
      continue;
    if (mode === 'SECURITY_ENFORCED') {
      throw new StoreError('INSUFFICIENT_ACCESS', 'Insufficient permissions: secure query included inaccessible field');
    }
    if (field !== null) throw noSuchColumn(text, position, field.name, object.name);
    throw relationship === undefined
      ? noSuchObject(text, position, object.name)
      : noSuchRelationship(text, position, relationship);
  }
}

const mayRead = (permissions: Permissions, userId: string, object: ObjectSchema, field: FieldSchema): boolean =>
  permissions.field(userId, object.name, field.name, 'read');
