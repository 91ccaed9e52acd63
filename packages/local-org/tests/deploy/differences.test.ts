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
  const result = await at.deploy(removal({ PermissionSet: ['Mine'] }));
  assert.equal(
    result.details.componentFailures[0].problem,
    'deleting a PermissionSet is not supported by the local org',
  );
});

test('the values of a deleted field come back with it', async () => {
  await at.deploy(field);
  const { body } = await at.send('POST', '/sobjects/Account', { Name: 'Named', Nickname__c: 'nick' });
  await at.deploy(removal({ CustomField: ['Account.Nickname__c'] }));
  await at.deploy(field);
  const [row] = await at.query(`SELECT Nickname__c FROM Account WHERE Id = '${body.id}'`);
  assert.equal(row.Nickname__c, 'nick');
});
