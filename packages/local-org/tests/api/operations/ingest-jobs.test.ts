import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ingestJobs } from '../support/ingest-jobs.ts';
import { makeReader, READER_APP } from '../support/reader.ts';
import { D, widgetOrg, type Answered } from '../support/widget-org.ts';

const DAY_MS = 86_400_000;
const INSERT = { object: 'Widget__c', operation: 'insert' };
const errorOf = ({ status, body }: Answered): [number, string, string] => [
  status,
  body[0].errorCode as string,
  body[0].message as string,
];
const linesOf = (text: string): string[] => text.split('\n').slice(0, -1);

describe('the life of an ingest job', () => {
  const widgets = widgetOrg();
  const { org, clock, send, query } = widgets;
  const jobs = ingestJobs(widgets);
  after(() => org.close());

  test('is open, uploaded, under way, and complete when it is asked for later', async () => {
    const created = await jobs.create({ ...INSERT, contentType: 'CSV' });
    const { id, ...summary } = created.body;
    assert.match(id, /^750\w{15}$/);
    assert.deepEqual(summary, {
      operation: 'insert',
      object: 'Widget__c',
      createdById: org.info.userId,
      createdDate: '2026-11-21T07:30:00.000+0000',
      systemModstamp: '2026-11-21T07:30:00.000+0000',
      state: 'Open',
      concurrencyMode: 'Parallel',
      contentType: 'CSV',
      apiVersion: 67,
      contentUrl: `services/data/v67.0/jobs/ingest/${id}/batches`,
      lineEnding: 'LF',
      columnDelimiter: 'COMMA',
    });
    assert.deepEqual(await jobs.upload(id, 'Name,Size__c\none,1.5\nrefused,2\n"two, quoted",\n'), {
      status: 201,
      text: '',
    });
    assert.equal((await jobs.change(id, 'UploadComplete')).body.state, 'UploadComplete');
    assert.equal((await jobs.info(id)).body.state, 'InProgress');
    assert.equal((await query('SELECT Id FROM Widget__c')).length, 0, 'nothing is saved yet');
    await clock.advance(2_000);
    const done = (await jobs.info(id)).body;
    assert.deepEqual(
      [done.state, done.jobType, done.numberRecordsProcessed, done.numberRecordsFailed, done.retries],
      ['JobComplete', 'V2Ingest', 3, 1, 0],
    );
    const [one, two] = await query('SELECT Id, Name, Size__c FROM Widget__c ORDER BY Name');
    assert.deepEqual([one.Name, one.Size__c, two.Name, two.Size__c], ['one', 1.5, 'two, quoted', null]);
    assert.deepEqual(linesOf(await jobs.file(id, 'successfulResults')), [
      '"sf__Id","sf__Created","Name","Size__c"',
      `"${one.Id}","true","one","1.5"`,
      `"${two.Id}","true","two, quoted",""`,
    ]);
    assert.deepEqual(linesOf(await jobs.file(id, 'failedResults')), [
      '"sf__Id","sf__Error","Name","Size__c"',
      '"","FIELD_CUSTOM_VALIDATION_EXCEPTION:This name is refused:Name --","refused","2"',
    ]);
    assert.deepEqual(linesOf(await jobs.file(id, 'unprocessedrecords')), ['"Name","Size__c"']);
  });

  test('takes its data once, and only while it is open', async () => {
    const { id } = (await jobs.create(INSERT)).body;
    assert.equal((await jobs.upload(id, 'Name\na\n')).status, 201);
    assert.equal((await jobs.upload(id, 'Name\nb\n')).status, 400);
    assert.equal((await jobs.upload(id, 'Name\nb\n', { 'content-type': 'application/json' })).status, 415);
    await jobs.change(id, 'UploadComplete');
    const late = await jobs.upload(id, 'Name\nb\n');
    assert.match(late.text, /INVALIDJOBSTATE/);
    assert.deepEqual(errorOf(await jobs.change(id, 'UploadComplete')), [
      400,
      'INVALIDJOBSTATE',
      'Changing the state from UploadComplete to UploadComplete is not allowed',
    ]);
  });

  test('is aborted: what no chunk reached is told', async () => {
    const { id } = (await jobs.create(INSERT)).body;
    await jobs.upload(id, 'Name\nnever\n');
    assert.equal((await jobs.change(id, 'Aborted')).body.state, 'Aborted');
    await clock.advance(1_000);
    assert.equal((await jobs.info(id)).body.state, 'Aborted');
    assert.equal((await query("SELECT Id FROM Widget__c WHERE Name = 'never'")).length, 0);
    assert.equal(errorOf(await jobs.change(id, 'UploadComplete'))[1], 'INVALIDJOBSTATE');
    assert.equal((await send('DELETE', `/jobs/ingest/${id}`)).status, 204);
    assert.equal((await jobs.info(id)).status, 404);
  });

  test('is listed, and gone after seven days with all that was kept of it', async () => {
    const { id } = await jobs.run(INSERT, ['Name', 'listed']);
    const listed = (await send('GET', '/jobs/ingest')).body;
    assert.ok(
      listed.records.some((job: { id: string; jobType: string }) => job.id === id && job.jobType === 'V2Ingest'),
    );
    assert.deepEqual((await send('GET', '/jobs/ingest?jobType=Classic')).body.records, []);
    await clock.advance(7 * DAY_MS + 1_000);
    assert.equal((await jobs.info(id)).status, 404);
    await jobs.create(INSERT);
    assert.equal((await send('GET', '/jobs/ingest')).body.records.length, 1);
  });

  test('may be made with its data in one multipart request', async () => {
    const parts = [
      `--b\r\nContent-Disposition: form-data; name="job"\r\nContent-Type: application/json\r\n\r\n${JSON.stringify(INSERT)}`,
      '--b\r\nContent-Disposition: form-data; name="content"; filename="content"\r\nContent-Type: text/csv\r\n\r\nName\nin parts\n',
    ];
    const answer = await org.handle({
      method: 'POST',
      url: `${D}/jobs/ingest`,
      headers: {
        host: 'org.test',
        authorization: `Bearer ${org.info.accessToken}`,
        'content-type': 'multipart/form-data; boundary=b',
      },
      body: '',
      bytes: Buffer.from(`${parts.join('\r\n')}\r\n--b--\r\n`),
    });
    const { id, state } = JSON.parse(answer.body) as { id: string; state: string };
    assert.deepEqual([answer.status, state], [200, 'UploadComplete']);
    await clock.advance(1_000);
    assert.equal((await jobs.info(id)).body.state, 'JobComplete');
    assert.equal((await query("SELECT Id FROM Widget__c WHERE Name = 'in parts'")).length, 1);
  });
});

