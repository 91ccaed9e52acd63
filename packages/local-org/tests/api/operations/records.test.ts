import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { D, widgetOrg } from '../support/widget-org.ts';

const { org, send, query } = widgetOrg();
after(() => org.close());

const create = async (fields: object): Promise<string> =>
  (await send('POST', '/sobjects/Widget__c', fields)).body.id as string;

test("creates a record and reads it back, values in the API's forms", async () => {
  const created = await send('POST', '/sobjects/widget__c', {
    Name: 'one',
    Key__c: 'k1',
    Size__c: '2.5',
    Made_At__c: '2026-01-01T10:00:00+02:00',
    Made_On__c: '2026-02-03',
    Active__c: true,
  });
  assert.equal(created.status, 201);
  const { id } = created.body;
  assert.deepEqual(created.body, { id, success: true, errors: [] });
  assert.equal(created.headers.location, `${D}/sobjects/Widget__c/${id}`);
  const { status, body } = await send(
    'GET',
    `/sobjects/Widget__c/${id.slice(0, 15)}?fields=Id,name,Size__c,Made_At__c,Made_On__c,Active__c,Secret__c`,
  );
  assert.equal(status, 200);
  assert.deepEqual(body, {
    attributes: { type: 'Widget__c', url: `${D}/sobjects/Widget__c/${id}` },
    Id: id,
    Name: 'one',
    Size__c: 2.5,
    Made_At__c: '2026-01-01T08:00:00.000+0000',
    Made_On__c: '2026-02-03',
    Active__c: true,
    Secret__c: null,
  });
  const all = (await send('GET', `/sobjects/Widget__c/${id}`)).body;
  assert.equal(all.CreatedDate, '2026-11-21T07:30:00.000+0000');
  assert.equal(all.Colour__c, 'Red');
});

test('updates and deletes by id without a body', async () => {
  const id = await create({ Name: 'changing' });
  assert.deepEqual(
    await send('PATCH', `/sobjects/Widget__c/${id}`, { Name: 'changed' }).then(({ status, body }) => [status, body]),
    [204, null],
  );
  assert.equal((await query(`SELECT Name FROM Widget__c WHERE Id = '${id}'`))[0].Name, 'changed');
  assert.equal((await send('POST', `/sobjects/Widget__c/${id}?_HttpMethod=PATCH`, { Name: 'again' })).status, 204);
  assert.equal((await send('DELETE', `/sobjects/Widget__c/${id}`)).status, 204);
  for (const [method, body] of [['GET'], ['PATCH', { Name: 'x' }], ['DELETE']] as [string, object?][]) {
    const gone = await send(method, `/sobjects/Widget__c/${id}`, body);
    assert.deepEqual(
      [gone.status, gone.body[0].errorCode, gone.body[0].message],
      [404, 'ENTITY_IS_DELETED', 'entity is deleted'],
      method,
    );
  }
});

