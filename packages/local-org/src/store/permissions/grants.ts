import type { Database } from '../database/database.ts';

export type ObjectRight = 'read' | 'create' | 'edit' | 'delete' | 'viewAll' | 'modifyAll';

/** What a user's profile and permission sets add up to. Names are lower-cased. */
export interface Grants {
  /** System administrators see and write everything. */
  administrator: boolean;
  viewAllData: boolean;
  modifyAllData: boolean;
  /** Standard fields of the objects that the profile grants are readable and writable. */
  standardFields: boolean;
  objects: Map<string, Set<ObjectRight>>;
  /** `case.subject` to its rights. */
  fields: Map<string, Set<'read' | 'edit'>>;
  /** Names of user permissions that have a column, without `Permissions`. */
  userPermissions: Set<string>;
  customPermissions: Set<string>;
  apexClasses: Set<string>;
}

const ADMINISTRATOR = 'System Administrator';
/** The profile that comes with access to the standard fields of its objects; others grant what their metadata lists. */
const STANDARD_USER = 'Standard User';

const RIGHT_COLUMNS: [column: string, right: ObjectRight][] = [
  ['PermissionsRead', 'read'],
  ['PermissionsCreate', 'create'],
  ['PermissionsEdit', 'edit'],
  ['PermissionsDelete', 'delete'],
  ['PermissionsViewAllRecords', 'viewAll'],
  ['PermissionsModifyAllRecords', 'modifyAll'],
];

/** Adds up what the user was granted, from the rows that hold it. */
export function loadGrants(database: Database, userId: string, now: number): Grants {
  const [profileId, profile] =
    database.get('SELECT p."Id", p."Name" FROM "User" u JOIN "Profile" p ON p."Id" = u."ProfileId" WHERE u."Id" = ?', [
      userId,
    ]) ?? [];
  const name = String(profile ?? '');
  const sets = JSON.stringify(
    database
      .all(
        `WITH "assigned" AS (SELECT "PermissionSetId", "PermissionSetGroupId" FROM "PermissionSetAssignment"
          WHERE "AssigneeId" = ?2 AND ("ExpirationDate" IS NULL OR "ExpirationDate" > ?3))
        SELECT "Id" FROM "PermissionSet" WHERE ("IsOwnedByProfile" = 1 AND "ProfileId" = ?1)
          OR "Id" IN (SELECT "PermissionSetId" FROM "assigned")
          OR "Id" IN (SELECT c."PermissionSetId" FROM "PermissionSetGroupComponent" c JOIN "assigned" a ON a."PermissionSetGroupId" = c."PermissionSetGroupId")`,
        [profileId ?? null, userId, now],
      )
      .map(([id]) => id),
  );
  const of = (column: string): string => `${column} IN (SELECT value FROM json_each(?))`;
  const userPermissions = userRights(database, of, sets);
  const modifyAllData = userPermissions.has('modifyalldata');
  return {
    administrator: name === ADMINISTRATOR,
    viewAllData: modifyAllData || userPermissions.has('viewalldata'),
    modifyAllData,
    userPermissions,
    standardFields: name === STANDARD_USER,
    objects: objectRights(database, of, sets),
    fields: fieldRights(database, of, sets),
    customPermissions: names(
      database.all(
        `SELECT c."DeveloperName" FROM "SetupEntityAccess" a JOIN "CustomPermission" c ON c."Id" = a."SetupEntityId" WHERE ${of('a."ParentId"')}`,
        [sets],
      ),
    ),
    apexClasses: names(
      database.all(
        `SELECT c."Name" FROM "SetupEntityAccess" a JOIN "ApexClass" c ON c."Id" = a."SetupEntityId" WHERE ${of('a."ParentId"')}`,
        [sets],
      ),
    ),
  };
}

type Of = (column: string) => string;

/** User permissions that change what the user may do with records. */
const USER_PERMISSIONS = ['ViewAllData', 'ModifyAllData', 'ActivateContract', 'DeleteActivatedContract'];

function userRights(database: Database, of: Of, sets: string): Grants['userPermissions'] {
  const columns = USER_PERMISSIONS.map((name) => `MAX("Permissions${name}")`).join(', ');
  const flags = database.get(`SELECT ${columns} FROM "PermissionSet" WHERE ${of('"Id"')}`, [sets]) ?? [];
  return new Set(USER_PERMISSIONS.filter((_, index) => flags[index] === 1).map((name) => name.toLowerCase()));
}

function objectRights(database: Database, of: Of, sets: string): Grants['objects'] {
  const rights: Grants['objects'] = new Map();
  const columns = RIGHT_COLUMNS.map(([column]) => `MAX("${column}")`).join(', ');
  for (const [object, ...flags] of database.all(
    `SELECT "SobjectType", ${columns} FROM "ObjectPermissions" WHERE ${of('"ParentId"')} GROUP BY "SobjectType"`,
    [sets],
  )) {
    rights.set(
      String(object).toLowerCase(),
      new Set(RIGHT_COLUMNS.flatMap(([, right], index) => (flags[index] === 1 ? [right] : []))),
    );
  }
  return rights;
}

function fieldRights(database: Database, of: Of, sets: string): Grants['fields'] {
  const rights: Grants['fields'] = new Map();
  const rows = database.all(
    `SELECT "Field", MAX("PermissionsRead"), MAX("PermissionsEdit") FROM "FieldPermissions" WHERE ${of('"ParentId"')} GROUP BY "Field"`,
    [sets],
  );
  for (const [field, read, edit] of rows) {
    rights.set(
      String(field).toLowerCase(),
      new Set([...(read === 1 || edit === 1 ? (['read'] as const) : []), ...(edit === 1 ? (['edit'] as const) : [])]),
    );
  }
  return rights;
}

const names = (rows: unknown[][]): Set<string> => new Set(rows.map(([name]) => String(name).toLowerCase()));
