import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { D, widgetOrg, type Json } from '../support/widget-org.ts';

const { org, clock, send } = widgetOrg();
after(() => org.close());

const COUNT = 2_450;
const run = (soql: string, headers = {}) => send('GET', `/query?q=${encodeURIComponent(soql)}`, undefined, headers);

describe('queries', () => {
  before(async () => {
    for (let start = 0; start < COUNT; start += 200) {
      const records = Array.from({ length: Math.min(200, COUNT - start) }, (_, index) => ({
        attributes: { type: 'Widget__c' },
        Name: `w${String(start + index).padStart(5, '0')}`,
        Group__c: `g${(start + index) % 2}`,
        Colour__c: (start + index) % 2 === 0 ? 'Red' : 'Blue',
        Size__c: 1.5,
      }));
      const { body } = await send('POST', '/composite/sobjects', { records });
      assert.ok(body.every(({ success }: { success: boolean }) => success));
    }
  });

  test('answers 2,000 rows a page and a locator for the rest', async () => {
    const first = (await run('SELECT Id, Name FROM Widget__c ORDER BY Name')).body;
    assert.deepEqual([first.totalSize, first.done, first.records.length], [COUNT, false, 2000]);
    assert.match(first.nextRecordsUrl, /^\/services\/data\/v67\.0\/query\/0r8\w{15}-2000$/);
    const second = (await send('GET', first.nextRecordsUrl)).body;
    assert.deepEqual(
      [second.totalSize, second.done, second.records.length, second.nextRecordsUrl],
      [COUNT, true, 450, undefined],
    );
    assert.equal(second.records[0].Name, 'w02000');
    assert.deepEqual(Object.keys(second.records[0]), ['attributes', 'Id', 'Name']);
  });

  test('pages are as long as the client asks', async () => {
    const options = { 'sforce-query-options': 'batchSize=1000' };
    let page = (await run('SELECT Id FROM Widget__c', options)).body;
    const sizes = [page.records.length];
    while (!page.done) {
      page = (await send('GET', page.nextRecordsUrl)).body;
      sizes.push(page.records.length);
    }
    assert.deepEqual(sizes, [1000, 1000, 450]);
    const refused = await run('SELECT Id FROM Widget__c', { 'sforce-query-options': 'batchSize=100' });
    assert.deepEqual([refused.status, refused.body[0].errorCode], [400, 'INVALID_QUERY_OPTIONS']);
  });

  test('a locator that is unknown or too old is refused', async () => {
    const { nextRecordsUrl } = (await run('SELECT Id FROM Widget__c')).body;
    const expected = [400, [{ message: 'invalid query locator', errorCode: 'INVALID_QUERY_LOCATOR' }]];
    for (const url of [`${D}/query/0r8000000000000AAA-2000`, nextRecordsUrl.replace('-2000', '-9000')]) {
      const { status, body } = await send('GET', url);
      assert.deepEqual([status, body], expected);
    }
    await clock.advance(2 * 86_400_000 + 1);
    const { status, body } = await send('GET', nextRecordsUrl);
    assert.deepEqual([status, body], expected);
  });

  test('counts, groups and aggregates', async () => {
    assert.deepEqual((await run('SELECT COUNT() FROM Widget__c')).body, { totalSize: COUNT, done: true, records: [] });
    const { body } = await run(
      'SELECT Colour__c, COUNT(Id) n, SUM(Size__c) FROM Widget__c GROUP BY Colour__c ORDER BY Colour__c',
    );
    assert.deepEqual(body, {
      totalSize: 2,
      done: true,
      records: [
        { attributes: { type: 'AggregateResult' }, Colour__c: 'Red', n: COUNT / 2, expr0: (COUNT / 2) * 1.5 },
        { attributes: { type: 'AggregateResult' }, Colour__c: 'Blue', n: COUNT / 2, expr0: (COUNT / 2) * 1.5 },
      ],
    });
  });

  test('nests parents and children', async () => {
    const parent = (await send('POST', '/sobjects/Widget__c', { Name: 'parent' })).body.id as string;
    await send('POST', '/sobjects/Part__c', { Widget__c: parent, Code__c: 'c1' });
    const [record] = (
      await run(
        `SELECT Name, Parent__r.Name, (SELECT Code__c, Widget__r.Name FROM Parts__r) FROM Widget__c WHERE Id = '${parent}'`,
      )
    ).body.records as Json[];
    assert.equal(record.Parent__r, null);
    assert.deepEqual([record.Parts__r.totalSize, record.Parts__r.done], [1, true]);
    const [part] = record.Parts__r.records;
    assert.equal(part.attributes.type, 'Part__c');
    assert.deepEqual([part.Code__c, part.Widget__r.Name], ['c1', 'parent']);
    const [childless] = (await run("SELECT (SELECT Id FROM Parts__r) FROM Widget__c WHERE Name = 'w00000'")).body
      .records as Json[];
    assert.equal(childless.Parts__r, null);
  });

  test('queryAll finds deleted records', async () => {
    const id = (await send('POST', '/sobjects/Widget__c', { Name: 'deleted' })).body.id as string;
    await send('DELETE', `/sobjects/Widget__c/${id}`);
    const q = encodeURIComponent("SELECT Name, IsDeleted FROM Widget__c WHERE Name = 'deleted'");
    assert.equal((await send('GET', `/query?q=${q}`)).body.totalSize, 0);
    assert.equal((await send('GET', `/queryAll?q=${q}`)).body.records[0].IsDeleted, true);
  });

  test('malformed queries are refused with place and reason', async () => {
    const cases: [string, string, RegExp][] = [
      [
        'SELECT Nope FROM Widget__c',
        'INVALID_FIELD',
        /ERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'Widget__c'/,
      ],
      ['SELECT Id FROM Nothing__c', 'INVALID_TYPE', /sObject type 'Nothing__c' is not supported/],
      ['SELECT Id FRM Widget__c', 'MALFORMED_QUERY', /unexpected token/],
      ["SELECT Id FROM Widget__c WHERE Size__c = 'x'", 'INVALID_FIELD', /Size__c/],
    ];
    for (const [soql, code, message] of cases) {
      const { status, body } = await run(soql);
      assert.deepEqual([status, body[0].errorCode], [400, code], soql);
      assert.match(body[0].message, message);
    }
    assert.equal((await send('GET', '/query')).body[0].errorCode, 'MALFORMED_QUERY');
  });

  test('tells the columns of a query', async () => {
    const { body } = await send(
      'GET',
      `/query?columns=true&q=${encodeURIComponent('SELECT Id, Size__c, CreatedBy.Name FROM Widget__c LIMIT 1')}`,
    );
    assert.deepEqual([body.entityName, body.idSelected, body.groupBy], ['Widget__c', true, false]);
    const names = body.columnMetadata.map(({ columnName, apexType, joinColumns }: Json) => [
      columnName,
      apexType,
      joinColumns.length,
    ]);
    assert.deepEqual(names, [
      ['Id', 'Id', 0],
      ['Size__c', 'Double', 0],
      ['CreatedBy', 'Object', 1],
    ]);
  });

  test('the Tooling API lists classes and triggers, and refuses what it does not have', async () => {
    const tooling = (soql: string) => send('GET', `/tooling/query?q=${encodeURIComponent(soql)}`);
    const classes = (await tooling('SELECT Name FROM ApexClass ORDER BY Name')).body.records.map(
      ({ Name }: Json) => Name,
    );
    assert.deepEqual(classes, ['WidgetApi', 'WidgetTest']);
    assert.equal((await tooling('SELECT Name FROM ApexTrigger')).body.records[0].Name, 'WidgetTrigger');
    const refused = await tooling("SELECT Id FROM TraceFlag WHERE LogType = 'x from y'");
    assert.deepEqual([refused.status, refused.body[0].errorCode], [400, 'INVALID_TYPE']);
  });
});
