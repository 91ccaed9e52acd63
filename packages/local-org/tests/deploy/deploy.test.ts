import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { apexClass, emptyProject, manifest, META, openOrg, type Files, type TestOrg } from './support.ts';

const FIELD = (name: string, more = '<type>Text</type><length>40</length>'): string =>
  `<fields><fullName>${name}</fullName><label>${name}</label>${more}</fields>`;
const OBJECT = (content: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><CustomObject xmlns="http://soap.sforce.com/2006/04/metadata">${content}</CustomObject>`;

const greeter = apexClass(
  'Greeter',
  "public class Greeter {\n  public static String greet() {\n    return 'hello';\n  }\n}",
);
const trigger: Files = {
  'triggers/OnAccount.trigger':
    'trigger OnAccount on Account (before insert) {\n  for (Account each : Trigger.new) each.Site = Greeter.greet();\n}',
  'triggers/OnAccount.trigger-meta.xml': META('67.0', 'ApexTrigger'),
};
const nickname: Files = { 'objects/Account.object': OBJECT(FIELD('Nickname__c')) };
const first: Files = {
  'package.xml': manifest({ ApexClass: ['Greeter'], ApexTrigger: ['OnAccount'], CustomField: ['Account.Nickname__c'] }),
  ...greeter,
  ...trigger,
  ...nickname,
};

const named = (result: any, fullName: string): any =>
  [...result.details.componentFailures, ...result.details.componentSuccesses].find(
    (each: any) => each.fullName === fullName,
  );

// Test files run side by side, and one of these tests counts folders.
const folder = mkdtempSync(join(tmpdir(), 'local-org-deploy-test-'));
process.env.TMPDIR = folder;
after(() => rmSync(folder, { recursive: true, force: true }));

describe('a deployment', () => {
  let at: TestOrg;
  before(async () => {
    at = openOrg();
    await at.send('POST', '/sobjects/Account', { Name: 'Before' });
    const result = await at.deploy(first);
    assert.equal(result.status, 'Succeeded', JSON.stringify(result.details.componentFailures));
  });
  after(() => at.close());

  test('switches a trigger off, which stays deployed, and on again', async () => {
    const withStatus = (status: string): Files => ({
      'package.xml': manifest({ ApexTrigger: ['OnAccount'] }),
      ...trigger,
      'triggers/OnAccount.trigger-meta.xml': META('67.0', 'ApexTrigger').replace('Active', status),
    });
    const siteOf = async (name: string): Promise<unknown> => {
      await at.send('POST', '/sobjects/Account', { Name: name });
      return (await at.query(`SELECT Site FROM Account WHERE Name = '${name}'`))[0].Site;
    };
    const status = async (): Promise<unknown> =>
      (await at.query("SELECT Status FROM ApexTrigger WHERE Name = 'OnAccount'"))[0].Status;
    assert.equal((await at.deploy(withStatus('Inactive'))).status, 'Succeeded');
    assert.deepEqual([await siteOf('Off'), await status()], [null, 'Inactive']);
    assert.equal((await at.deploy(withStatus('Active'))).status, 'Succeeded');
    assert.deepEqual([await siteOf('On'), await status()], ['hello', 'Active']);
    for (const name of ['Off', 'On']) {
      const [{ Id }] = await at.query(`SELECT Id FROM Account WHERE Name = '${name}'`);
      await at.send('DELETE', `/sobjects/Account/${Id}`);
    }
  });

  test('brings fields, classes and triggers into the running org, and keeps its records', async () => {
    const { body } = await at.send('POST', '/sobjects/Account', { Name: 'After', Nickname__c: 'nick' });
    assert.equal(body.success, true);
    const rows = await at.query('SELECT Name, Site, Nickname__c FROM Account ORDER BY Name DESC');
    assert.deepEqual(
      rows.map(({ attributes: _, ...row }) => row),
      [
        { Name: 'Before', Site: null, Nickname__c: null },
        { Name: 'After', Site: 'hello', Nickname__c: 'nick' },
      ],
    );
  });

  test('tells of each component whether it was created, changed or stayed as it was', async () => {
    const changed = apexClass(
      'Greeter',
      "public class Greeter {\n  public static String greet() {\n    return 'hi';\n  }\n}",
    );
    const fresh = apexClass('Fresh', 'public class Fresh {}');
    const result = await at.deploy({
      'package.xml': manifest({ ApexClass: ['Greeter', 'Fresh'], ApexTrigger: ['OnAccount'] }),
      ...changed,
      ...fresh,
      ...trigger,
    });
    const { changed: isChanged, created } = named(result, 'Greeter');
    assert.deepEqual([isChanged, created], [true, false]);
    assert.equal(named(result, 'Fresh').created, true);
    assert.deepEqual([named(result, 'OnAccount').changed, named(result, 'OnAccount').created], [false, false]);
    assert.equal(result.numberComponentsDeployed, 3);
  });

  test('that does not compile tells file, line and column, and changes nothing', async () => {
    const before = await at.query('SELECT Name FROM ApexClass ORDER BY Name');
    const result = await at.deploy({
      'package.xml': manifest({ ApexClass: ['Broken', 'Fine'] }),
      ...apexClass('Broken', 'public class Broken {\n  public void run() {\n    Integer count = missing;\n  }\n}'),
      ...apexClass('Fine', 'public class Fine {}'),
    });
    assert.equal(result.status, 'Failed');
    const [failure] = result.details.componentFailures;
    assert.equal(failure.fileName, 'classes/Broken.cls');
    assert.equal(failure.componentType, 'ApexClass');
    assert.deepEqual([failure.lineNumber, failure.columnNumber], [3, 21]);
    assert.match(failure.problem, /Variable does not exist: missing/);
    assert.deepEqual(await at.query('SELECT Name FROM ApexClass ORDER BY Name'), before);
  });

  test('whose metadata cannot be taken over names the component and the reason', async () => {
    const result = await at.deploy({
      'package.xml': manifest({ CustomField: ['Account.Odd__c'] }),
      'objects/Account.object': OBJECT(FIELD('Odd__c', '<type>Hologram</type>')),
    });
    assert.equal(result.status, 'Failed');
    const [failure] = result.details.componentFailures;
    assert.deepEqual(
      [failure.componentType, failure.fullName, failure.fileName],
      ['CustomField', 'Account.Odd__c', 'objects/Account.object'],
    );
    assert.match(failure.problem, /Hologram/);
  });

  test('that breaks a class outside of it fails, naming that class', async () => {
    const result = await at.deploy({
      'package.xml': manifest({ ApexClass: ['Greeter'] }),
      ...apexClass('Greeter', 'public class Greeter {}'),
    });
    assert.equal(result.status, 'Failed');
    const failure = named(result, 'OnAccount');
    assert.match(failure.problem, /^Dependent class is invalid and needs recompilation: .*greet/);
    assert.equal(failure.fileName, 'triggers/OnAccount.trigger');
  });

  test('with rollbackOnError false leaves out what fails', async () => {
    const result = await at.deploy(
      {
        'package.xml': manifest({ ApexClass: ['Bad', 'Good'] }),
        ...apexClass('Bad', 'public class Bad { Missing x; }'),
        ...apexClass('Good', 'public class Good {}'),
      },
      { rollbackOnError: false },
    );
    assert.equal(result.status, 'SucceededPartial');
    assert.deepEqual([named(result, 'Bad').success, named(result, 'Good').success], [false, true]);
    assert.equal((await at.query("SELECT Id FROM ApexClass WHERE Name = 'Good'")).length, 1);
  });

  test('with checkOnly changes nothing', async () => {
    const result = await at.deploy(
      { 'package.xml': manifest({ ApexClass: ['Only'] }), ...apexClass('Only', 'public class Only {}') },
      { checkOnly: true },
    );
    assert.deepEqual([result.status, result.checkOnly], ['Succeeded', true]);
    assert.equal((await at.query("SELECT Id FROM ApexClass WHERE Name = 'Only'")).length, 0);
  });

  test('checks the manifest against the zip, both ways', async () => {
    const result = await at.deploy({
      'package.xml': manifest({ ApexClass: ['Absent'] }),
      ...apexClass('Unnamed', 'public class Unnamed {}'),
      'classes/Alone.cls': 'public class Alone {}',
    });
    assert.equal(
      named(result, 'Absent').problem,
      "An object 'Absent' of type ApexClass was named in package.xml, but was not found in zipped directory",
    );
    assert.equal(named(result, 'Unnamed').problem, 'Not in package.xml');
    assert.match(named(result, 'Alone').problem, /Alone\.cls-meta\.xml is missing/);
  });
});

test('deploying takes the permission to modify all data', async () => {
  const at = openOrg({ passwords: { 'agent@example.com': 'secret' } });
  const [profile] = await at.query("SELECT Id FROM Profile WHERE Name = 'Standard User'");
  const user = {
    Username: 'agent@example.com',
    LastName: 'Agent',
    Alias: 'agent',
    Email: 'agent@example.com',
    ProfileId: profile.Id,
  };
  const locale = {
    TimeZoneSidKey: 'GMT',
    LocaleSidKey: 'en_US',
    EmailEncodingKey: 'UTF-8',
    LanguageLocaleKey: 'en_US',
  };
  assert.equal((await at.send('POST', '/sobjects/User', { ...user, ...locale })).status, 201);
  const login = await at.org.handle({
    method: 'POST',
    url: '/services/Soap/u/67.0',
    headers: { 'content-type': 'text/xml' },
    body: '<Envelope><Body><login><username>agent@example.com</username><password>secret</password></login></Body></Envelope>',
  });
  const token = /<sessionId>(.*?)<\/sessionId>/.exec(login.body)![1]!;
  const { status, body } = await at.send('GET', '/metadata/deployRequest/0Af000000000001AAA', undefined, token);
  assert.deepEqual([status, body[0].errorCode], [403, 'INSUFFICIENT_ACCESS']);
  at.close();
});

test('the folders that an org writes are gone with it', async () => {
  const written = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('local-org-project-'));
  const before = written();
  const at = openOrg();
  await at.deploy(first);
  await at.deploy({
    'package.xml': manifest({ ApexClass: ['Fresh'] }),
    ...apexClass('Fresh', 'public class Fresh {}'),
  });
  assert.equal(written().length, before.length + 1);
  at.close();
  assert.deepEqual(written(), before);
});

describe('tests of a deployment', () => {
  const testClass = (assertion: string): Files =>
    apexClass(
      'MathTest',
      `@IsTest\nprivate class MathTest {\n  @IsTest\n  static void adds() {\n    ${assertion}\n  }\n}`,
    );
  const files = (assertion: string): Files => ({
    'package.xml': manifest({ ApexClass: ['MathTest'] }),
    ...testClass(assertion),
  });
  let at: TestOrg;
  before(() => {
    at = openOrg();
  });
  after(() => at.close());

  test('that fail undo it and are told with message and stack', async () => {
    const result = await at.deploy(files("Assert.areEqual(3, 1 + 1, 'sum');"), { testLevel: 'RunLocalTests' });
    assert.deepEqual([result.status, result.numberTestErrors, result.runTestsEnabled], ['Failed', 1, true]);
    const [failure] = result.details.runTestResult.failures;
    assert.deepEqual([failure.name, failure.methodName], ['MathTest', 'adds']);
    assert.match(failure.message, /sum/);
    assert.match(failure.stackTrace, /Class\.MathTest\.adds: line 5/);
    assert.equal((await at.query('SELECT Id FROM ApexClass')).length, 0);
  });

  test('that pass let it through', async () => {
    const options = { testLevel: 'RunSpecifiedTests', runTests: ['MathTest'] };
    const result = await at.deploy(files('Assert.areEqual(2, 1 + 1);'), options);
    assert.deepEqual([result.status, result.numberTestsCompleted], ['Succeeded', 1]);
  });

  test('must be named when some are asked for', async () => {
    const [error] = await at.deploy(files(''), { testLevel: 'RunSpecifiedTests' });
    assert.equal(error.errorCode, 'INVALID_OPERATION');
  });
});

describe('deletions', () => {
  let at: TestOrg;
  const removal = (members: Record<string, string[]>): Files => ({
    'package.xml': manifest({}),
    'destructiveChanges.xml': manifest(members),
  });
  before(async () => {
    at = openOrg();
    await at.deploy(first);
  });
  after(() => at.close());

  test('are refused while something uses what goes', async () => {
    const result = await at.deploy(removal({ ApexClass: ['Greeter'] }));
    assert.equal(result.status, 'Failed');
    assert.match(named(result, 'OnAccount').problem, /Greeter/);
  });

  test('take components away', async () => {
    const result = await at.deploy(
      removal({ ApexTrigger: ['OnAccount'], ApexClass: ['Greeter'], CustomField: ['Account.Nickname__c'] }),
    );
    assert.equal(result.status, 'Succeeded', JSON.stringify(result.details.componentFailures));
    assert.equal(named(result, 'Account.Nickname__c').deleted, true);
    assert.equal((await at.query('SELECT Id FROM ApexClass')).length, 0);
    const { status, body } = await at.send('GET', '/query?q=SELECT+Nickname__c+FROM+Account');
    assert.deepEqual([status, body[0].errorCode], [400, 'INVALID_FIELD']);
  });

  test('of what is not there are warnings', async () => {
    const result = await at.deploy(removal({ ApexClass: ['Nobody'] }));
    assert.equal(result.status, 'Succeeded');
    assert.deepEqual(
      [named(result, 'Nobody').problemType, named(result, 'Nobody').problem],
      ['Warning', 'No ApexClass named: Nobody found'],
    );
  });
});

test('a class with a scheduled job cannot be replaced until the job is gone', async () => {
  const at = openOrg();
  const job = (comment: string): Files => ({
    'package.xml': manifest({ ApexClass: ['Nightly'] }),
    ...apexClass(
      'Nightly',
      `public class Nightly implements Schedulable { ${comment}\n  public void execute(SchedulableContext context) {}\n}`,
    ),
  });
  await at.deploy(job(''));
  assert.equal(at.org.executeAnonymous("System.schedule('n', '0 0 3 * * ?', new Nightly());").success, true);
  const refused = await at.deploy(job('// newer'));
  assert.equal(named(refused, 'Nightly').problem, 'This schedulable class has jobs pending or in progress');
  assert.equal((await at.deploy(job(''))).status, 'Succeeded', 'a class that stays as it is does no harm');
  assert.equal(
    at.org.executeAnonymous('for (CronTrigger t : [SELECT Id FROM CronTrigger]) System.abortJob(t.Id);').success,
    true,
  );
  assert.equal((await at.deploy(job('// newer'))).status, 'Succeeded');
  at.close();
});

test('an org on a file has what was deployed after a restart; the project counts as deployed last', async () => {
  const data = join(tmpdir(), 'org.db');
  const projectDir = emptyProject();
  const open = (): TestOrg => openOrg({ projectDir, data });
  let at = open();
  await at.deploy(first);
  const { body } = await at.send('POST', '/sobjects/Account', { Name: 'Kept', Nickname__c: 'n' });
  at.close();
  at = open();
  const [row] = await at.query(`SELECT Nickname__c, Site FROM Account WHERE Id = '${body.id}'`);
  assert.deepEqual([row.Nickname__c, row.Site], ['n', 'hello']);
  await at.send('POST', '/sobjects/Account', { Name: 'New' });
  assert.equal(
    (await at.query("SELECT Site FROM Account WHERE Name = 'New'"))[0].Site,
    'hello',
    'the trigger runs again',
  );
  at.close();
  mkdirSync(join(projectDir, 'force-app/main/classes'), { recursive: true });
  for (const [path, text] of Object.entries(
    apexClass('Greeter', "public class Greeter { public static String greet() { return 'project'; } }"),
  )) {
    writeFileSync(join(projectDir, 'force-app/main', path), text);
  }
  at = open();
  await at.send('POST', '/sobjects/Account', { Name: 'Newest' });
  assert.equal((await at.query("SELECT Site FROM Account WHERE Name = 'Newest'"))[0].Site, 'project');
  at.close();
});

test('who waits for events goes on waiting while the org is deployed to', async () => {
  const at = openOrg();
  const event =
    '<label>Ping</label><pluralLabel>Pings</pluralLabel><deploymentStatus>Deployed</deploymentStatus><eventType>HighVolume</eventType><publishBehavior>PublishAfterCommit</publishBehavior>';
  const ping = { 'package.xml': manifest({ CustomObject: ['Ping__e'] }), 'objects/Ping__e.object': OBJECT(event) };
  assert.equal((await at.deploy(ping)).status, 'Succeeded');
  const bayeux = async (message: Record<string, unknown>): Promise<any[]> =>
    (await at.send('POST', '/cometd/67.0', [message])).body;
  const [{ clientId }] = await bayeux({ channel: '/meta/handshake', supportedConnectionTypes: ['long-polling'] });
  await bayeux({ channel: '/meta/subscribe', clientId, subscription: '/event/Ping__e' });
  const waiting = bayeux({ channel: '/meta/connect', clientId, connectionType: 'long-polling' });
  assert.equal((await at.deploy(first)).status, 'Succeeded');
  await at.send('POST', '/sobjects/Ping__e', {});
  const [delivered] = await waiting;
  assert.equal(delivered.data.event.EventApiName, 'Ping__e');
  at.close();
});

test('a zip that cannot be read fails the deployment with the reason', async () => {
  const at = openOrg();
  assert.match((await at.deploy({ 'classes/A.cls': '' })).errorMessage, /No package\.xml found/);
  assert.match(
    (await at.deploy({ 'package.xml': '<Package>' })).errorMessage,
    /package\.xml is not well-formed at line 1/,
  );
  assert.match((await at.deploy({ 'package.xml': manifest({}), '../out.txt': '' })).errorMessage, /leads out of it/);
  at.close();
});
