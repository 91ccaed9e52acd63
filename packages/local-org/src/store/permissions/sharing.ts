import type { Database } from '../database/database.ts';

/** Queues and groups that the user is in, directly or through other groups. */
export function groupsOf(database: Database, userId: string): string[] {
  const rows = database.all(
    `WITH RECURSIVE mine(id) AS (
       SELECT "GroupId" FROM "GroupMember" WHERE "UserOrGroupId" = ?
       UNION SELECT m."GroupId" FROM "GroupMember" m JOIN mine ON m."UserOrGroupId" = mine.id)
     SELECT id FROM mine`,
    [userId],
  );
  return rows.map(([id]) => id as string);
}

/** Users whose role lies below the user's. */
export function subordinatesOf(database: Database, userId: string): string[] {
  const rows = database.all(
    `WITH RECURSIVE below(id) AS (
       SELECT r."Id" FROM "UserRole" r JOIN "User" u ON r."ParentRoleId" = u."UserRoleId" WHERE u."Id" = ?
       UNION SELECT r."Id" FROM "UserRole" r JOIN below ON r."ParentRoleId" = below.id)
     SELECT "Id" FROM "User" WHERE "UserRoleId" IN (SELECT id FROM below)`,
    [userId],
  );
  return rows.map(([id]) => id as string);
}
