import type { PlatformRows } from '../records/platform-rows.ts';

/** The rows that mirror a metadata file, by the end of its name. */
const MIRRORED: Readonly<Record<string, readonly [object: string, name: string]>> = {
  cls: ['ApexClass', 'Name'],
  custompermission: ['CustomPermission', 'DeveloperName'],
  notiftype: ['CustomNotificationType', 'DeveloperName'],
  permissionset: ['PermissionSet', 'Name'],
  trigger: ['ApexTrigger', 'Name'],
};

/** What a permission set grants goes with it. */
const GRANTS = ['ObjectPermissions', 'FieldPermissions', 'SetupEntityAccess'];

/**
 * Takes away the rows of components that a deployment deleted, and what permission sets granted of them. `removed`: keys
 * such as `permissionsets/mine.permissionset`, in lower case.
 */
export function removeSetup(rows: PlatformRows, removed: ReadonlySet<string>): void {
  for (const key of removed) {
    const [, name, suffix] = /([^/]+)\.(\w+)$/.exec(key) ?? [];
    const mirrored = MIRRORED[suffix ?? ''];
    if (name === undefined || mirrored === undefined) continue;
    for (const id of rows.removeNamed(mirrored[0], mirrored[1], name)) {
      for (const grant of GRANTS) rows.removeOthers(grant, 'ParentId', id, []);
      rows.removeOthers('SetupEntityAccess', 'SetupEntityId', id, []);
    }
  }
}
