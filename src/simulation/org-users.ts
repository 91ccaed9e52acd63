/** Users of an org: anonymous Apex that makes them and gives them rights, and how those of programs log in. */
import type { LocalOrg } from 'local-org';
import type { ConnectedApp } from 'local-org/types.ts';

/** The least that a user can have who only reaches APIs (Salesforce Help, "Give Integration Users API Only Access"). */
export const API_ONLY = 'Minimum Access - API Only Integrations';

/** Makes a user with no other right than those of the profile. */
export const userOf = ({ username, alias, profile }: { username: string; alias: string; profile: string }): string =>
  `insert new User(
     Username = '${username}', Email = '${username}', LastName = '${alias}', Alias = '${alias.slice(0, 8)}',
     ProfileId = [SELECT Id FROM Profile WHERE Name = '${profile}'].Id,
     TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US'
   );`;

/** Apex that answers the id of a user. */
export const idOf = (username: string): string => `[SELECT Id FROM User WHERE Username = '${username}'].Id`;

/** Gives those of the permission sets that the org has. `user`: Apex that answers the user's id. */
export const assignPermissionSets = (user: string, permissionSets: readonly string[]): string =>
  `Id assignee = ${user};
   List<PermissionSetAssignment> assignments = new List<PermissionSetAssignment>();
   for (PermissionSet granted : [SELECT Id FROM PermissionSet WHERE Name IN ('${permissionSets.join("', '")}')]) {
     assignments.add(new PermissionSetAssignment(AssigneeId = assignee, PermissionSetId = granted.Id));
   }
   insert assignments;`;

/** A session of the user that an app runs as, outside the faulty network: how programs log in is proven by tests of their parts. */
export const sessionOf = async (
  org: LocalOrg,
  { consumerKey, consumerSecret, runAs }: ConnectedApp & { consumerSecret: string },
): Promise<string> => {
  const { status, body } = await org.handle({
    method: 'POST',
    url: '/services/oauth2/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: consumerKey,
      client_secret: consumerSecret,
    }).toString(),
  });
  if (status !== 200) throw new Error(`${runAs} could not log in: ${status} ${body}`);
  return (JSON.parse(body) as { access_token: string }).access_token;
};
