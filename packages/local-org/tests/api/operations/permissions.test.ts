import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { makeReader, READER_APP, type Reader } from '../support/reader.ts';
import { D, widgetOrg, type Answered, type Json } from '../support/widget-org.ts';

const widgets = widgetOrg({ connectedApps: [READER_APP] });
const { org, send } = widgets;
after(() => org.close());

let asReader: Reader['send'];
let id: string;

describe('what a user may not', () => {
  before(async () => {
    ({ send: asReader } = await makeReader(widgets));
    id = (await send('POST', '/sobjects/Widget__c', { Name: 'seen', Secret__c: 'hidden', Size__c: 1 })).body
      .id as string;
  });

  const errorOf = ({ status, body }: Answered): [number, string] => [status, body[0].errorCode as string];

  test('a field the user may not see does not exist', async () => {
    const record = (await asReader('GET', `/sobjects/Widget__c/${id}`)).body;
    assert.equal(record.Size__c, 1);
    assert.equal('Secret__c' in record, false);
    const names = (await asReader('GET', '/sobjects/Widget__c/describe')).body.fields.map(({ name }: Json) => name);
    assert.equal(names.includes('Secret__c'), false);
    const noSuchColumn: [number, string] = [400, 'INVALID_FIELD'];
    assert.deepEqual(errorOf(await asReader('GET', `/sobjects/Widget__c/${id}?fields=Secret__c`)), noSuchColumn);
    assert.deepEqual(errorOf(await asReader('POST', '/sobjects/Widget__c', { Secret__c: 'x' })), noSuchColumn);
    assert.deepEqual(
      errorOf(
        await asReader('GET', `/query?q=${encodeURIComponent("SELECT Id FROM Widget__c WHERE Secret__c = 'x'")}`),
      ),
      noSuchColumn,
    );
  });

  test('a field the user may only read cannot be written', async () => {
    const refused = await asReader('PATCH', `/sobjects/Widget__c/${id}`, { Size__c: 2 });
    assert.deepEqual(errorOf(refused), [400, 'INVALID_FIELD_FOR_INSERT_UPDATE']);
    assert.deepEqual(refused.body[0].fields, ['Size__c']);
    assert.equal((await asReader('PATCH', `/sobjects/Widget__c/${id}`, { Key__c: 'written' })).status, 204);
    const described = (await asReader('GET', '/sobjects/Widget__c/describe')).body;
    const size = described.fields.find(({ name }: Json) => name === 'Size__c');
    assert.deepEqual([size.createable, size.updateable, described.deletable], [false, false, false]);
  });

  test('an object the user may not see does not exist', async () => {
    assert.deepEqual(errorOf(await asReader('GET', '/sobjects/Part__c/describe')), [404, 'NOT_FOUND']);
    assert.deepEqual(errorOf(await asReader('GET', '/query?q=SELECT+Id+FROM+Part__c')), [400, 'INVALID_TYPE']);
    const { sobjects } = (await asReader('GET', '/sobjects')).body;
    assert.equal(
      sobjects.some(({ name }: Json) => name === 'Part__c'),
      false,
    );
  });

  test('a right the user does not have is refused', async () => {
    assert.deepEqual(errorOf(await asReader('DELETE', `/sobjects/Widget__c/${id}`)), [
      403,
      'INSUFFICIENT_ACCESS_OR_READONLY',
    ]);
    assert.deepEqual(errorOf(await asReader('GET', '/services/apexrest/widgets/x')), [403, 'FORBIDDEN']);
    const anonymous = `/tooling/executeAnonymous?anonymousBody=${encodeURIComponent('System.debug(1);')}`;
    assert.deepEqual(errorOf(await asReader('GET', anonymous)), [403, 'INSUFFICIENT_ACCESS']);
    const tests = await asReader('POST', '/tooling/runTestsSynchronous', { tests: [{ className: 'WidgetTest' }] });
    assert.deepEqual(errorOf(tests), [403, 'INSUFFICIENT_ACCESS']);
  });

  test('parts of a composite call are held to the same rights', async () => {
    const { body } = await asReader('POST', '/composite', {
      compositeRequest: [
        { method: 'PATCH', url: `${D}/sobjects/Widget__c/${id}`, referenceId: 'a', body: { Size__c: 9 } },
      ],
    });
    assert.equal(body.compositeResponse[0].body[0].errorCode, 'INVALID_FIELD_FOR_INSERT_UPDATE');
  });
});
