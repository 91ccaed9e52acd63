import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { widgetOrg, type Json } from '../support/widget-org.ts';

const { org, send, query } = widgetOrg();
after(() => org.close());

const widget = (fields: object): object => ({ attributes: { type: 'Widget__c' }, ...fields });
const create = async (...records: object[]): Promise<string[]> =>
  (await send('POST', '/composite/sobjects', { records: records.map(widget) })).body.map(
    ({ id }: Json) => id as string,
  );
const outcomes = (body: Json): [boolean, string?][] =>
  body.map(({ success, errors }: Json) => (success ? [true] : [false, errors[0].statusCode]));

test('one failing record fails no other', async () => {
  const { status, body } = await send('POST', '/composite/sobjects', {
    records: [
      widget({ Name: 'a' }),
      widget({ Name: 'refused' }),
      widget({ Nope: 1 }),
      { Name: 'untyped' },
      widget({ Name: 'x', Size__c: [] }),
      widget({ Name: 'b' }),
    ],
  });
  assert.equal(status, 200);
  assert.deepEqual(outcomes(body), [
    [true],
    [false, 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
    [false, 'INVALID_FIELD'],
    [false, 'INVALID_TYPE'],
    [false, 'JSON_PARSER_ERROR'],
    [true],
  ]);
  assert.deepEqual(body[1], {
    success: false,
    errors: [{ statusCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'This name is refused', fields: ['Name'] }],
  });
  assert.deepEqual(Object.keys(body[0]), ['id', 'success', 'errors']);
});

test('with allOrNone one failing record rolls back all, across types', async () => {
  const before = (await query('SELECT Id FROM Account')).length;
  const { body } = await send('POST', '/composite/sobjects', {
    allOrNone: true,
    records: [{ attributes: { type: 'Account' }, Name: 'acme' }, widget({ Name: 'refused' })],
  });
  assert.deepEqual(outcomes(body), [
    [false, 'ALL_OR_NONE_OPERATION_ROLLED_BACK'],
    [false, 'FIELD_CUSTOM_VALIDATION_EXCEPTION'],
  ]);
  assert.equal((await query('SELECT Id FROM Account')).length, before);
  const unreadable = await send('POST', '/composite/sobjects', {
    allOrNone: true,
    records: [widget({ Name: 'fine' }), widget({ Nope: 1 })],
  });
  assert.deepEqual(outcomes(unreadable.body), [
    [false, 'ALL_OR_NONE_OPERATION_ROLLED_BACK'],
    [false, 'INVALID_FIELD'],
  ]);
});

test('updates, upserts and deletes collections', async () => {
  const [first, second] = await create({ Name: 'u1', Key__c: 'c1' }, { Name: 'u2', Key__c: 'c2' });
  const updated = await send('PATCH', '/composite/sobjects', {
    records: [
      widget({ id: first, Size__c: 1 }),
      widget({ Id: second, Size__c: 2 }),
      widget({ Size__c: 3 }),
      widget({ id: '001000000000001AAA' }),
    ],
  });
  assert.deepEqual(outcomes(updated.body), [[true], [true], [false, 'MISSING_ARGUMENT'], [false, 'MALFORMED_ID']]);
  const upserted = await send('PATCH', '/composite/sobjects/Widget__c/Key__c', {
    records: [
      widget({ Key__c: 'C1', Name: 'again' }),
      widget({ Key__c: 'c3', Name: 'new' }),
      widget({ Name: 'no key' }),
    ],
  });
  assert.deepEqual(
    upserted.body.map(({ success, created }: Json) => [success, created]),
    [
      [true, false],
      [true, true],
      [false, undefined],
    ],
  );
  assert.equal(upserted.body[0].id, first);
  const deleted = await send('DELETE', `/composite/sobjects?ids=${first},${second},nonsense`);
  assert.deepEqual(outcomes(deleted.body), [[true], [true], [false, 'MALFORMED_ID']]);
  assert.equal((await query("SELECT Id FROM Widget__c WHERE Key__c IN ('c1','c2')")).length, 0);
});

test('reads records by id, in order, null for what is not there', async () => {
  const [first, second] = await create({ Name: 'r1' }, { Name: 'r2' });
  const ids = [second, 'a01000000009999AAA', first];
  const expected = ['r2', null, 'r1'];
  const names = (body: Json): unknown[] => body.map((record: Json) => record && record.Name);
  assert.deepEqual(
    names((await send('GET', `/composite/sobjects/Widget__c?ids=${ids.join()}&fields=Id,Name`)).body),
    expected,
  );
  assert.deepEqual(
    names((await send('POST', '/composite/sobjects/Widget__c', { ids, fields: ['Name'] })).body),
    expected,
  );
});

test('takes 200 records and no more', async () => {
  const records = Array.from({ length: 201 }, () => widget({ Name: 'many' }));
  const refused = await send('POST', '/composite/sobjects', { records });
  assert.deepEqual(refused.body, [
    {
      message: 'record limit reached. cannot submit more than 200 records into this call',
      errorCode: 'EXCEEDED_ID_LIMIT',
    },
  ]);
  assert.equal((await send('POST', '/composite/sobjects', { records: records.slice(1) })).body.length, 200);
});

test('creates a tree of records with their children', async () => {
  const tree = {
    records: [
      {
        attributes: { type: 'Widget__c', referenceId: 'w1' },
        Name: 'trunk',
        Parts__r: {
          records: [
            { attributes: { type: 'Part__c', referenceId: 'p1' }, Code__c: 'a' },
            { attributes: { type: 'Part__c', referenceId: 'p2' }, Code__c: 'b' },
          ],
        },
      },
    ],
  };
  const { status, body } = await send('POST', '/composite/tree/Widget__c', tree);
  assert.deepEqual([status, body.hasErrors], [201, false]);
  assert.deepEqual(
    body.results.map(({ referenceId }: Json) => referenceId),
    ['w1', 'p1', 'p2'],
  );
  const [parent] = body.results;
  assert.deepEqual(
    (await query(`SELECT Code__c FROM Part__c WHERE Widget__c = '${parent.id}' ORDER BY Code__c`)).map(
      ({ Code__c }) => Code__c,
    ),
    ['a', 'b'],
  );
});

test('a tree with a failing record creates nothing and names the record', async () => {
  const before = (await query('SELECT Id FROM Widget__c')).length;
  const part = (referenceId: string, fields: object): object => ({
    attributes: { type: 'Part__c', referenceId },
    ...fields,
  });
  const tree = (...parts: object[]): object => ({
    records: [{ attributes: { type: 'Widget__c', referenceId: 'w1' }, Name: 'fallen', Parts__r: { records: parts } }],
  });
  const missing = await send('POST', '/composite/tree/Widget__c', tree(part('p1', { Code__c: 'a' }), part('p2', {})));
  assert.deepEqual([missing.status, missing.body.hasErrors], [400, true]);
  assert.deepEqual(
    missing.body.results.map(({ referenceId, errors }: Json) => [referenceId, errors[0].statusCode]),
    [['p2', 'REQUIRED_FIELD_MISSING']],
  );
  const repeated = await send('POST', '/composite/tree/Widget__c', tree(part('w1', { Code__c: 'a' })));
  assert.equal(repeated.body.results[0].errors[0].message, 'Duplicate ReferenceId provided in the request.');
  assert.equal((await query('SELECT Id FROM Widget__c')).length, before);
});
