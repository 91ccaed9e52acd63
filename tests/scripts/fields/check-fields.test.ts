/** `npm run check:fields` as a person runs it: on this project, on one with mistakes, on an org. */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, test } from 'node:test';
import { startOrgService, type OrgService } from 'local-org/service.ts';
import { SAMPLE } from '../../../src/shared/sample.ts';
import { connectTo } from '../../../src/story/org/connect.ts';
import { toldFlows } from '../../../src/flows/index.ts';
import { createIntegrationUser, integrationLogin } from '../../../src/story/org/set-up.ts';

const root = resolve(import.meta.dirname, '../../..');
const folder = mkdtempSync(join(tmpdir(), 'concord-check-fields-'));
const home = join(folder, 'home');
const project = join(folder, 'project');
const OWN = 'own/main/default';

const run = (cwd: string, ...args: string[]): Promise<{ status: number | null; output: string }> =>
  new Promise((done) => {
    const child = spawn(process.execPath, [join(root, 'scripts/check-fields.ts'), ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
    child.on('close', (status) => done({ status, output }));
  });

const write = (path: string, content: string): void => {
  mkdirSync(join(project, path, '..'), { recursive: true });
  writeFileSync(join(project, path), content);
};

const metadata = (type: string, content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n<${type} xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">${content}</${type}>\n`;

const textField = (name: string, length: number): void =>
  write(
    `${OWN}/objects/Case/fields/${name}.field-meta.xml`,
    metadata(
      'CustomField',
      `<fullName>${name}</fullName><label>${name}</label><length>${length}</length><type>Text</type>`,
    ),
  );

const syncedField = (name: string, field: string, flow: string | null, active = true): void => {
  const value = (of: string, type: string, text: string): string =>
    `<values><field>${of}</field><value xsi:type="xsd:${type}">${text}</value></values>`;
  write(
    `${OWN}/customMetadata/Synced_Field.${name}.md-meta.xml`,
    metadata(
      'CustomMetadata',
      `<label>${name}</label><protected>false</protected>${value('Active__c', 'boolean', String(active))}${value('Field__c', 'string', field)}${
        flow === null ? '' : value('Flow__c', 'string', flow)
      }${value('Owner__c', 'string', 'External')}`,
    ),
  );
};

const permissionSet = (name: string, fields: Record<string, 'read' | 'edit'>): void =>
  write(
    `${OWN}/permissionsets/${name}.permissionset-meta.xml`,
    metadata(
      'PermissionSet',
      Object.entries(fields)
        .map(
          ([field, right]) =>
            `<fieldPermissions><editable>${right === 'edit'}</editable><field>Case.${field}</field><readable>true</readable></fieldPermissions>`,
        )
        .join('') + `<label>${name}</label>`,
    ),
  );

let org: OrgService;
const { connectedApp, environment } = integrationLogin();
const username = environment.SALESFORCE_USERNAME!;

before(async () => {
  for (const part of ['force-app', 'samples', 'sfdx-project.json'])
    cpSync(join(root, part), join(project, part), { recursive: true });
  const file = JSON.parse(readFileSync(join(project, 'sfdx-project.json'), 'utf8')) as { packageDirectories: object[] };
  file.packageDirectories.push({ path: 'own/main' });
  write('sfdx-project.json', JSON.stringify(file));
  mkdirSync(home);
  // the logins of the test, not of whoever runs it; core reads this when it is loaded
  Object.assign(process.env, { HOME: home, SF_DISABLE_TELEMETRY: 'true', SF_USE_GENERIC_UNIX_KEYCHAIN: 'true' });
  org = await startOrgService({ projectDir: root, connectedApps: [connectedApp] });
  const admin = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
  await createIntegrationUser(
    admin,
    (await toldFlows()).map(({ told }) => told),
  );
  const { AuthInfo } = await import('@salesforce/core');
  const privateKeyFile = join(home, 'key.pem');
  writeFileSync(privateKeyFile, environment.SALESFORCE_PRIVATE_KEY!);
  const authInfo = await AuthInfo.create({
    username,
    oauth2Options: { clientId: environment.SALESFORCE_CLIENT_ID!, privateKeyFile, loginUrl: org.instanceUrl },
  });
  await authInfo.save();
});

after(async () => {
  await org.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('the fields of this project and its sample can be synced', async () => {
  const { status, output } = await run(root);
  assert.equal(output, '17 synced fields checked: no problems, no warnings\n');
  assert.equal(status, 0);
});

test('a field of an own package is clean once all is there, and each mistake is told with its file', async () => {
  const rules = ['--rules', 'own/rules.json', '--rules', SAMPLE.registryRules];
  textField('Town__c', 60);
  syncedField('Town', 'Town__c', 'cases');
  permissionSet('Own_Fields', { Town__c: 'edit' });
  write('own/rules.json', JSON.stringify({ fields: { Town__c: { maxLength: 60 } } }));
  const clean = await run(project, ...rules);
  assert.equal(clean.output, '18 synced fields checked: no problems, no warnings\n');
  assert.equal(clean.status, 0);

  permissionSet('Own_Fields', { Town__c: 'read' });
  write('own/rules.json', JSON.stringify({ fields: { Town__c: { maxLength: 20 } } }));
  syncedField('Gone', 'Gone__c', 'cases');
  syncedField('Nowhere', 'Town__c', null);
  syncedField('Off', 'Off__c', 'cases', false);
  const { status, output } = await run(project, ...rules);
  const at = (name: string): string => `${OWN}/customMetadata/Synced_Field.${name}.md-meta.xml: `;
  const lines = output.split('\n').sort();
  for (const start of [
    `${at('Gone')}Case.Gone__c is in no package directory; create Gone__c on Case`,
    `${at('Nowhere')}Town__c names no flow`,
    `${at('Town')}Case.Town__c holds 60 characters, the external system 20`,
    `${at('Town')}Case.Town__c may not be edited by the integration user; give Read and Edit on Case.Town__c in one of these permission sets: Concord_Integration, Concord_Cases_Integration, Own_Fields`,
    '20 synced fields checked: 4 problems, no warnings',
  ])
    assert.ok(
      lines.some((line) => line.startsWith(start)),
      `${start} is told in\n${output}`,
    );
  assert.equal(status, 1);
});

test('a condition of the scope that cannot be read is told with its file', async () => {
  const value = (of: string, text: string): string =>
    `<values><field>${of}</field><value xsi:type="xsd:string">${text}</value></values>`;
  const path = `${OWN}/customMetadata/Sync_Scope.Own.md-meta.xml`;
  write(
    path,
    metadata(
      'CustomMetadata',
      `<label>Own</label><protected>false</protected>${value('Field__c', 'RecordType')}${value('Flow__c', 'cases')}${value('Operator__c', 'Is One Of')}${value('Values__c', 'Support')}`,
    ),
  );
  const { status, output } = await run(project, '--rules', 'own/rules.json', '--rules', SAMPLE.registryRules);
  rmSync(join(project, path));
  assert.ok(
    output.includes(
      `${path}: Case.RecordType must be the developer name of a record type of Case, or Master, not "Support"; correct Values__c\n`,
    ),
    output,
  );
  assert.match(output, /synced fields checked and 1 condition of the scope:/);
  assert.equal(status, 1);
});

test('source that cannot be read, files and options that are none: exit 2 with the reason', async () => {
  write(`${OWN}/customMetadata/Synced_Field.Broken.md-meta.xml`, '<CustomMetadata>');
  for (const [cwd, args, reason] of [
    [project, [], /the source of this project cannot be read:[^]*Synced_Field\.Broken\.md-meta\.xml/],
    [root, ['--rules', 'none.json'], /none\.json holds no rules of fields/],
    [root, ['--target-org', 'nobody'], /not logged in to an org called nobody/],
    [root, ['--no-such'], /--no-such[^]*npm run check:fields/],
  ] as const) {
    const { status, output } = await run(cwd, ...args);
    assert.match(output, reason);
    assert.equal(status, 2, output);
  }
});

test('an org is checked with what its user may do', async () => {
  const clean = await run(root, '--target-org', username);
  assert.equal(clean.output, '17 synced fields checked: no problems, no warnings\n');
  assert.equal(clean.status, 0);

  const admin = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
  const { records } = await admin.query<{ Id: string }>(
    `SELECT Id FROM PermissionSetAssignment WHERE Assignee.Username = '${username}' AND PermissionSet.Name = '${SAMPLE.permissionSet}'`,
  );
  await admin.sobject('PermissionSetAssignment').delete(records[0]!.Id);
  const { status, output } = await run(root, '--target-org', username);
  assert.equal(output.match(/is not there, or this user may not read it; create it on Case/g)?.length, 12, output);
  assert.match(output, /^custom metadata record Synced_Field\.\w+: Case\.\w+ is not there/);
  assert.match(output, /17 synced fields checked: 12 problems, no warnings/);
  assert.equal(status, 1);
});
