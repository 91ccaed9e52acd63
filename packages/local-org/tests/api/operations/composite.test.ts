import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { D, widgetOrg, type Json } from '../support/widget-org.ts';

const { org, send, query } = widgetOrg();
after(() => org.close());

const post = (referenceId: string, body: object): object => ({
  method: 'POST',
  url: `${D}/sobjects/Widget__c`,
  referenceId,
  body,
});
const countOf = async (name: string): Promise<number> =>
  (await query(`SELECT Id FROM Widget__c WHERE Name = '${name}'`)).length;

test('later subrequests use the results of earlier ones; the call counts once', async () => {
  const before = (await send('GET', '/limits')).body.DailyApiRequests.Remaining;
  const { status, body } = await send('POST', '/composite', {
    compositeRequest: [
      post('parent', { Name: 'cp', Size__c: 3 }),
      post('child', { Name: 'cc', Parent__c: '@{parent.id}' }),
      { method: 'GET', url: `${D}/sobjects/Widget__c/@{parent.id}?fields=Size__c`, referenceId: 'read' },
      {
        method: 'PATCH',
        url: `${D}/sobjects/Widget__c/@{child.id}`,
        referenceId: 'write',
        body: { Size__c: '@{read.Size__c}' },
      },
      {
        method: 'GET',
        url: `${D}/query?q=SELECT+Name,Size__c+FROM+Widget__c+WHERE+Id='@{child.id}'`,
        referenceId: 'found',
      },
    ],
  });
  assert.equal(status, 200);
  const [parent, , , write, found] = body.compositeResponse;
  assert.deepEqual(parent, {
    body: { id: parent.body.id, success: true, errors: [] },
    httpHeaders: { Location: `${D}/sobjects/Widget__c/${parent.body.id}` },
    httpStatusCode: 201,
    referenceId: 'parent',
  });
  assert.deepEqual(write, { body: null, httpHeaders: {}, httpStatusCode: 204, referenceId: 'write' });
  assert.deepEqual([found.body.records[0].Name, found.body.records[0].Size__c], ['cc', 3]);
  assert.equal((await send('GET', '/limits')).body.DailyApiRequests.Remaining, before - 2);
});

test('without allOrNone a failure stands alone, and halts those that refer to it', async () => {
  const { body } = await send('POST', '/composite', {
    compositeRequest: [
      post('bad', { Name: 'refused' }),
      post('good', { Name: 'alone' }),
      post('dependent', { Name: 'dependent', Parent__c: '@{bad.id}' }),
    ],
  });
  assert.deepEqual(
    body.compositeResponse.map(({ httpStatusCode }: Json) => httpStatusCode),
    [400, 201, 400],
  );
  assert.equal(body.compositeResponse[0].body[0].errorCode, 'FIELD_CUSTOM_VALIDATION_EXCEPTION');
  assert.equal(body.compositeResponse[2].body[0].errorCode, 'PROCESSING_HALTED');
  assert.equal(await countOf('alone'), 1);
});

test('allOrNone rolls everything back and says so', async () => {
  const { status, body } = await send('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [
      post('first', { Name: 'rolled' }),
      post('bad', { Name: 'refused' }),
      post('last', { Name: 'never' }),
    ],
  });
  assert.equal(status, 200);
  const codes = body.compositeResponse.map(({ httpStatusCode, body: [error] }: Json) => [
    httpStatusCode,
    error.errorCode,
  ]);
  assert.deepEqual(codes, [
    [400, 'PROCESSING_HALTED'],
    [400, 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    [400, 'PROCESSING_HALTED'],
  ]);
  assert.equal(await countOf('rolled'), 0);
});

test('allOrNone keeps everything when all is well, events included', async () => {
  const newest = async (): Promise<number> => (await query('SELECT Id FROM Widget__c')).length;
  const before = await newest();
  await send('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [post('a', { Name: 'kept' }), post('b', { Name: 'kept' })],
  });
  assert.equal(await newest(), before + 2);
});

test('refuses composites that are too large, repeat a reference, or nest', async () => {
  const queryOf = (index: number): object => ({ method: 'GET', url: `${D}/query?q=x`, referenceId: `q${index}` });
  const many = (count: number, make: (index: number) => object): object => ({
    compositeRequest: Array.from({ length: count }, (_, index) => make(index)),
  });
  const cases: [object, string][] = [
    [many(26, (index) => post(`r${index}`, {})), 'LIMIT_EXCEEDED'],
    [many(6, queryOf), 'LIMIT_EXCEEDED'],
    [many(2, () => post('same', {})), 'INVALID_INPUT'],
    [many(1, () => post('not-a-name', {})), 'INVALID_INPUT'],
    [many(1, () => ({ method: 'POST', url: `${D}/composite`, referenceId: 'x' })), 'INVALID_INPUT'],
    [{}, 'INVALID_INPUT'],
  ];
  for (const [body, code] of cases) {
    const answer = await send('POST', '/composite', body);
    assert.deepEqual([answer.status, answer.body[0].errorCode], [400, code]);
  }
});

test('a batch runs independent requests, each counted, and halts when asked to', async () => {
  const requests = [
    { method: 'POST', url: 'v67.0/sobjects/Widget__c', richInput: { Name: 'batch' } },
    { method: 'GET', url: 'v67.0/sobjects/Nothing' },
    { method: 'GET', url: 'v67.0/limits' },
  ];
  const remaining = async (): Promise<number> =>
    (await send('GET', '/limits')).body.DailyApiRequests.Remaining as number;
  const before = await remaining();
  const { body } = await send('POST', '/composite/batch', { batchRequests: requests });
  assert.equal(await remaining(), before - requests.length - 1);
  assert.equal(body.hasErrors, true);
  assert.deepEqual(
    body.results.map(({ statusCode }: Json) => statusCode),
    [201, 404, 200],
  );
  const halted = (await send('POST', '/composite/batch', { batchRequests: requests, haltOnError: true })).body;
  assert.deepEqual(
    halted.results.map(({ statusCode }: Json) => statusCode),
    [201, 404, 412],
  );
  assert.equal(halted.results[2].result[0].errorCode, 'BATCH_PROCESSING_HALTED');
});

test('allOrNone reaches into collections, whatever they say themselves', async () => {
  const { body } = await send('POST', '/composite', {
    allOrNone: true,
    compositeRequest: [
      post('first', { Name: 'reach' }),
      {
        method: 'POST',
        url: `${D}/composite/sobjects`,
        referenceId: 'many',
        body: {
          allOrNone: false,
          records: ['reach', 'refused'].map((Name) => ({ attributes: { type: 'Widget__c' }, Name })),
        },
      },
    ],
  });
  const [first, many] = body.compositeResponse;
  assert.equal(first.body[0].errorCode, 'PROCESSING_HALTED');
  assert.deepEqual(
    many.body.map(({ errors: [error] }: Json) => error.statusCode),
    ['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
  );
  assert.equal(await countOf('reach'), 0);
});
