import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { apexClass, manifest, openOrg, type Files } from './support.ts';

const at = openOrg();
after(() => at.close());

const XMLNS = 'xmlns="http://soap.sforce.com/2006/04/metadata"';
const field: Files = {
  'package.xml': manifest({ CustomField: ['Account.Nickname__c'] }),
  'objects/Account.object': `<CustomObject ${XMLNS}><fields><fullName>Nickname__c</fullName><label>N</label><type>Text</type><length>40</length></fields></CustomObject>`,
};
const removal = (members: Record<string, string[]>): Files => ({
  'package.xml': manifest({}),
  'destructiveChanges.xml': manifest(members),
});

test('what deployments cannot do is refused by name', async () => {
  const nothing = { 'package.xml': manifest({}) };
  for (const [options, what] of [
    [{ performRetrieve: true }, /performRetrieve/],
    [{ allowMissingFiles: true }, /allowMissingFiles/],
    [{ testLevel: 'RunRelevantTests' }, /RunRelevantTests/],
  ] as const) {
    const [error] = await at.deploy(nothing, options);
    assert.equal(error.errorCode, 'NOT_IMPLEMENTED');
    assert.match(error.message, what);
  }
  const [quick] = (await at.send('POST', '/metadata/deployRequest', { validatedDeployRequestId: '0Af000000000001AAA' }))
    .body;
  assert.match(quick.message, /Deploying a recent validation is not supported/);
  const soap = await at.org.handle({
    method: 'POST',
    url: '/services/Soap/m/67.0',
    headers: { 'content-type': 'text/xml' },
    body: `<Envelope><Header><SessionHeader><sessionId>${at.org.info.accessToken}</sessionId></SessionHeader></Header><Body><retrieve/></Body></Envelope>`,
  });
  assert.match(soap.body, /the SOAP method retrieve is not supported by the local org/);
});

test('a deployment is done when it is accepted', async () => {
  const result = await at.deploy({ 'package.xml': manifest({}) });
  assert.deepEqual([result.done, result.status], [true, 'Succeeded']);
});

test('Lightning components and settings are taken as they are', async () => {
  const result = await at.deploy({
    'package.xml': manifest({ LightningComponentBundle: ['broken'], Settings: ['LightningExperience'] }),
    'lwc/broken/broken.js': 'this is not JavaScript',
    'lwc/broken/broken.js-meta.xml': `<LightningComponentBundle ${XMLNS}><isExposed>false</isExposed></LightningComponentBundle>`,
    'settings/LightningExperience.settings': `<LightningExperienceSettings ${XMLNS}><enableS1DesktopEnabled>true</enableS1DesktopEnabled></LightningExperienceSettings>`,
  });
  assert.equal(result.status, 'Succeeded', JSON.stringify(result.details.componentFailures));
});

test('tests of a deployment see no records, not even with SeeAllData', async () => {
  await at.send('POST', '/sobjects/Account', { Name: 'There' });
  const files = {
    'package.xml': manifest({ ApexClass: ['SeeTest'] }),
    ...apexClass(
      'SeeTest',
      '@IsTest(SeeAllData=true)\nprivate class SeeTest {\n  @IsTest\n  static void sees() {\n    Assert.areEqual(0, [SELECT COUNT() FROM Account]);\n  }\n}',
    ),
  };
  const result = await at.deploy(files, { testLevel: 'RunLocalTests' });
  assert.equal(result.status, 'Succeeded', JSON.stringify(result.details.runTestResult));
});

test('deleting what has rows of its own is refused by name', async () => {
  const result = await at.deploy(removal({ Queue: ['Mine'] }));
  assert.equal(result.details.componentFailures[0].problem, 'deleting a Queue is not supported by the local org');
});

test('a permission set goes with what it granted, once nobody has it', async () => {
  const rows = (soql: string): Promise<unknown[]> => at.query(soql);
  await at.deploy({
    'package.xml': manifest({ PermissionSet: ['Mine'], CustomPermission: ['May'], ApexClass: ['Gone'] }),
    'customPermissions/May.customPermission': `<CustomPermission ${XMLNS}><label>May</label></CustomPermission>`,
    'permissionsets/Mine.permissionset': `<PermissionSet ${XMLNS}><label>Mine</label><customPermissions><enabled>true</enabled><name>May</name></customPermissions><objectPermissions><allowCreate>false</allowCreate><allowDelete>false</allowDelete><allowEdit>false</allowEdit><allowRead>true</allowRead><modifyAllRecords>false</modifyAllRecords><object>Account</object><viewAllRecords>false</viewAllRecords></objectPermissions></PermissionSet>`,
    ...apexClass('Gone', 'public class Gone {}'),
  });
  const [set] = await at.query("SELECT Id FROM PermissionSet WHERE Name = 'Mine'");
  const [user] = await at.query('SELECT Id FROM User WHERE IsActive = true LIMIT 1');
  const { body } = await at.send('POST', '/sobjects/PermissionSetAssignment', {
    PermissionSetId: set.Id,
    AssigneeId: user.Id,
  });
  const all = removal({ PermissionSet: ['mine'], CustomPermission: ['May'], ApexClass: ['Gone'] });
  const refused = await at.deploy(all);
  assert.match(refused.details.componentFailures[0].problem, /assigned to users/);
  assert.equal((await rows("SELECT Id FROM PermissionSet WHERE Name = 'Mine'")).length, 1);
  await at.send('DELETE', `/sobjects/PermissionSetAssignment/${body.id}`);
  const removed = await at.deploy(all);
  assert.equal(removed.status, 'Succeeded', JSON.stringify(removed.details.componentFailures));
  for (const left of [
    "SELECT Id FROM PermissionSet WHERE Name = 'Mine'",
    "SELECT Id FROM CustomPermission WHERE DeveloperName = 'May'",
    "SELECT Id FROM ApexClass WHERE Name = 'Gone'",
    `SELECT Id FROM ObjectPermissions WHERE ParentId = '${set.Id}'`,
    `SELECT Id FROM SetupEntityAccess WHERE ParentId = '${set.Id}'`,
  ])
    assert.deepEqual(await rows(left), [], left);
});

test('the values of a deleted field come back with it', async () => {
  await at.deploy(field);
  const { body } = await at.send('POST', '/sobjects/Account', { Name: 'Named', Nickname__c: 'nick' });
  await at.deploy(removal({ CustomField: ['Account.Nickname__c'] }));
  await at.deploy(field);
  const [row] = await at.query(`SELECT Nickname__c FROM Account WHERE Id = '${body.id}'`);
  assert.equal(row.Nickname__c, 'nick');
});
