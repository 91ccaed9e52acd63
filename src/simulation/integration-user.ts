import type { LocalOrg } from 'local-org';
import type { ConnectedApp } from 'local-org/types.ts';

const USERNAME = 'middle-layer@simulation.example';
const CLIENT_ID = 'middle-layer';
const CLIENT_SECRET = 'only for the simulation';
/** The least that a user can have who only reaches APIs (Salesforce Help, "Give Integration Users API Only Access"). */
const PROFILE = 'Minimum Access - API Only Integrations';

/** By it the middle layer's user logs in. */
export const INTEGRATION_APP: ConnectedApp = {
  consumerKey: CLIENT_ID,
  consumerSecret: CLIENT_SECRET,
  runAs: USERNAME,
};

/** Anonymous Apex that makes the user with those of these permission sets that the org has: what it may do, they alone say. */
export const makeIntegrationUser = (permissionSets: readonly string[]): string[] => [
  `insert new User(
     Username = '${USERNAME}', Email = '${USERNAME}', LastName = 'middle layer', Alias = 'middle',
     ProfileId = [SELECT Id FROM Profile WHERE Name = '${PROFILE}'].Id,
     TimeZoneSidKey = 'GMT', LocaleSidKey = 'en_US', EmailEncodingKey = 'UTF-8', LanguageLocaleKey = 'en_US'
   );`,
  `Id assignee = [SELECT Id FROM User WHERE Username = '${USERNAME}'].Id;
   List<PermissionSetAssignment> assignments = new List<PermissionSetAssignment>();
   for (PermissionSet granted : [SELECT Id FROM PermissionSet WHERE Name IN ('${permissionSets.join("', '")}')]) {
     assignments.add(new PermissionSetAssignment(AssigneeId = assignee, PermissionSetId = granted.Id));
   }
   insert assignments;`,
];

/** A session of the user, outside the faulty network: how it logs in is proven by tests of its parts. */
export const integrationSession = async (org: LocalOrg): Promise<string> => {
  const { status, body } = await org.handle({
    method: 'POST',
    url: '/services/oauth2/token',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: CLIENT_ID,
      client_secret: CLIENT_SECRET,
    }).toString(),
  });
  if (status !== 200) throw new Error(`the middle layer's user could not log in: ${status} ${body}`);
  return (JSON.parse(body) as { access_token: string }).access_token;
};
