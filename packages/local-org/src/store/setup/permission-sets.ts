import { addressParts } from '../schema/addresses.ts';
import type { MetadataFile } from '../schema/find-metadata.ts';
import { MetadataError } from '../schema/problems.ts';
import { readXml } from '../schema/xml.ts';
import type { XmlElement } from '../schema/xml.ts';
import { accessKind, isPermissionable } from '../permissions/permissioned-objects.ts';
import type { PlatformRows } from '../records/platform-rows.ts';
import type { Schema, Value } from '../types.ts';
import { writeProfilePermissionSet } from './base.ts';

const WITHOUT_EFFECT = [
  'agentAccesses',
  'applicationVisibilities',
  'categoryGroupVisibilities',
  'dataspaceScopes',
  'emailRoutingAddressAccesses',
  'externalCredentialPrincipalAccesses',
  'externalDataSourceAccesses',
  'flowAccesses',
  'pageAccesses',
  'recordTypeVisibilities',
  'servicePresenceStatusAccesses',
  'tabSettings',
];
const GRANTS = [
  'classAccesses',
  'customMetadataTypeAccesses',
  'customPermissions',
  'customSettingAccesses',
  'fieldPermissions',
  'objectPermissions',
  'userPermissions',
];
const SET_ELEMENTS = new Set([
  ...WITHOUT_EFFECT,
  ...GRANTS,
  'description',
  'hasActivationRequired',
  'label',
  'license',
  'fullName',
]);
const PROFILE_ELEMENTS = new Set([
  ...WITHOUT_EFFECT,
  ...GRANTS,
  'custom',
  'description',
  'fullName',
  'layoutAssignments',
  'loginFlows',
  'loginHours',
  'loginIpRanges',
  'profileActionOverrides',
  'tabVisibilities',
  'userLicense',
]);

/** Metadata names of standard profiles. */
const PROFILE_NAMES: Record<string, string> = {
  Admin: 'System Administrator',
  Standard: 'Standard User',
  'Minimum Access - Salesforce': 'Minimum Access - Salesforce',
};

const OBJECT_RIGHTS: [element: string, column: string][] = [
  ['allowCreate', 'PermissionsCreate'],
  ['allowDelete', 'PermissionsDelete'],
  ['allowEdit', 'PermissionsEdit'],
  ['allowRead', 'PermissionsRead'],
  ['modifyAllRecords', 'PermissionsModifyAllRecords'],
  ['viewAllRecords', 'PermissionsViewAllRecords'],
  ['viewAllFields', 'PermissionsViewAllFields'],
];

/** Told what a file grants on standard objects and fields that the local org's catalogue leaves out. */
export type Unsupported = (problem: string) => void;

interface Target {
  rows: PlatformRows;
  schema: Schema;
  unsupported: Unsupported;
  /** Id of the permission set. */
  id: string;
}

/** Makes the rows of a `*.permissionset-meta.xml`. */
export function writePermissionSet(
  rows: PlatformRows,
  schema: Schema,
  file: MetadataFile,
  unsupported: Unsupported,
): void {
  const root = readXml(file.path, 'PermissionSet');
  root.only(SET_ELEMENTS);
  const id = rows.ensure(
    'PermissionSet',
    { Name: file.name, IsOwnedByProfile: false },
    {
      Label: root.needed('label'),
      Description: root.text('description'),
      IsCustom: true,
      Type: 'Regular',
      HasActivationRequired: root.flag('hasActivationRequired'),
      ...userPermissions(schema, root),
    },
  );
  writeGrants({ rows, schema, unsupported, id }, root);
}

/** Makes the rows of a `*.profile-meta.xml`; the standard profiles are there already. */
export function writeProfile(rows: PlatformRows, schema: Schema, file: MetadataFile, unsupported: Unsupported): void {
  const root = readXml(file.path, 'Profile');
  root.only(PROFILE_ELEMENTS);
  const name = PROFILE_NAMES[file.name] ?? decodeURIComponent(file.name);
  const license = rows.ensure('UserLicense', { Name: root.text('userLicense') ?? 'Salesforce' });
  const permissions = userPermissions(schema, root);
  const profileId = rows.ensure('Profile', { Name: name }, { UserLicenseId: license, UserType: 'Standard' });
  writeGrants({ rows, schema, unsupported, id: writeProfilePermissionSet(rows, profileId, permissions) }, root);
}

/** User permissions that have a column; the others have no effect on records. */
function userPermissions(schema: Schema, root: XmlElement): Record<string, boolean> {
  const columns = schema.objects.get('permissionset')!.fields;
  const granted: Record<string, boolean> = {};
  for (const each of root.all('userPermissions')) {
    each.only(new Set(['enabled', 'name']));
    const column = columns.get(`permissions${each.needed('name').toLowerCase()}`);
    if (column !== undefined) granted[column.name] = each.flag('enabled');
  }
  return granted;
}