describe('what an ingest job does to records', () => {
  const widgets = widgetOrg();
  const { org, clock, send, query } = widgets;
  const jobs = ingestJobs(widgets);
  after(() => org.close());

  test('upserts by an external id: created and updated are told apart', async () => {
    await send('POST', '/sobjects/Widget__c', { Name: 'old', Key__c: 'k1', Size__c: 7, Group__c: 'stays' });
    const job = await jobs.run({ object: 'Widget__c', operation: 'upsert', externalIdFieldName: 'Key__c' }, [
      'Key__c,Name,Size__c,Group__c',
      'k1,new,#N/A,',
      'k2,other,2,g',
    ]);
    assert.equal(job.externalIdFieldName, 'Key__c');
    const rows = await query('SELECT Key__c, Name, Size__c, Group__c FROM Widget__c ORDER BY Key__c');
    assert.deepEqual(
      rows.map(({ Key__c, Name, Size__c, Group__c }) => [Key__c, Name, Size__c, Group__c]),
      [
        ['k1', 'new', null, 'stays'],
        ['k2', 'other', 2, 'g'],
      ],
      '#N/A clears a field, an empty value leaves it',
    );
    const created = linesOf(await jobs.file(job.id, 'successfulResults')).map((line) => line.split(',')[1]);
    assert.deepEqual(created, ['"sf__Created"', '"false"', '"true"']);
  });

  test('updates and deletes by id; a row that fails leaves the others alone', async () => {
    const [a, b] = await query('SELECT Id FROM Widget__c ORDER BY Key__c');
    const updated = await jobs.run({ object: 'Widget__c', operation: 'update' }, [
      'Id,Size__c,Active__c,Made_On__c',
      `${a.Id},12.25,true,2026-02-28`,
      `${b.Id},much,false,2026-02-28`,
      `${b.Id},3,maybe,2026-02-28`,
      `${b.Id},3,1,28/02/2026`,
      '001000000000001AAA,3,1,2026-02-28',
    ]);
    assert.deepEqual([updated.numberRecordsProcessed, updated.numberRecordsFailed], [5, 4]);
    const errors = linesOf(await jobs.file(updated.id, 'failedResults')).map((line) => line.split('","')[1]);
    assert.deepEqual(errors, [
      'sf__Error',
      "INVALID_TYPE_ON_FIELD_IN_RECORD:Failed to deserialize field at col 2. Due to, 'much' is not a valid value for the type xsd:double:Size__c --",
      "INVALID_TYPE_ON_FIELD_IN_RECORD:Failed to deserialize field at col 3. Due to, 'maybe' is not a valid value for the type xsd:boolean:Active__c --",
      "INVALID_TYPE_ON_FIELD_IN_RECORD:Failed to deserialize field at col 4. Due to, '28/02/2026' is not a valid value for the type xsd:date:Made_On__c --",
      'MALFORMED_ID:Widget__c ID: id value of incorrect type: 001000000000001AAA:Id --',
    ]);
    const [row] = await query(`SELECT Size__c, Active__c, Made_On__c FROM Widget__c WHERE Id = '${a.Id}'`);
    assert.deepEqual([row.Size__c, row.Active__c, row.Made_On__c], [12.25, true, '2026-02-28']);
    const deleted = await jobs.run({ object: 'Widget__c', operation: 'delete' }, ['Id', a.Id]);
    assert.equal(deleted.numberRecordsFailed, 0);
    const bin = (await send('GET', '/queryAll?q=SELECT+Id+FROM+Widget__c+WHERE+IsDeleted+%3D+TRUE')).body;
    assert.equal(bin.totalSize, 1);
  });

  test('deletes for good only for whom a permission lets, which administrators do not have by default', async () => {
    const [widget] = await query('SELECT Id FROM Widget__c');
    const hard = { object: 'Widget__c', operation: 'hardDelete' };
    assert.equal(errorOf(await jobs.create(hard))[1], 'INSUFFICIENT_ACCESS');
    const [set] = await query("SELECT Id FROM PermissionSet WHERE Name = 'Widget_Reader'");
    await send('PATCH', `/sobjects/PermissionSet/${set.Id}`, { PermissionsBulkApiHardDelete: true });
    await send('POST', '/sobjects/PermissionSetAssignment', {
      AssigneeId: org.info.userId,
      PermissionSetId: set.Id,
    });
    const job = await jobs.run(hard, ['Id', widget.Id]);
    assert.deepEqual([job.state, job.numberRecordsFailed], ['JobComplete', 0]);
    const all = (await send('GET', `/queryAll?q=SELECT+Id+FROM+Widget__c+WHERE+Id+%3D+'${widget.Id}'`)).body;
    assert.equal(all.totalSize, 0);
  });

  test('finds parents by their external ids', async () => {
    await send('POST', '/sobjects/Widget__c', { Name: 'parent', Key__c: 'p 1' });
    const job = await jobs.run({ object: 'Part__c', operation: 'insert' }, [
      'Widget__r.Key__c,Code__c',
      'p 1,a',
      'nobody,b',
      'p 1,c',
    ]);
    assert.deepEqual([job.numberRecordsProcessed, job.numberRecordsFailed], [3, 1]);
    assert.match(
      await jobs.file(job.id, 'failedResults'),
      /INVALID_FIELD:Foreign key external ID: nobody not found for field Key__c in entity Widget__c:--/,
    );
    const parts = await query('SELECT Code__c, Widget__r.Name FROM Part__c ORDER BY Code__c');
    assert.deepEqual(
      parts.map(({ Code__c, Widget__r }) => [Code__c, Widget__r.Name]),
      [
        ['a', 'parent'],
        ['c', 'parent'],
      ],
    );
  });

  test('saves 200 records a transaction: a crash of a trigger fails its chunk alone', async () => {
    const names = Array.from({ length: 450 }, (_, index) => (index === 250 ? 'crash' : `chunk ${index}`));
    const job = await jobs.run(INSERT, ['Name,Secret__c', ...names.map((name) => `${name},no number`)]);
    const saved = await query("SELECT Name FROM Widget__c WHERE Name LIKE 'chunk %'");
    assert.deepEqual([job.numberRecordsProcessed, job.numberRecordsFailed], [450, 200]);
    assert.equal(saved.length, 250);
    assert.match(await jobs.file(job.id, 'failedResults'), /CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY:/);
  });

  test('goes on a hundred thousand records a question, and counts batches of 10,000', async () => {
    const left = async (): Promise<number> => (await send('GET', '/limits')).body.DailyBulkApiBatches.Remaining;
    const atFirst = await left();
    const { id } = (await jobs.create({ object: 'Zettel__c', operation: 'insert' })).body;
    const rows = 100_200;
    await jobs.upload(id, `Name\n${'n\n'.repeat(rows)}`);
    await jobs.change(id, 'UploadComplete');
    await clock.advance(1_000);
    const first = (await jobs.info(id)).body;
    assert.deepEqual([first.state, first.numberRecordsProcessed], ['InProgress', 100_000]);
    const second = (await jobs.info(id)).body;
    assert.deepEqual([second.state, second.numberRecordsProcessed], ['JobComplete', rows]);
    assert.equal(atFirst - (await left()), 11);
  });
});

