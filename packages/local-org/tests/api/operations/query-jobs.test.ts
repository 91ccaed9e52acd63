import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { queryJobs } from '../support/query-jobs.ts';
import { makeReader, READER_APP } from '../support/reader.ts';
import { widgetOrg, type Answered, type Json } from '../support/widget-org.ts';

const DAY = 86_400_000;
const errorOf = ({ status, body }: Answered): [number, string, string] => [
  status,
  body[0].errorCode as string,
  body[0].message as string,
];

describe('the life of a query job', () => {
  const widgets = widgetOrg();
  const { org, clock, send } = widgets;
  const jobs = queryJobs(widgets);
  const soql = 'SELECT Name FROM Widget__c';
  after(() => org.close());

  test('is queued, in progress within the moment it was created, and complete when it is asked for later', async () => {
    await send('POST', '/sobjects/Widget__c', { Name: 'before' });
    const created = (await jobs.create('select name from widget__c')).body;
    const { id, ...summary } = created;
    assert.match(id, /^750\w{15}$/);
    assert.deepEqual(summary, {
      operation: 'query',
      object: 'Widget__c',
      createdById: org.info.userId,
      createdDate: '2026-11-21T07:30:00.000+0000',
      systemModstamp: '2026-11-21T07:30:00.000+0000',
      state: 'UploadComplete',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 67,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
    assert.equal((await jobs.info(id)).body.state, 'InProgress');
    await clock.advance(2_000);
    assert.deepEqual((await jobs.info(id)).body, {
      ...created,
      state: 'JobComplete',
      systemModstamp: '2026-11-21T07:30:02.000+0000',
      jobType: 'V2Query',
      numberRecordsProcessed: 1,
      retries: 0,
      totalProcessingTime: 0,
      isPkChunkingSupported: false,
    });
    await send('POST', '/sobjects/Widget__c', { Name: 'after' });
    const { headers, text } = await jobs.results(id);
    assert.equal(text, '"Name"\n"before"\n', 'a result is a snapshot');
    assert.deepEqual(
      [headers['content-type'], headers['sforce-locator'], headers['sforce-numberofrecords']],
      ['text/csv', 'null', '1'],
    );
    assert.equal((await jobs.results(id.slice(0, 15))).text, text, 'ids may have 15 characters');
  });

  test('without rows a result is its header', async () => {
    const id = (await jobs.create(`${soql} WHERE Name = 'nobody'`)).body.id as string;
    await clock.advance(1);
    const { headers, text } = await jobs.results(id);
    assert.deepEqual([text, headers['sforce-numberofrecords'], headers['sforce-locator']], ['"Name"\n', '0', 'null']);
  });

  test('can be aborted until it has ended, and deleted when it has', async () => {
    const id = (await jobs.create(soql)).body.id as string;
    await clock.advance(1);
    assert.deepEqual(errorOf(await send('DELETE', `/jobs/query/${id}`)), [
      400,
      'API_ERROR',
      'Error encountered when deleting the job because the job is not terminated',
    ]);
    assert.equal((await send('PATCH', `/jobs/query/${id}`, { state: 'Aborted' })).body.state, 'Aborted');
    assert.equal((await jobs.info(id)).body.state, 'Aborted');
    assert.deepEqual(errorOf(await send('PATCH', `/jobs/query/${id}`, { state: 'Aborted' })), [
      400,
      'INVALIDJOBSTATE',
      'Aborting already Aborted Job not allowed',
    ]);
    assert.deepEqual(errorOf(await send('PATCH', `/jobs/query/${id}`, { state: 'JobComplete' })).slice(0, 2), [
      400,
      'API_ERROR',
    ]);
    assert.equal((await send('DELETE', `/jobs/query/${id}`)).status, 204);
    assert.deepEqual(errorOf(await jobs.info(id)).slice(0, 2), [404, 'NOT_FOUND']);
    const other = (await jobs.create(soql)).body.id as string;
    assert.notEqual(other, id, 'ids are given out once');
    await clock.advance(1);
    await jobs.info(other);
    assert.equal(
      errorOf(await send('PATCH', `/jobs/query/${other}`, { state: 'Aborted' }))[2],
      'Aborting already Completed Job not allowed',
    );
  });

  test('has no result before it is complete, and gives it to the API version that it was created with', async () => {
    const id = (await jobs.create(soql)).body.id as string;
    const early = await jobs.results(id);
    assert.deepEqual([early.status, JSON.parse(early.text)[0].errorCode], [400, 'INVALIDJOBSTATE']);
    await clock.advance(1);
    const other = await send('GET', `/services/data/v66.0/jobs/query/${id}/results`);
    assert.equal(other.status, 409);
    assert.equal((await jobs.results(id)).status, 200);
    assert.equal((await jobs.results('750000000000zzzAAA')).status, 404);
  });

  test('is gone after seven days', async () => {
    const id = (await jobs.create(soql)).body.id as string;
    await clock.advance(7 * DAY);
    assert.equal((await jobs.info(id)).status, 200);
    await clock.advance(1);
    assert.equal((await jobs.info(id)).status, 404);
    const last = (await jobs.create(soql)).body.id as string;
    const { body } = await send('GET', '/jobs/query');
    assert.deepEqual(
      body.records.map((job: Json) => job.id as string),
      [last],
    );
  });

  test('is listed with what it was asked', async () => {
    const { body } = await send('GET', '/jobs/query?jobType=V2Query&concurrencyMode=parallel');
    assert.deepEqual([body.done, body.nextRecordsUrl], [true, null]);
    assert.deepEqual([body.records[0].jobType, body.records[0].object], ['V2Query', 'Widget__c']);
    for (const nothing of ['jobType=V2Ingest', 'jobType=Classic', 'isPkChunkingEnabled=true', 'concurrencyMode=serial'])
      assert.deepEqual((await send('GET', `/jobs/query?${nothing}`)).body.records, [], nothing);
    assert.equal(errorOf(await send('GET', '/jobs/query?jobType=V3'))[1], 'API_ERROR');
  });
});

test('jobs are listed 1,000 at a time, and counted against 10,000 a day', async () => {
  const widgets = widgetOrg({ dailyApiRequests: 20_000 });
  const { org, clock, send } = widgets;
  const jobs = queryJobs(widgets);
  const ids: string[] = [];
  for (let number = 0; number < 1_001; number++)
    ids.push((await jobs.create('SELECT Id FROM Widget__c')).body.id as string);
  const { DailyBulkV2QueryJobs: allocation } = (await send('GET', '/limits')).body;
  assert.deepEqual(allocation, { Max: 10_000, Remaining: 8_999 });
  const first = (await send('GET', '/jobs/query?jobType=V2Query')).body;
  assert.deepEqual([first.done, first.records.length], [false, 1_000]);
  const second = (await send('GET', first.nextRecordsUrl as string)).body;
  assert.deepEqual([second.done, second.nextRecordsUrl], [true, null]);
  const listed = [...first.records, ...second.records].map((job: Json) => job.id as string);
  assert.deepEqual(listed, ids);
  await clock.advance(DAY);
  assert.equal((await send('GET', '/limits')).body.DailyBulkV2QueryJobs.Remaining, 10_000);
  org.close();
});

describe('the result of a query job', () => {
  const widgets = widgetOrg();
  const { org, clock, send } = widgets;
  const jobs = queryJobs(widgets);
  const COUNT = 2_500;
  after(() => org.close());

  before(async () => {
    for (let start = 0; start < COUNT; start += 200) {
      const records = Array.from({ length: Math.min(200, COUNT - start) }, (_, index) => ({
        attributes: { type: 'Widget__c' },
        Name: `w${String(start + index).padStart(5, '0')}`,
        Group__c: 'paged',
      }));
      await send('POST', '/composite/sobjects', { records });
    }
  });

  test('comes in sets, each with the header, whose locators stay', async () => {
    const id = (await jobs.create("SELECT Name FROM Widget__c WHERE Group__c = 'paged' ORDER BY Name")).body
      .id as string;
    await clock.advance(1);
    const names: string[] = [];
    const sizes: string[] = [];
    const locators: string[] = [];
    for (let search = '?maxRecords=1100'; ;) {
      const { headers, text } = await jobs.results(id, search);
      const [header, ...rows] = text.trimEnd().split('\n');
      assert.equal(header, '"Name"');
      names.push(...rows.map((row) => JSON.parse(row) as string));
      sizes.push(headers['sforce-numberofrecords']!);
      locators.push(headers['sforce-locator']!);
      if (locators.at(-1) === 'null') break;
      search = `?maxRecords=1100&locator=${locators.at(-1)}`;
    }
    assert.deepEqual(sizes, ['1100', '1100', '300']);
    assert.equal(names.length, COUNT);
    assert.deepEqual(names, names.toSorted());
    assert.equal((await jobs.results(id)).headers['sforce-numberofrecords'], String(COUNT), 'all, when nobody says');
    const again = await jobs.results(id, `?maxRecords=1&locator=${locators[0]}`);
    assert.equal(again.text, '"Name"\n"w01100"\n');
    for (const locator of ['nonsense', 'MA', Buffer.from('2500').toString('base64url')]) {
      const { status, text } = await jobs.results(id, `?locator=${locator}`);
      assert.deepEqual([status, JSON.parse(text)[0].errorCode], [400, 'INVALID_QUERY_LOCATOR'], locator);
    }
    for (const size of ['0', '-1', 'all']) assert.equal((await jobs.results(id, `?maxRecords=${size}`)).status, 400);
  });

  test('has every value quoted, null empty, and types in the forms of CSV', async () => {
    const parent = (await send('POST', '/sobjects/Widget__c', { Name: 'the "parent", so; called' })).body.id as string;
    await send('POST', '/sobjects/Widget__c', {
      Name: 'awkward ünïcode ✓ 漢字 🎉',
      Group__c: 'awk"ward",\ttab|pipe^caret`',
      Key__c: 'k',
      Parent__c: parent,
      Size__c: 5,
      Made_On__c: '2026-02-28',
      Made_At__c: '2026-02-28T23:59:59+01:00',
      Active__c: true,
    });
    const soql =
      "SELECT Name, Parent__r.Name, Parent__r.Parent__r.Name, Group__c, Size__c, Made_On__c, Made_At__c, Active__c, Secret__c FROM Widget__c WHERE Key__c = 'k'";
    assert.equal(
      await jobs.run(soql),
      '"Name","Parent__r.Name","Parent__r.Parent__r.Name","Group__c","Size__c","Made_On__c","Made_At__c","Active__c","Secret__c"\n' +
        '"awkward ünïcode ✓ 漢字 🎉","the ""parent"", so; called","","awk""ward"",\ttab|pipe^caret`","5.0","2026-02-28","2026-02-28T22:59:59.000Z","true",""\n',
    );
  });

  test('uses the delimiter and line end that were asked for', async () => {
    const soql = "SELECT Name, Active__c FROM Widget__c WHERE Name = 'w00000'";
    const expected: [object, string][] = [
      [{ columnDelimiter: 'SEMICOLON' }, '"Name";"Active__c"\n"w00000";"false"\n'],
      [{ columnDelimiter: 'TAB', lineEnding: 'CRLF' }, '"Name"\t"Active__c"\r\n"w00000"\t"false"\r\n'],
      [{ columnDelimiter: 'PIPE' }, '"Name"|"Active__c"\n"w00000"|"false"\n'],
      [{ columnDelimiter: 'CARET' }, '"Name"^"Active__c"\n"w00000"^"false"\n'],
      [{ columnDelimiter: 'BACKQUOTE', contentType: 'CSV' }, '"Name"`"Active__c"\n"w00000"`"false"\n'],
    ];
    for (const [format, text] of expected) assert.equal(await jobs.run(soql, format), text);
  });

  test('of queryAll has deleted records', async () => {
    const id = (await send('POST', '/sobjects/Widget__c', { Name: 'deleted' })).body.id as string;
    await send('DELETE', `/sobjects/Widget__c/${id}`);
    const soql = "SELECT IsDeleted FROM Widget__c WHERE Name = 'deleted'";
    assert.equal(await jobs.run(soql), '"IsDeleted"\n');
    assert.equal(await jobs.run(soql, { operation: 'queryAll' }), '"IsDeleted"\n"true"\n');
  });
});

describe('what a query job refuses', () => {
  const widgets = widgetOrg();
  const { org, send } = widgets;
  const jobs = queryJobs(widgets);
  after(() => org.close());

  test('queries that Bulk API 2.0 does not take', async () => {
    const cases: [string, string, RegExp][] = [
      ['SELECT COUNT() FROM Widget__c', 'API_ERROR', /^Aggregate functions not supported/],
      ['SELECT COUNT(Id) FROM Widget__c', 'API_ERROR', /^Aggregate functions/],
      ['SELECT Name FROM Widget__c GROUP BY Name', 'API_ERROR', /^GROUP BY not supported/],
      ['SELECT Name FROM Widget__c LIMIT 1 OFFSET 2', 'API_ERROR', /^OFFSET/],
      ['SELECT FIELDS(STANDARD) FROM Widget__c', 'API_ERROR', /^FIELDS\(\)/],
      [
        'SELECT Name, (SELECT Code__c FROM Parts__r) FROM Widget__c',
        'API_ERROR',
        /^Aggregate Relationships not supported in Bulk V2 Query with CSV content type$/,
      ],
      ['SELECT Body FROM Attachment', 'API_ERROR', /^Blob field not supported in Bulk V2 Query with CSV content type$/],
      ['SELECT TYPEOF Owner WHEN User THEN Name END FROM Widget__c', 'MALFORMED_QUERY', /TYPEOF/],
      ['SELECT BillingAddress FROM Account', 'API_ERROR', /^Selecting compound data not supported in Bulk Query$/],
      ['SELECT Nope FROM Widget__c', 'INVALID_FIELD', /No such column 'Nope'/],
      ['SELECT Id FROM Nothing__c', 'INVALID_TYPE', /Nothing__c/],
      ['SELECT Id FRM Widget__c', 'MALFORMED_QUERY', /unexpected token/],
    ];
    for (const [soql, code, message] of cases) {
      const [status, errorCode, text] = errorOf(await jobs.create(soql));
      assert.deepEqual([status, errorCode], [400, code], soql);
      assert.match(text, message);
    }
  });

  test('bodies that are no query job', async () => {
    const query = 'SELECT Id FROM Widget__c';
    const bodies: [unknown, RegExp][] = [
      [{ operation: 'insert', query }, /operation must be one of query, queryAll/],
      [{ query }, /operation/],
      [{ operation: 'query' }, /query must be a SOQL query/],
      [{ operation: 'query', query, contentType: 'JSON' }, /contentType must be one of CSV/],
      [{ operation: 'query', query, columnDelimiter: 'SPACE' }, /columnDelimiter must be one of BACKQUOTE, CARET/],
      [{ operation: 'query', query, lineEnding: 'CR' }, /lineEnding must be one of LF, CRLF/],
      [{ operation: 'query', query, object: 'Widget__c' }, /Unrecognized field "object"/],
    ];
    for (const [body, message] of bodies) {
      const [status, code, text] = errorOf(await send('POST', '/jobs/query', body));
      assert.deepEqual([status, code], [400, 'API_ERROR'], JSON.stringify(body));
      assert.match(text, message);
    }
  });

  test('to be a part of a composite call', async () => {
    const request = { method: 'GET', url: '/services/data/v67.0/jobs/query' };
    const composite = await send('POST', '/composite', { compositeRequest: [{ ...request, referenceId: 'a' }] });
    assert.equal(errorOf(composite)[1], 'INVALID_INPUT');
    const batch = await send('POST', '/composite/batch', { batchRequests: [request] });
    assert.equal(errorOf(batch)[1], 'INVALID_INPUT');
  });
});

describe('whose query job it is', () => {
  const widgets = widgetOrg({ connectedApps: [READER_APP] });
  const { org, clock, send } = widgets;
  const jobs = queryJobs(widgets);
  after(() => org.close());

  test('permissions and sharing of its creator apply, as in a query, when it runs', async () => {
    const reader = await makeReader(widgets);
    await send('POST', '/sobjects/Zettel__c', { Name: 'of the administrator' });
    await reader.send('POST', '/sobjects/Zettel__c', { Name: 'of the reader' });
    const create = (query: string): Promise<Answered> =>
      reader.send('POST', '/jobs/query', { operation: 'query', query });
    assert.equal(errorOf(await create('SELECT Secret__c FROM Widget__c'))[1], 'INVALID_FIELD');
    assert.equal(errorOf(await create('SELECT Id FROM Part__c'))[1], 'INVALID_TYPE');
    const id = (await create('SELECT Name FROM Zettel__c')).body.id as string;
    await clock.advance(1);
    // asked for by somebody who sees more
    assert.equal((await jobs.info(id)).body.numberRecordsProcessed, 1);
    const { text } = await jobs.results(id, '', { authorization: reader.authorization });
    assert.equal(text, '"Name"\n"of the reader"\n');
    const others = await jobs.results(id);
    assert.deepEqual([others.status, JSON.parse(others.text)[0].errorCode], [400, 'INVALIDUSER']);

    const mine = (await jobs.create('SELECT Id FROM Widget__c')).body.id as string;
    for (const [method, body] of [['GET'], ['PATCH', { state: 'Aborted' }], ['DELETE']] as [string, object?][])
      assert.equal(errorOf(await reader.send(method, `/jobs/query/${mine}`, body))[1], 'INVALIDUSER', method);
    const listed = (await reader.send('GET', '/jobs/query')).body.records;
    assert.deepEqual(
      listed.map((job: Json) => job.id as string),
      [id],
    );
    assert.equal((await send('GET', '/jobs/query')).body.records.length, 2);

    const late = (await create('SELECT Name FROM Zettel__c')).body.id as string;
    await send('DELETE', `/sobjects/PermissionSetAssignment/${reader.assignmentId}`);
    await clock.advance(1);
    const failed = (await jobs.info(late)).body;
    assert.equal(failed.state, 'Failed');
    assert.match(failed.errorMessage as string, /^INVALID_TYPE: [^]*Zettel__c/);
    assert.equal((await send('DELETE', `/jobs/query/${late}`)).status, 204);
  });
});

test('jobs and results are there after a restart', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'query-jobs-'));
  const data = join(dir, 'org.sqlite');
  try {
    const first = widgetOrg({ data });
    const jobs = queryJobs(first);
    await first.send('POST', '/sobjects/Widget__c', { Name: 'kept' });
    const done = (await jobs.create('SELECT Name FROM Widget__c')).body.id as string;
    await first.clock.advance(1);
    await jobs.info(done);
    const waiting = (await jobs.create('SELECT Name FROM Widget__c')).body.id as string;
    first.org.close();
    const second = widgetOrg({ data });
    await second.clock.advance(10_000);
    const again = queryJobs(second);
    assert.equal((await again.results(done)).text, '"Name"\n"kept"\n');
    assert.equal((await again.info(waiting)).body.state, 'JobComplete');
    const third = (await again.create('SELECT Name FROM Widget__c')).body.id as string;
    assert.ok(third > waiting, 'ids go on');
    second.org.close();
  } finally {
    rmSync(dir, { recursive: true });
  }
});
