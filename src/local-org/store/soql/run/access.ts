import type { Permissions } from '../../permissions/permissions.ts';
import { StoreError } from '../../types.ts';
import type { Query } from '../ast.ts';
import { noSuchColumn, noSuchObject } from '../errors.ts';
import type { Touched } from '../plan/scope.ts';

/** Refuses a query that touches what its user may not read, as if it did not exist. */
export function checkAccess(
  permissions: Permissions,
  userId: string,
  text: string,
  touched: Touched[],
  mode: Query['mode'],
): void {
  for (const { object, field, position } of touched) {
    const may =
      field === null
        ? permissions.object(userId, object.name, 'read')
        : permissions.field(userId, object.name, field.name, 'read');
    if (may) continue;
    if (mode === 'SECURITY_ENFORCED')
      throw new StoreError('INSUFFICIENT_ACCESS', 'Insufficient permissions: secure query included inaccessible field');
    throw field === null
      ? noSuchObject(text, position, object.name)
      : noSuchColumn(text, position, field.name, object.name);
  }
}