describe('what an ingest job refuses', () => {
  const widgets = widgetOrg({ connectedApps: [READER_APP] });
  const { org } = widgets;
  const jobs = ingestJobs(widgets);
  after(() => org.close());

  const refusals: [string, object, RegExp][] = [
    ['an unknown object', { ...INSERT, object: 'Nope__c' }, /Entity 'Nope__c' is not supported.*INVALIDENTITY/],
    ['a platform event', { ...INSERT, object: 'Widget_Event__e' }, /INVALIDENTITY/],
    ['an unknown operation', { ...INSERT, operation: 'merge' }, /operation must be one of insert, update/],
    ['an upsert without its field', { ...INSERT, operation: 'upsert' }, /externalIdFieldName is required/],
    ['a field that is no external id', { ...INSERT, operation: 'upsert', externalIdFieldName: 'Size__c' }, /NOT_FOUND/],
    ['JSON data', { ...INSERT, contentType: 'JSON' }, /contentType must be one of CSV/],
    ['an unknown property', { ...INSERT, batchSize: 5 }, /Unrecognized field/],
  ];
  for (const [what, request, words] of refusals) {
    test(what, async () => {
      const { status, body } = await jobs.create(request);
      assert.ok(status >= 400 && status < 500);
      assert.match(JSON.stringify(body), words);
    });
  }

  const broken: [string, object, string[], string][] = [
    ['an unknown field', INSERT, ['Name,Nope__c', 'a,b'], 'InvalidBatch : Field name not found : Nope__c'],
    [
      'an unknown parent',
      INSERT,
      ['Name,Parent__r.Size__c', 'a,b'],
      'InvalidBatch : Field name not found : Parent__r.Size__c',
    ],
    ['a field twice', INSERT, ['Name,name', 'a,b'], 'InvalidBatch : Field name is there twice : name'],
    ['no Id', { ...INSERT, operation: 'update' }, ['Name', 'a'], 'InvalidBatch : Field name not found : Id'],
    [
      'no external id',
      { ...INSERT, operation: 'upsert', externalIdFieldName: 'Key__c' },
      ['Name', 'a'],
      'InvalidBatch : Field name not found : Key__c',
    ],
    [
      'more than the Id of what is deleted',
      { ...INSERT, operation: 'delete' },
      ['Id,Name', 'a,b'],
      'InvalidBatch : Only Id is allowed in the header of a job that deletes, found Id, Name',
    ],
    [
      'an open quote',
      INSERT,
      ['Name', '"a'],
      'ClientInputError : Failed to parse CSV. Found unclosed quote. A standard CSV file should have matching quotes for each value',
    ],
    [
      'another line ending',
      { ...INSERT, lineEnding: 'CRLF' },
      ['Name', 'a'],
      'ClientInputError : LineEnding is invalid on user data. Current LineEnding setting is CRLF',
    ],
    ['nothing', INSERT, [], 'ClientInputError : Failed to parse CSV. The upload has no header'],
  ];
  for (const [what, request, lines, words] of broken) {
    test(`fails for ${what}, and saves nothing`, async () => {
      const job = await jobs.run(request, lines);
      assert.deepEqual([job.state, job.errorMessage], ['Failed', words]);
      assert.equal((await widgets.query('SELECT Id FROM Widget__c')).length, 0);
    });
  }

  test('a row of another length fails the job, and nothing is saved', async () => {
    const job = await jobs.run(INSERT, ['Name,Key__c', 'a,b', 'c']);
    assert.equal(job.errorMessage, 'InvalidBatch : Record 2 has 1 values, the header has 2 columns');
    assert.equal((await widgets.query('SELECT Id FROM Widget__c')).length, 0);
  });

  test('fields that the caller may not see, jobs of others', async () => {
    const reader = await makeReader(widgets);
    const own = ingestJobs(widgets, reader.authorization);
    const hidden = await own.run(INSERT, ['Name,Secret__c', 'a,b']);
    assert.equal(hidden.errorMessage, 'InvalidBatch : Field name not found : Secret__c');
    const written = await own.run(INSERT, ['Name,Size__c', 'a,1']);
    assert.deepEqual([written.state, written.numberRecordsFailed], ['JobComplete', 1]);
    assert.match(await own.file(written.id, 'failedResults'), /INVALID_FIELD_FOR_INSERT_UPDATE.*Size__c/);
    const { id } = (await jobs.create(INSERT)).body;
    assert.equal(errorOf(await own.info(id))[1], 'INVALIDUSER');
  });
});

test('a job of an org in a file goes on after a restart where it was', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'ingest-jobs-'));
  const data = join(directory, 'org.sqlite');
  const rows = 100_200;
  try {
    const first = widgetOrg({ data });
    const jobs = ingestJobs(first);
    const id = (await jobs.create({ object: 'Zettel__c', operation: 'insert' })).body.id as string;
    await jobs.upload(id, `Name\n${'n\n'.repeat(rows)}`);
    await jobs.change(id, 'UploadComplete');
    await first.clock.advance(1_000);
    assert.equal((await jobs.info(id)).body.numberRecordsProcessed, 100_000);
    first.org.close();
    const second = widgetOrg({ data });
    await second.clock.advance(2_000);
    const { state, numberRecordsProcessed } = (await ingestJobs(second).info(id)).body;
    assert.deepEqual([state, numberRecordsProcessed], ['JobComplete', rows]);
    assert.equal((await second.send('GET', '/query?q=SELECT+COUNT()+FROM+Zettel__c')).body.totalSize, rows);
    second.org.close();
  } finally {
    rmSync(directory, { recursive: true });
  }
});
