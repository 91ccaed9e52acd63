import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { widgetOrg, type Json } from '../support/widget-org.ts';

const { org, send, query } = widgetOrg();
after(() => org.close());

test('runs anonymous Apex', async () => {
  const run = (apex: string) => send('GET', `/tooling/executeAnonymous?anonymousBody=${encodeURIComponent(apex)}`);
  const { status, body } = await run("insert new Widget__c(Name = 'anonymous');");
  assert.equal(status, 200);
  assert.deepEqual([body.compiled, body.success, body.exceptionMessage], [true, true, null]);
  assert.equal((await query("SELECT Id FROM Widget__c WHERE Name = 'anonymous'")).length, 1);
  const broken = (await run('Integer i = nothing;')).body;
  assert.deepEqual([broken.compiled, broken.success, broken.line], [false, false, 1]);
  assert.match(broken.compileProblem, /nothing/);
  const thrown = (await run("insert new Widget__c(Name = 'refused');")).body;
  assert.deepEqual([thrown.compiled, thrown.success], [true, false]);
  assert.match(thrown.exceptionMessage, /This name is refused/);
});

test('runs Apex tests, all of a class or the methods asked for', async () => {
  const run = async (tests: object[]): Promise<Json> =>
    (await send('POST', '/tooling/runTestsSynchronous', { tests })).body;
  const all = await run([{ className: 'WidgetTest' }]);
  assert.deepEqual([all.numTestsRun, all.numFailures], [2, 1]);
  assert.deepEqual([all.successes[0].methodName, all.failures[0].methodName], ['isInserted', 'fails']);
  assert.match(all.failures[0].message, /One is not two/);
  const one = await run([{ className: 'WidgetTest', testMethods: ['isInserted'] }]);
  assert.deepEqual([one.numTestsRun, one.numFailures], [1, 0]);
  assert.equal((await send('POST', '/tooling/runTestsSynchronous', {})).status, 400);
});

test("passes Apex REST through to the project's classes", async () => {
  const created = await send('POST', '/services/apexrest/widgets', { name: 'rest', size: 2 });
  assert.equal(created.status, 200);
  await send('PATCH', `/sobjects/Widget__c/${created.body}`, { Key__c: 'rest' });
  const { body } = await send('GET', '//services///apexrest/widgets/rest');
  assert.deepEqual([body.Name, body.Size__c], ['rest', 2]);
  assert.equal((await send('GET', '/services/apexrest/nothing')).body[0].errorCode, 'NOT_FOUND');
});
