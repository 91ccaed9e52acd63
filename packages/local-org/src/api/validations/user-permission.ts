/** User permissions (`AuthorApex`, `ViewSetup`) that some resources ask for. */
import type { Store } from '../../store/types.ts';
import { apiError } from '../errors.ts';

/** The permission's label, for people. */
const LABELS = {
  AuthorApex: 'Author Apex',
  BulkApiHardDelete: 'Bulk API Hard Delete',
  ModifyAllData: 'Modify All Data',
  ViewSetup: 'View Setup and Configuration',
};

export type UserPermission = keyof typeof LABELS;

/** Whether the user's profile or an assigned permission set grants it. */
export const hasUserPermission = (store: Store, userId: string, permission: UserPermission): boolean => {
  const granting = `SELECT Id FROM PermissionSetAssignment WHERE AssigneeId = :userId AND PermissionSet.Permissions${permission} = TRUE LIMIT 1`;
  const profile = `SELECT Id FROM User WHERE Id = :userId AND Profile.Permissions${permission} = TRUE LIMIT 1`;
  return [profile, granting].some(
    (soql) =>
      store.query(soql, { access: { userId, mode: 'system', sharing: false }, binds: { userId } }).rows.length > 0,
  );
};

/** Throws when the user does not have it. */
export const requireUserPermission = (store: Store, userId: string, permission: UserPermission): void => {
  if (!hasUserPermission(store, userId, permission))
    throw apiError('INSUFFICIENT_ACCESS', `This request requires the user permission '${LABELS[permission]}'`);
};
