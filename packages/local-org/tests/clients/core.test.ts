/** Unmodified @salesforce/core against a local org: how scripts and the command line log in and work. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { AuthInfo as AuthInfoType, Connection as ConnectionType } from '@salesforce/core';
import { servedOrg, type ServedOrg } from './support/served-org.ts';

// The core keeps logins in the home directory: a private one, before it is loaded.
const home = mkdtempSync(join(tmpdir(), 'org-clients-'));
Object.assign(process.env, {
  HOME: home,
  SF_DISABLE_TELEMETRY: 'true',
  SF_USE_GENERIC_UNIX_KEYCHAIN: 'true',
  SF_DISABLE_LOG_FILE: 'true',
});
const { AuthInfo, Connection } = await import('@salesforce/core');

const USERNAME = 'core@local.test';
const KEY_FILE = join(home, 'key.pem');
const keys = generateKeyPairSync('rsa', { modulusLength: 2048 });
let served: ServedOrg;

before(async () => {
  writeFileSync(KEY_FILE, keys.privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const certificate = keys.publicKey.export({ type: 'spki', format: 'pem' }) as string;
  served = await servedOrg({
    username: USERNAME,
    connectedApps: [{ consumerKey: 'core', certificate, allowedUsers: [USERNAME] }],
  });
});
after(async () => {
  await served.close();
  rmSync(home, { recursive: true, force: true });
});

const connect = (authInfo: AuthInfoType): Promise<ConnectionType> =>
  Connection.create({ authInfo, connectionOptions: { version: '67.0' } });

test('logs in with an access token', async () => {
  const { accessToken, userId } = served.org.info;
  const authInfo = await AuthInfo.create({
    username: accessToken,
    accessTokenOptions: { accessToken, instanceUrl: served.url },
  });
  const connection = await connect(authInfo);
  assert.equal((await connection.identity()).user_id, userId);
  const { id } = await connection.sobject('Widget__c').create({ Name: 'by core' });
  assert.equal(
    (await connection.singleRecordQuery<{ Name: string }>(`SELECT Name FROM Widget__c WHERE Id = '${id}'`)).Name,
    'by core',
  );
});

test('queries in bulk', async () => {
  const { accessToken } = served.org.info;
  const connection = await connect(
    await AuthInfo.create({ username: accessToken, accessTokenOptions: { accessToken, instanceUrl: served.url } }),
  );
  await connection.sobject('Widget__c').create({ Name: 'in\tbulk', Size__c: 1_250, Active__c: true });
  connection.bulk2.pollInterval = 10;
  const stream = await connection.bulk2.query('SELECT Name, Size__c, Active__c FROM Widget__c WHERE Active__c = TRUE');
  assert.deepEqual(await stream.toArray(), [{ Name: 'in\tbulk', Size__c: '1250.0', Active__c: 'true' }]);
});

test('logs in with a JWT, and again when the session is over', async () => {
  const authInfo = await AuthInfo.create({
    username: USERNAME,
    oauth2Options: { clientId: 'core', privateKeyFile: KEY_FILE, loginUrl: served.url },
  });
  const connection = await connect(authInfo);
  const first = connection.accessToken!;
  assert.match(first, /^00D\w{12}!/);
  await fetch(`${served.url}/services/oauth2/revoke`, { method: 'POST', body: new URLSearchParams({ token: first }) });
  assert.equal((await connection.query('SELECT Id FROM Organization')).totalSize, 1);
  assert.notEqual(connection.accessToken, first);
});

test('a JWT for a user who is not allowed is refused', async () => {
  await assert.rejects(
    AuthInfo.create({
      username: 'other@local.test',
      oauth2Options: { clientId: 'core', privateKeyFile: KEY_FILE, loginUrl: served.url },
    }),
    /user hasn't approved this consumer/,
  );
});