test("refuses what is wrong with a body, in Salesforce's words", async () => {
  const cases: [object | string, string, string, string[]?][] = [
    [{ Nope: 1 }, 'INVALID_FIELD', "No such column 'Nope' on sobject of type Widget__c"],
    [{ Id: 'x' }, 'INVALID_FIELD', 'The Id field should not be specified in the sobject data.'],
    [
      { Name: 'x', Size__c: 'abc' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of double from VALUE_STRING value abc or request may be missing a required field at [line:1, column:23]',
    ],
    [
      { Name: 'x', Made_At__c: '2017-10-17 00:00:00' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of datetime from VALUE_STRING value 2017-10-17 00:00:00 or request may be missing a required field at [line:1, column:26]',
    ],
    [
      { Name: 'x', Colour__c: ['Red'] },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of picklist from START_ARRAY value [line:1, column:25]',
    ],
    ['{"Name":', 'JSON_PARSER_ERROR', 'Unexpected end-of-input at [line:1, column:9]'],
    ['', 'JSON_PARSER_ERROR', 'The HTTP entity body is required, but this request has no entity body.'],
    [
      { Name: 'x', CreatedDate: '2026-01-01' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: CreatedDate. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      ['CreatedDate'],
    ],
    [{ Name: 'refused' }, 'FIELD_CUSTOM_VALIDATION_EXCEPTION', 'This name is refused', ['Name']],
    [
      { Name: 'x', Colour__c: 'Green' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Colour: bad value for restricted picklist field: Green',
      ['Colour__c'],
    ],
    [
      { Name: 'x', Key__c: 'x'.repeat(41) },
      'STRING_TOO_LONG',
      `Key: data value too large: ${'x'.repeat(41)} (max length=40)`,
      ['Key__c'],
    ],
  ];
  for (const [body, errorCode, message, fields] of cases) {
    const refused = await send('POST', '/sobjects/Widget__c', body);
    assert.equal(refused.status, 400, message);
    assert.deepEqual(refused.body, [{ message, errorCode, ...(fields ? { fields } : {}) }]);
  }
  const missing = await send('POST', '/sobjects/Part__c', {});
  assert.equal(missing.body[0].errorCode, 'REQUIRED_FIELD_MISSING');
});

test('unknown objects, ids and fields are not there', async () => {
  const cases: [string, string][] = [
    ['/sobjects/Nothing__c', 'The requested resource does not exist'],
    ['/sobjects/Widget__c/a01000000009999AAA', 'The requested resource does not exist'],
    ['/sobjects/Widget__c/nonsense', 'Provided external ID field does not exist or is not accessible: nonsense'],
    ['/sobjects/Widget__c/Size__c/1', 'Provided external ID field does not exist or is not accessible: Size__c'],
    ['/sobjects/Widget__c/Key__c/unknown', 'The requested resource does not exist'],
  ];
  for (const [path, message] of cases) {
    const { status, body } = await send('GET', path);
    assert.deepEqual([status, body], [404, [{ message, errorCode: 'NOT_FOUND' }]], path);
  }
});

test('upserts by external id: 201 when created, 200 when updated', async () => {
  const first = await send('PATCH', '/sobjects/Widget__c/Key__c/up%2F1', { Name: 'up' });
  assert.deepEqual([first.status, first.body.created], [201, true]);
  const second = await send('PATCH', '/sobjects/Widget__c/Key__c/UP%2F1', { Size__c: 7 });
  assert.deepEqual(
    [second.status, second.body],
    [200, { id: first.body.id, success: true, errors: [], created: false }],
  );
  const found = await send('GET', '/sobjects/Widget__c/Key__c/up%2F1');
  assert.deepEqual([found.body.Name, found.body.Size__c], ['up', 7]);
  const repeated = await send('PATCH', '/sobjects/Widget__c/Key__c/up%2F1', { Key__c: 'other' });
  assert.equal(repeated.body[0].message, 'The Key__c field should not be specified in the sobject data.');
  assert.equal((await send('DELETE', '/sobjects/Widget__c/Key__c/up%2F1')).status, 204);
});

test('an external id that several records have answers 300 and their URLs', async () => {
  const ids = [await create({ Name: 'g1', Group__c: 'g' }), await create({ Name: 'g2', Group__c: 'g' })];
  for (const [method, body] of [['GET'], ['PATCH', { Name: 'x' }], ['DELETE']] as [string, object?][]) {
    const answer = await send(method, '/sobjects/Widget__c/Group__c/g', body);
    assert.equal(answer.status, 300);
    assert.deepEqual(answer.body.toSorted(), ids.map((id) => `${D}/sobjects/Widget__c/${id}`).toSorted());
  }
});

test('a parent may be named by its external id', async () => {
  const parent = await create({ Name: 'parent', Key__c: 'p1' });
  const child = await create({ Name: 'child', Parent__r: { Key__c: 'p1' } });
  assert.equal((await query(`SELECT Parent__c FROM Widget__c WHERE Id = '${child}'`))[0].Parent__c, parent);
  const unknown = await send('POST', '/sobjects/Widget__c', { Name: 'x', Parent__r: { Key__c: 'p2' } });
  assert.deepEqual(unknown.body, [
    {
      message: 'Foreign key external ID: p2 not found for field Key__c in entity Widget__c',
      errorCode: 'INVALID_FIELD',
    },
  ]);
  assert.equal((await send('PATCH', `/sobjects/Widget__c/${child}`, { Parent__r: null })).status, 204);
});

test('follows relationships to parents and children', async () => {
  const parent = await create({ Name: 'above' });
  const child = await create({ Name: 'below', Parent__c: parent });
  assert.equal((await send('GET', `/sobjects/Widget__c/${child}/Parent__r`)).body.Id, parent);
  const { body } = await send('GET', `/sobjects/Widget__c/${parent}/Children__r?fields=Name`);
  assert.deepEqual(
    body.records.map(({ Name }: { Name: string }) => Name),
    ['below'],
  );
  assert.equal((await send('GET', `/sobjects/Widget__c/${parent}/Nothing__r`)).status, 404);
});

test('a duplicate names the record that is in the way', async () => {
  const id = await create({ Name: 'd', Key__c: 'dup' });
  const { status, body } = await send('POST', '/sobjects/Widget__c', { Name: 'd2', Key__c: 'DUP' });
  assert.equal(status, 400);
  assert.equal(body[0].errorCode, 'DUPLICATE_VALUE');
  assert.match(
    body[0].message,
    new RegExp(`duplicate value found: Key__c duplicates value on record with id: ${id.slice(0, 15)}`),
  );
});

test('publishes a platform event', async () => {
  const { status, body } = await send('POST', '/sobjects/Widget_Event__e', { Text__c: 'hello' });
  assert.equal(status, 201);
  assert.equal(body.success, true);
  assert.equal(body.errors[0].statusCode, 'OPERATION_ENQUEUED');
});

test('describes objects and lists them', async () => {
  const { sobjects } = (await send('GET', '/sobjects')).body;
  assert.ok(sobjects.some(({ name, custom }: { name: string; custom: boolean }) => name === 'Widget__c' && custom));
  const { body } = await send('GET', '/sobjects/Widget__c/describe');
  const field = (name: string) => body.fields.find((each: { name: string }) => each.name === name);
  assert.deepEqual(
    field('Colour__c').picklistValues.map(({ value, defaultValue }: { value: string; defaultValue: boolean }) => [
      value,
      defaultValue,
    ]),
    [
      ['Red', true],
      ['Blue', false],
    ],
  );
  assert.deepEqual(
    [field('Size__c').soapType, field('Size__c').precision, field('Size__c').scale],
    ['xsd:double', 9, 2],
  );
  assert.deepEqual([field('Key__c').externalId, field('Key__c').idLookup, field('Key__c').unique], [true, true, true]);
  assert.deepEqual([field('Parent__c').referenceTo, field('Parent__c').relationshipName], [['Widget__c'], 'Parent__r']);
  assert.deepEqual(
    body.childRelationships.map(({ relationshipName }: { relationshipName: string }) => relationshipName).toSorted(),
    ['Children__r', 'Parts__r'],
  );
  assert.equal(body.recordTypeInfos.at(-1).recordTypeId, '012000000000000AAA');
  assert.equal((await send('GET', '/sobjects/Widget__c')).body.objectDescribe.keyPrefix, body.keyPrefix);
});
