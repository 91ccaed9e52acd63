import type { Connection } from '@salesforce/core';
import { PERMISSION_SETS } from '../../src/story/org/set-up.ts';

/** For the administrator, and for the middle layer, which works with his session in a scratch org. */
const NEEDED = [...new Set([...PERMISSION_SETS.admin, ...PERMISSION_SETS.integration])];

interface IdRow {
  Id: string;
  Name: string;
}

/** Assigns the permission sets to the user of the connection. Repeating it changes nothing. */
export const assignPermissionSets = async (connection: Connection): Promise<string[]> => {
  const { user_id: userId } = await connection.identity();
  const list = NEEDED.map((name) => `'${name}'`).join(', ');
  const { records } = await connection.query<IdRow>(
    `SELECT Id, Name FROM PermissionSet WHERE Name IN (${list}) AND Id NOT IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${userId}')`,
  );
  for (const { Id } of records) {
    await connection.sobject('PermissionSetAssignment').create({ AssigneeId: userId, PermissionSetId: Id });
  }
  return NEEDED;
};
