import { generateKeyPairSync } from 'node:crypto';
import type { ConnectedApp } from 'local-org/types.ts';
import { executeAnonymous, type OrgConnection } from './connect.ts';
import type { PermissionSets } from '../parts.ts';

const INTEGRATION_USERNAME = 'integration@concord.example';
const INTEGRATION_PROFILE = 'Minimum Access - API Only Integrations';
const CONSUMER_KEY = 'concord-middle-layer';
/** `User.Alias` is Text(8). */
const MAX_ALIAS = 8;

const OF_CORE: PermissionSets = {
  admin: ['Concord_Admin'],
  integration: ['Concord_Integration'],
  operator: ['Concord_Operator'],
};

/** What a kind of user needs: of core, and of each of these flows. */
export const permissionSetsFor = (
  user: keyof PermissionSets,
  flows: readonly { permissionSets: PermissionSets }[],
): string[] => [...new Set([OF_CORE, ...flows.map(({ permissionSets }) => permissionSets)].flatMap((of) => of[user]))];

/** How the middle layer logs in to a local org: JWT bearer, as it would to a real one. */
export interface IntegrationLogin {
  connectedApp: ConnectedApp;
  /** For the middle layer's process. Holds the private key. */
  environment: Record<string, string>;
}

export const integrationLogin = (): IntegrationLogin => {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  return {
    connectedApp: { consumerKey: CONSUMER_KEY, certificate: publicKey, allowedUsers: [INTEGRATION_USERNAME] },
    environment: {
      SALESFORCE_CLIENT_ID: CONSUMER_KEY,
      SALESFORCE_USERNAME: INTEGRATION_USERNAME,
      SALESFORCE_PRIVATE_KEY: privateKey,
    },
  };
};

const onlyId = async (connection: OrgConnection, soql: string): Promise<string> => {
  const { records } = await connection.query<{ Id: string }>(soql);
  const [record] = records;
  if (!record) throw new Error(`the org has no row for ${soql}; deploy force-app first`);
  return record.Id;
};

/** Activates the sync and its schedule in any org. Repeating it changes nothing. */
export const activate = (connection: OrgConnection): Promise<void> =>
  executeAnonymous(connection, 'ConcordSetup.activateSync();\nConcordSchedule.install();');

/** Gives a user one of the project's permission sets. */
export const assignPermissionSet = async (connection: OrgConnection, userId: string, name: string): Promise<void> => {
  const permissionSetId = await onlyId(connection, `SELECT Id FROM PermissionSet WHERE Name = '${name}'`);
  await connection.sobject('PermissionSetAssignment').create({ AssigneeId: userId, PermissionSetId: permissionSetId });
};

/** Makes a user that only APIs are open to, with these permission sets. One that is there stays as it is. */
export const createUser = async (
  connection: OrgConnection,
  username: string,
  permissionSets: readonly string[],
): Promise<void> => {
  const profileId = await onlyId(connection, `SELECT Id FROM Profile WHERE Name = '${INTEGRATION_PROFILE}'`);
  const existing = await connection.query<{ Id: string }>(`SELECT Id FROM User WHERE Username = '${username}'`);
  if (existing.totalSize > 0) return;
  const [name = username] = username.split('@');
  const user = await connection.sobject('User').create({
    Username: username,
    Email: username,
    LastName: name,
    Alias: name.slice(0, MAX_ALIAS),
    ProfileId: profileId,
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
  });
  for (const permissionSet of permissionSets) await assignPermissionSet(connection, user.id!, permissionSet);
};

/** Makes the least privileged user that the middle layer logs in as, for these flows. */
export const createIntegrationUser = (
  connection: OrgConnection,
  flows: readonly { permissionSets: PermissionSets }[],
): Promise<void> => createUser(connection, INTEGRATION_USERNAME, permissionSetsFor('integration', flows));