function writeGrants(target: Target, root: XmlElement): void {
  const { rows, id } = target;
  const objects = [
    ...root.all('objectPermissions').flatMap((each) => writeObjectPermissions(target, each)),
    ...['customMetadataTypeAccesses', 'customSettingAccesses'].flatMap((name) =>
      root.all(name).flatMap((each) => writeReadAccess(target, each)),
    ),
  ];
  const fields = root.all('fieldPermissions').flatMap((each) => writeFieldPermissions(target, each));
  const entities = [
    ...root.all('classAccesses').flatMap((each) => writeEntityAccess(target, each, 'apexClass', 'ApexClass', 'Name')),
    ...root
      .all('customPermissions')
      .flatMap((each) => writeEntityAccess(target, each, 'name', 'CustomPermission', 'DeveloperName')),
  ];
  // What an earlier version of the file granted is granted no longer.
  rows.removeOthers('ObjectPermissions', 'ParentId', id, objects);
  rows.removeOthers('FieldPermissions', 'ParentId', id, fields);
  rows.removeOthers('SetupEntityAccess', 'ParentId', id, entities);
}

/** A name without `__` is a standard object's or field's, which a real org has even where the catalogue does not. */
const isStandard = (name: string): boolean => !name.includes('__');

function writeObjectPermissions({ rows, schema, id, unsupported }: Target, element: XmlElement): string[] {
  element.only(new Set(['object', ...OBJECT_RIGHTS.map(([name]) => name)]));
  const name = element.needed('object');
  const object = schema.objects.get(name.toLowerCase());
  if (object === undefined) {
    if (!isStandard(name)) throw new MetadataError(`<objectPermissions> names ${name}, which does not exist`);
    unsupported(`<objectPermissions> names ${name}, which the local org does not have`);
    return [];
  }
  const rights = Object.fromEntries(
    OBJECT_RIGHTS.map(([name, column]): [string, Value] => [column, element.flag(name)]),
  );
  return [rows.ensure('ObjectPermissions', { ParentId: id, SobjectType: object.name }, rights)];
}

/** Custom metadata types and settings are granted as a whole, to read. */
function writeReadAccess({ rows, schema, id }: Target, element: XmlElement): string[] {
  element.only(new Set(['enabled', 'name']));
  const object = schema.objects.get(element.needed('name').toLowerCase());
  if (object === undefined)
    throw new MetadataError(`<${element.name}> names ${element.text('name')}, which does not exist`);
  return element.flag('enabled')
    ? [rows.ensure('ObjectPermissions', { ParentId: id, SobjectType: object.name }, { PermissionsRead: true })]
    : [];
}

function writeFieldPermissions(target: Target, element: XmlElement): string[] {
  element.only(new Set(['editable', 'field', 'hidden', 'readable']));
  const name = element.needed('field');
  const [objectName = '', fieldName = ''] = name.split('.');
  const object = target.schema.objects.get(objectName.toLowerCase());
  const field = object?.fields.get(fieldName.toLowerCase());
  if (object === undefined || field === undefined) {
    if (!isStandard(name)) throw new MetadataError(`<fieldPermissions> names ${name}, which does not exist`);
    target.unsupported(`<fieldPermissions> names ${name}, which the local org does not have`);
    return [];
  }
  if (isStandard(name) && accessKind(object) !== 'granted') {
    target.unsupported(`<fieldPermissions> names ${name}: the local org grants no access to fields of ${object.name}`);
    return [];
  }
  // Access to an address is granted as a whole.
  const parts = field.type === 'address' ? addressParts(object, field).map((part) => part.field) : [field];
  if (!parts.every((part) => isPermissionable(object, part)))
    throw new MetadataError(
      `<fieldPermissions> names ${name}, whose access cannot be granted (it is required or a system field)`,
    );
  return parts.map((part) =>
    target.rows.ensure(
      'FieldPermissions',
      { ParentId: target.id, Field: `${object.name}.${part.name}` },
      {
        SobjectType: object.name,
        PermissionsRead: element.flag('readable'),
        PermissionsEdit: element.flag('editable'),
      },
    ),
  );
}

function writeEntityAccess(
  { rows, id }: Target,
  element: XmlElement,
  nameElement: string,
  object: string,
  nameField: string,
): string[] {
  element.only(new Set(['enabled', nameElement]));
  if (!element.flag('enabled')) return [];
  const entity = rows.ensure(object, { [nameField]: element.needed(nameElement) });
  return [rows.ensure('SetupEntityAccess', { ParentId: id, SetupEntityId: entity }, { SetupEntityType: object })];
}
