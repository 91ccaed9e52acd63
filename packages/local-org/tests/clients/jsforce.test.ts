/** Unmodified jsforce against a local org: what integrations use every day. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import jsforce from 'jsforce';
import { servedOrg, type ServedOrg } from './support/served-org.ts';

const PASSWORD = 'open sesame & more';
let served: ServedOrg;
let connection: jsforce.Connection;

before(async () => {
  served = await servedOrg({ username: 'jsforce@local.test', passwords: { 'jsforce@local.test': PASSWORD } });
  // A trailing slash, as the command line stores it.
  connection = new jsforce.Connection({
    instanceUrl: `${served.url}/`,
    accessToken: served.org.info.accessToken,
    version: '67.0',
  });
});
after(() => served.close());

test('identifies itself', async () => {
  const identity = await connection.identity();
  assert.equal(identity.user_id, served.org.info.userId);
  assert.equal(identity.organization_id, served.org.info.orgId);
});

test('creates, reads, updates, upserts and deletes one record', async () => {
  const widgets = connection.sobject('Widget__c');
  const created = await widgets.create({ Name: 'one', Key__c: 'js-1' });
  assert.ok(created.success);
  assert.equal((await widgets.retrieve(created.id)).Name, 'one');
  assert.ok((await widgets.update({ Id: created.id, Size__c: 2 })).success);
  assert.equal((await widgets.upsert({ Key__c: 'js-1', Name: 'uno' }, 'Key__c')).success, true);
  assert.equal((await widgets.findOne({ Key__c: 'js-1' }, ['Name', 'Size__c']))?.Name, 'uno');
  assert.ok((await widgets.destroy(created.id)).success);
  await assert.rejects(widgets.retrieve(created.id), { errorCode: 'ENTITY_IS_DELETED' });
});

test('reads compound addresses', async () => {
  const accounts = connection.sobject('Account');
  const { id } = await accounts.create({ Name: 'addressed', BillingCity: 'Cali', BillingPostalCode: '760001' });
  const address = {
    city: 'Cali',
    country: null,
    geocodeAccuracy: null,
    latitude: null,
    longitude: null,
    postalCode: '760001',
    state: null,
    street: null,
  };
  const { records } = await connection.query(`SELECT BillingAddress FROM Account WHERE Id = '${id}'`);
  assert.deepEqual(records[0]!.BillingAddress, address);
  const [retrieved] = await accounts.retrieve([id!]);
  assert.deepEqual([retrieved!.BillingAddress, retrieved!.ShippingAddress], [address, null]);
  await accounts.destroy(id!);
});

test('works on collections', async () => {
  const widgets = connection.sobject('Widget__c');
  const results = await widgets.create([
    { Name: 'a', Key__c: 'col-a' },
    { Name: 'refused' },
    { Name: 'b', Key__c: 'col-b' },
  ]);
  assert.deepEqual(
    results.map(({ success }) => success),
    [true, false, true],
  );
  assert.equal(
    (results[1]!.errors[0] as unknown as { statusCode: string }).statusCode,
    'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  );
  const upserted = await widgets.upsert(
    [
      { Key__c: 'col-a', Size__c: 1 },
      { Key__c: 'col-c', Name: 'c' },
    ],
    'Key__c',
  );
  assert.deepEqual(
    upserted.map(({ success }) => success),
    [true, true],
  );
  const ids = [results[0]!.id!, results[2]!.id!];
  assert.deepEqual(
    (await widgets.retrieve(ids)).map((record) => record?.Name),
    ['a', 'b'],
  );
  assert.deepEqual(
    (await widgets.destroy(ids)).map(({ success }) => success),
    [true, true],
  );
});

test('fetches all pages of a query', async () => {
  const records = Array.from({ length: 450 }, (_, index) => ({ Name: `page ${index}`, Group__c: 'pages' }));
  await connection.sobject('Widget__c').create(records, { allowRecursive: true });
  const soql = "SELECT Id, Name FROM Widget__c WHERE Group__c = 'pages'";
  const options = { headers: { 'Sforce-Query-Options': 'batchSize=200' } };
  const first = await connection.query(soql, options);
  assert.deepEqual([first.records.length, first.totalSize, first.done], [200, 450, false]);
  const second = await connection.queryMore(first.nextRecordsUrl!);
  assert.equal(second.records.length, 200);
  const all = await connection.query(soql, { ...options, autoFetch: true, maxFetch: 1000 });
  assert.equal(all.records.length, 450);
});

test('queries in bulk', async () => {
  const names = Array.from({ length: 250 }, (_, index) => `bulk ${index}, "quoted"`);
  await connection.sobject('Widget__c').create(
    names.map((Name) => ({ Name, Group__c: 'bulk' })),
    { allowRecursive: true },
  );
  const { bulk2 } = connection;
  bulk2.pollInterval = 10;
  const soql = "SELECT Name, Parent__r.Name FROM Widget__c WHERE Group__c = 'bulk' ORDER BY Name";
  const records = await (await bulk2.query(soql)).toArray();
  assert.deepEqual(
    records,
    names.toSorted().map((Name) => ({ Name, 'Parent__r.Name': '' })),
  );

  await connection
    .sobject('Widget__c')
    .destroy((await connection.sobject('Widget__c').findOne({ Name: names[0]! }))!.Id!);
  const all = await (await bulk2.query(soql, { scanAll: true, columnDelimiter: 'COMMA', lineEnding: 'LF' })).toArray();
  assert.equal(all.length, names.length);

  await assert.rejects(bulk2.query('SELECT COUNT(Id) FROM Widget__c'), { errorCode: 'API_ERROR' });
  const [job] = (await connection.request<{ records: { id: string; state: string }[] }>('/jobs/query')).records;
  const taken = bulk2.job('query', { id: job!.id });
  assert.equal((await taken.check()).state, 'JobComplete');
  await assert.rejects(taken.abort(), { errorCode: 'INVALIDJOBSTATE' });
  await taken.delete();
  await assert.rejects(taken.check(), { errorCode: 'NOT_FOUND' });
});

test('loads in bulk: inserts, upserts, deletes, and hears of each row', async () => {
  const { bulk2 } = connection;
  bulk2.pollInterval = 10;
  const names = Array.from({ length: 450 }, (_, index) => (index === 7 ? 'refused' : `loaded ${index}, "quoted"`));
  const inserted = await bulk2.loadAndWaitForResults({
    object: 'Widget__c',
    operation: 'insert',
    input: names.map((Name, index) => ({ Name, Key__c: `load-${index}` })),
  });
  assert.deepEqual([inserted.successfulResults.length, inserted.failedResults.length], [449, 1]);
  assert.equal(inserted.unprocessedRecords.length, 0);
  const [failed] = inserted.failedResults as unknown as { sf__Error: string; Key__c: string }[];
  assert.deepEqual(
    [failed!.Key__c, failed!.sf__Error],
    ['load-7', 'FIELD_CUSTOM_VALIDATION_EXCEPTION:This name is refused:Name --'],
  );
  const upserted = await bulk2.loadAndWaitForResults({
    object: 'Widget__c',
    operation: 'upsert',
    externalIdFieldName: 'Key__c',
    input: 'Key__c,Size__c\nload-1,1\nload-new,2\n',
  });
  assert.deepEqual(
    upserted.successfulResults.map((row) => (row as { sf__Created: string }).sf__Created),
    ['false', 'true'],
  );
  const ids = inserted.successfulResults.map((row) => ({ Id: (row as { sf__Id: string }).sf__Id }));
  const deleted = await bulk2.loadAndWaitForResults({ object: 'Widget__c', operation: 'delete', input: ids });
  assert.equal(deleted.successfulResults.length, 449);
  await assert.rejects(bulk2.job('ingest', { id: '750000000000000AAA' }).check(), { errorCode: 'NOT_FOUND' });
});

test('asks which records changed and which were deleted', async () => {
  const widgets = connection.sobject('Widget__c');
  const minute = 60_000;
  const [since, until] = [new Date(Date.now() - minute), new Date(Date.now() + 2 * minute)];
  const [kept, gone] = [await widgets.create({ Name: 'kept' }), await widgets.create({ Name: 'gone' })];
  await widgets.destroy(gone.id!);
  assert.ok((await widgets.updated(since, until)).ids.includes(kept.id!));
  const { deletedRecords } = await widgets.deleted(since, until);
  assert.ok(deletedRecords.some(({ id }) => id === gone.id));
});

test("gets Salesforce's errors", async () => {
  await assert.rejects(connection.query('SELECT Nope FROM Widget__c').then(), { errorCode: 'INVALID_FIELD' });
  await assert.rejects(connection.sobject('Widget__c').create({ Nope: 1 }), { errorCode: 'INVALID_FIELD' });
  await assert.rejects(connection.sobject('Widget__c').create({ Name: 'refused' }), {
    errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION',
  });
  const expired = new jsforce.Connection({ instanceUrl: served.url, accessToken: '00D000000000000!none' });
  await assert.rejects(expired.query('SELECT Id FROM Account').then(), { errorCode: 'INVALID_SESSION_ID' });
});

test('describes, tells limits and calls composite', async () => {
  assert.ok((await connection.describeGlobal()).sobjects.length > 10);
  const described = await connection.describe('Widget__c');
  assert.equal(described.fields.find(({ name }) => name === 'Colour__c')?.picklistValues?.length, 2);
  assert.equal((await connection.limits()).DailyApiRequests!.Max, 15_000);
  assert.ok(connection.limitInfo.apiUsage!.used > 0);
  const { compositeResponse } = await connection.requestPost<{ compositeResponse: { httpStatusCode: number }[] }>(
    '/composite',
    {
      compositeRequest: [{ method: 'GET', url: '/services/data/v67.0/limits', referenceId: 'limits' }],
    },
  );
  assert.equal(compositeResponse[0]!.httpStatusCode, 200);
});

test('runs Apex: REST, anonymous and tests', async () => {
  const id = await connection.apex.post<string>('/widgets', { name: 'apex', size: 3 });
  await connection.sobject('Widget__c').update({ Id: id, Key__c: 'apex' });
  assert.equal((await connection.apex.get<{ Name: string }>('/widgets/apex')).Name, 'apex');
  const run = await connection.tooling.executeAnonymous("insert new Widget__c(Name = 'anonymous');");
  assert.deepEqual([run.compiled, run.success], [true, true]);
  const { records } = await connection.tooling.query<{ Name: string }>('SELECT Name FROM ApexClass ORDER BY Name');
  assert.deepEqual(
    records.map(({ Name }) => Name),
    ['WidgetApi', 'WidgetTest'],
  );
});

test('logs in by username and password, and out', async () => {
  const session = new jsforce.Connection({ loginUrl: served.url });
  const user = await session.login('jsforce@local.test', PASSWORD);
  assert.equal(user.id, served.org.info.userId);
  assert.equal((await session.identity()).username, 'jsforce@local.test');
  await session.logoutBySoap();
  await assert.rejects(
    new jsforce.Connection({ loginUrl: served.url }).login('jsforce@local.test', 'wrong'),
    /INVALID_LOGIN/,
  );
});
