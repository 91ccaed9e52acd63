/** Deploying all of it again, by the documented command, changes nothing that operators set in the org. */
import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { ComponentSet, type DeploySetOptions } from '@salesforce/source-deploy-retrieve';
import { startOrgService, type OrgService } from 'local-org/service.ts';
import { connectTo, executeAnonymous, type OrgConnection } from '../../src/story/org/connect.ts';
import { runScript, type ScriptResult } from '../../scripts/scratch/run-script.ts';
import { emptyProject } from '../support/empty-project.ts';

const METADATA = 'xmlns="http://soap.sforce.com/2006/04/metadata"';

let home: string;
let org: OrgService;
let connection: OrgConnection;
let middleLayer: Server;
const calls: string[] = [];

const deploy = (...args: string[]): Promise<ScriptResult> => runScript('scripts/deploy.ts', args);

before(async () => {
  home = await mkdtemp(join(tmpdir(), 'concord-redeploy-test-'));
  Object.assign(process.env, { HOME: home, SF_DISABLE_TELEMETRY: 'true', SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' });
  org = await startOrgService({ projectDir: await emptyProject(join(home, 'project')) });
  const { username, accessToken } = org.info;
  // Only now, or it would look for logins in the real home folder.
  const { AuthInfo } = await import('@salesforce/core');
  const login = { accessToken, instanceUrl: org.instanceUrl, loginUrl: org.instanceUrl };
  const authInfo = await AuthInfo.create({ username, accessTokenOptions: login });
  await authInfo.save();
  await authInfo.setAlias('ours');
  connection = await connectTo({ instanceUrl: org.instanceUrl, accessToken });
  middleLayer = createServer((request, response) => {
    calls.push(request.url!);
    response.end('{}');
  }).listen(0, '127.0.0.1');
});

after(async () => {
  middleLayer.close();
  await org.stop();
  await rm(home, { recursive: true, force: true });
});

/** What Setup does when somebody edits such a record there. */
const editInSetup = async (folder: string, file: string, xml: string): Promise<void> => {
  const path = join(home, 'edited', folder);
  await mkdir(path, { recursive: true });
  await writeFile(join(path, file), `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`);
  const operation = await ComponentSet.fromSource(join(path, file)).deploy({
    usernameOrConnection: connection as unknown as DeploySetOptions['usernameOrConnection'],
    apiOptions: { singlePackage: true, rollbackOnError: true },
  });
  const { response } = await operation.pollStatus(100, 60);
  assert.ok(response.success, JSON.stringify(response.details.componentFailures));
};

const rows = async (soql: string): Promise<Record<string, unknown>[]> =>
  (await connection.query<Record<string, unknown>>(soql)).records.map(({ attributes: _, ...values }) => values);

/** Everything that an operator sets, as the org has it. */
const whatOperatorsSet = async () => ({
  settings: await rows('SELECT Paused__c, Grace_Minutes__c, Breaker_Least__c FROM Concord_Operator_Setting__c'),
  fields: await rows('SELECT DeveloperName, Active__c, Owner__c FROM Synced_Field__mdt ORDER BY DeveloperName'),
  control: await rows('SELECT Key__c, Active__c, Org_Id__c, Breaker_Reason__c FROM Sync_Control__c ORDER BY Key__c'),
  schedules: await rows('SELECT CronJobDetail.Name, CronExpression FROM CronTrigger ORDER BY CronJobDetail.Name'),
});

test('a redeploy leaves the pause, thresholds, field switches, schedule and credentials as they are', async () => {
  const first = await deploy('--target-org', 'ours', '--tests', 'none');
  assert.equal(first.status, 0, first.output);
  assert.match(first.output, /^\d+ components deployed$/m);
  assert.doesNotMatch(first.output, /left as they are/);

  await executeAnonymous(
    connection,
    `ConcordSetup.activateSync();
     ConcordSchedule.install(3);
     ConcordSetup.pause();
     Concord_Operator_Setting__c own = Concord_Operator_Setting__c.getValues(UserInfo.getOrganizationId());
     own.Grace_Minutes__c = 45;
     update own;
     ConcordBreaker.trip('cases', 'A person has to look.', null);`,
  );
  await editInSetup(
    'customMetadata',
    'Synced_Field.Priority.md-meta.xml',
    `<CustomMetadata ${METADATA} xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema"><label>Priority</label><protected>false</protected><values><field>Field__c</field><value xsi:type="xsd:string">Priority</value></values><values><field>Owner__c</field><value xsi:type="xsd:string">External</value></values><values><field>Flow__c</field><value xsi:type="xsd:string">cases</value></values><values><field>Active__c</field><value xsi:type="xsd:boolean">false</value></values></CustomMetadata>`,
  );
  const url = `http://127.0.0.1:${(middleLayer.address() as AddressInfo).port}`;
  await editInSetup(
    'namedCredentials',
    'Concord_Middle_Layer.namedCredential-meta.xml',
    `<NamedCredential ${METADATA}><allowMergeFieldsInBody>false</allowMergeFieldsInBody><allowMergeFieldsInHeader>true</allowMergeFieldsInHeader><calloutStatus>Enabled</calloutStatus><generateAuthorizationHeader>true</generateAuthorizationHeader><label>Concord Middle Layer</label><namedCredentialParameters><parameterName>Url</parameterName><parameterType>Url</parameterType><parameterValue>${url}</parameterValue></namedCredentialParameters><namedCredentialType>SecuredEndpoint</namedCredentialType></NamedCredential>`,
  );
  const before = await whatOperatorsSet();
  assert.equal(before.settings[0]?.Paused__c, true);
  assert.equal(before.schedules.length, 4);
  assert.ok(before.control.some(({ Breaker_Reason__c }) => Breaker_Reason__c === 'A person has to look.'));
  assert.ok(before.fields.some(({ Active__c }) => Active__c === false));

  const second = await deploy('--target-org', 'ours', '--tests', 'none');
  assert.equal(second.status, 0, second.output);
  assert.match(
    second.output,
    /left as they are in the org: .*Synced_Field\.Priority.*NamedCredential Concord_Middle_Layer/,
  );

  assert.deepEqual(await whatOperatorsSet(), before);
  await executeAnonymous(
    connection,
    `HttpRequest request = new HttpRequest();
     request.setMethod('GET');
     request.setEndpoint('callout:Concord_Middle_Layer/ready');
     new Http().send(request);`,
  );
  assert.deepEqual(calls, ['/ready'], 'the named credential leads where the operator pointed it');
});

test('a sample is deployed by choice, and only one that there is', async () => {
  const unknown = await deploy('--target-org', 'ours', '--sample', 'atlantis');
  assert.equal(unknown.status, 2);
  assert.match(unknown.output, /no package directory of sfdx-project\.json is below samples\/atlantis\//);
  const nothing = await deploy();
  assert.equal(nothing.status, 2);
  assert.match(nothing.output, /--target-org must name the org/);
  const rehearsed = await deploy('--target-org', 'ours', '--sample', 'nyc311', '--tests', 'none', '--dry-run');
  assert.equal(rehearsed.status, 0, rehearsed.output);
  assert.match(rehearsed.output, /can be deployed; nothing was changed/);
  assert.deepEqual(await rows("SELECT Name FROM PermissionSet WHERE Name = 'NYC_311_Fields'"), []);
});
