import type { Connection } from '@salesforce/core';
import { toldFlows } from '../../src/flows/index.ts';
import { permissionSetsFor } from '../../src/story/org/set-up.ts';

/** For the administrator, and for the middle layer, which works with that session in a scratch org. */
const needed = async (): Promise<string[]> => {
  const flows = (await toldFlows()).map(({ told }) => told);
  return [...new Set([...permissionSetsFor('admin', flows), ...permissionSetsFor('integration', flows)])];
};

interface IdRow {
  Id: string;
  Name: string;
}

/** Assigns the permission sets to the user of the connection. Repeating it changes nothing. */
export const assignPermissionSets = async (connection: Connection): Promise<string[]> => {
  const { user_id: userId } = await connection.identity();
  const names = await needed();
  const list = names.map((name) => `'${name}'`).join(', ');
  const { records } = await connection.query<IdRow>(
    `SELECT Id, Name FROM PermissionSet WHERE Name IN (${list}) AND Id NOT IN (SELECT PermissionSetId FROM PermissionSetAssignment WHERE AssigneeId = '${userId}')`,
  );
  for (const { Id } of records) {
    await connection.sobject('PermissionSetAssignment').create({ AssigneeId: userId, PermissionSetId: Id });
  }
  return names;
};
