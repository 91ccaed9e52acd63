import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ApexBlob,
  ApexDate,
  ApexDouble,
  ApexEnum,
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  ApexTime,
  ApexType,
  SObject,
  toApexString,
  typeNameOf,
} from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { at, dec, fakeRuntime, list, methods, statics } from './fake-runtime.ts';

class Base extends ApexObject {
  static apexName = 'Base';
  static apexFields = [{ name: 'id', member: 'id', type: 'Id' }];
  id: unknown = null;
}

class Order extends Base {
  static override apexName = 'Order';
  static override apexFields = [
    { name: 'total', member: 'total', type: 'Decimal' },
    { name: 'lines', member: 'lines', type: 'List<Order.Line>' },
    { name: 'color', member: 'color', type: 'Color' },
    { name: 'secret', member: 'secret', type: 'String', transient: true },
  ];
  total: unknown = dec('9.90');
  lines: unknown = null;
  color: unknown = null;
  secret: unknown = 'hidden';
}

class Line extends ApexObject {
  static apexName = 'Order.Line';
  static apexFields = [
    { name: 'quantity', member: 'quantity', type: 'Integer' },
    { name: 'weights', member: 'weights', type: 'Map<String,Double>' },
    { name: 'at', member: 'moment', type: 'Datetime' },
  ];
  quantity: unknown = null;
}

const RED = new ApexEnum('Color', 'RED', 0);
const $ = fakeRuntime({ classes: { Order, 'Order.Line': Line, Color: { RED, $values: [RED] } } });
const J = statics('JSON', $);
const type = (ref: string): ApexType => new ApexType(ref);

describe('serialize', () => {
  const account = new SObject('Account', { Name: 'A' });
  const record = new SObject('Case', { Subject: 'x', Status: null, Latitude__c: dec('40.712800') });
  record.load('Id', '500000000000001AAA');
  record.putParent('Account', account);
  const parent = new SObject('Account', { Name: 'P' });
  parent.putChildren('Cases', new ApexList('Case', [new SObject('Case', { Subject: 'c' })]));
  const queried = new SObject('Case');
  queried.loaded = true;
  queried.load('Subject', null);

  const cases: [string, unknown, string][] = [
    ['null', null, 'null'],
    ['text', 'a"\\/\n\u0001é', '"a\\"\\\\/\\n\\u0001é"'],
    ['numbers', list(1, 5n, dec('1.50'), new ApexDouble(2)), '[1,5,1.50,2.0]'],
    ['day', ApexDate.of(2026, 11, 21), '"2026-11-21"'],
    ['moment', at('2026-11-21T07:30:00.5Z'), '"2026-11-21T07:30:00.500Z"'],
    ['time', ApexTime.of(7, 30, 0, 0), '"07:30:00.000Z"'],
    ['blob', ApexBlob.fromString('hi'), '"aGk="'],
    ['enum', RED, '"RED"'],
    ['set', new ApexSet('String', ['b', 'a']), '["b","a"]'],
    ['map', new ApexMap('Integer', 'Object', [[1, null]]), '{"1":null}'],
    [
      'record',
      record,
      '{"attributes":{"type":"Case","url":"/services/data/v67.0/sobjects/Case/500000000000001AAA"},"Subject":"x","Status":null,' +
        '"Latitude__c":40.712800,"Id":"500000000000001AAA","Account":{"attributes":{"type":"Account"},"Name":"A"}}',
    ],
    [
      'children',
      parent,
      '{"attributes":{"type":"Account"},"Name":"P","Cases":{"totalSize":1,"done":true,"records":[{"attributes":{"type":"Case"},"Subject":"c"}]}}',
    ],
    ['empty fields of a queried record are left out', queried, '{"attributes":{"type":"Case"}}'],
    ['object, without transient fields', new Order(), '{"id":null,"total":9.90,"lines":null,"color":null}'],
  ];
  for (const [name, value, expected] of cases) test(name, () => assert.equal(J.serialize!(value), expected));

  test('leaves out nulls of objects when told to', () =>
    assert.equal(J.serialize!(new Order(), true), '{"total":9.90}'));

  test('pretty', () => {
    const value = new ApexMap('String', 'Object', [
      ['a', 1],
      ['b', list(1, 'x')],
      ['c', list(new ApexMap('String', 'Object', [['d', null]]))],
      ['e', list()],
      ['f', new ApexMap('String', 'Object')],
    ]);
    assert.equal(
      J.serializePretty!(value),
      [
        '{',
        '  "a" : 1,',
        '  "b" : [ 1, "x" ],',
        '  "c" : [ {',
        '    "d" : null',
        '  } ],',
        '  "e" : [ ],',
        '  "f" : { }',
        '}',
      ].join('\n'),
    );
  });

  test('what refers to itself ends in an error', () => {
    const looped = list();
    looped.add(looped);
    throwsApex(() => J.serialize!(looped), 'JSONException', /depth/);
  });
});

describe('deserializeUntyped', () => {
  const read = (text: string): unknown => J.deserializeUntyped!(text);
  test('numbers take the narrowest type', () => {
    const numbers = read('[1, 2147483648, 1.5, 9223372036854775808, -0]') as ApexList;
    assert.deepEqual(numbers.items.map(typeNameOf), ['Integer', 'Long', 'Decimal', 'Decimal', 'Integer']);
  });
  test('objects are maps in the order of the text', () => {
    const value = read('{"b": {"x": [true, null]}, "a": "\\u00e9\\n"}') as ApexMap;
    assert.equal(toApexString(value), '{b={x=(true, null)}, a=é\n}');
    assert.equal(value.apexType, 'Map<String,Object>');
  });
  const bad: [string, string][] = [
    ['', 'No content to map to Object due to end of input'],
    [
      '{"a":}',
      "Unexpected character ('}' (code 125)): expected a valid value (number, String, array, object, 'true', 'false' or 'null') at [line:1, column:7]",
    ],
    [
      '{a:1}',
      "Unexpected character ('a' (code 97)): was expecting double-quote to start field name at [line:1, column:3]",
    ],
    [
      '{"a" 1}',
      "Unexpected character ('1' (code 49)): was expecting a colon to separate field name and value at [line:1, column:7]",
    ],
    [
      '[1\n 2]',
      "Unexpected character ('2' (code 50)): was expecting comma to separate ARRAY entries at [line:2, column:3]",
    ],
    ['{"a":1', 'Unexpected end-of-input within/between OBJECT entries at [line:1, column:8]'],
    ['nope', "Unrecognized token 'nope': was expecting 'null', 'true', 'false' or NaN at [line:1, column:5]"],
  ];
  for (const [text, message] of bad)
    test(`error in ${JSON.stringify(text)}`, () => throwsApex(() => read(text), 'JSONException', message));
});

describe('deserialize', () => {
  const read = (text: string, ref: string): any => J.deserialize!(text, type(ref));

  test('primitives and collections', () => {
    assert.equal(toApexString(read('[1.50, null]', 'List<Decimal>')), '(1.50, null)');
    assert.equal(toApexString(read('["b","a"]', 'Set<String>')), '{b, a}');
    assert.equal(toApexString(read('{"1": "x"}', 'Map<Integer,String>')), '{1=x}');
    assert.equal(typeNameOf(read('5', 'Long')), 'Long');
    assert.equal(read('"500000000000001"', 'Id'), '500000000000001AAA');
    assert.equal(read('5', 'String'), '5');
    assert.equal(read('"aGk="', 'Blob').text(), 'hi');
  });

  for (const text of ['2026-11-21T07:30:00Z', '2026-11-21T07:30:00.000+0000', '2026-11-21T02:30:00-05:00']) {
    test(`moment ${text}`, () => assert.equal(read(`"${text}"`, 'Datetime').toIso(), '2026-11-21T07:30:00.000Z'));
  }

  test('objects: inherited, nested and enum fields; names regard no case; constructors do not run', () => {
    const order = read(
      '{"ID":"500000000000001","total":1,"color":"red","lines":[{"quantity":2,"weights":{"a":1},"at":"2026-11-21T07:30:00Z"}],"more":{}}',
      'Order',
    );
    assert.ok(order instanceof Order);
    assert.equal(order.id, '500000000000001AAA');
    assert.equal(toApexString(order.total), '1');
    assert.equal(order.color, RED);
    assert.equal(order.secret, null);
    const line = (order.lines as ApexList).get(0);
    assert.equal(toApexString(line.weights), '{a=1.0}');
    assert.equal(line.moment.toIso(), '2026-11-21T07:30:00.000Z');
  });

  test('strictly, unknown fields are errors', () => {
    throwsApex(
      () => J.deserializeStrict!('{"more":1}', type('Order')),
      'JSONException',
      /^Unrecognized field "more" at \[line:1, column:\d+\]$/,
    );
  });

  test('records', () => {
    const record = read(
      '{"attributes":{"type":"Case"},"subject":"x","Reported_At__c":"2026-11-21T07:30:00.000+0000","Latitude__c":40.5,"Account":{"Name":"A"}}',
      'Case',
    ) as SObject;
    assert.equal(
      toApexString(record),
      'Case:{Subject=x, Reported_At__c=2026-11-21 07:30:00, Latitude__c=40.5, Account=Account:{Name=A}}',
    );
    assert.equal(record.get('Status'), null);
    assert.equal(read('{"attributes":{"type":"Account"}}', 'SObject').type, 'Account');
    const parent = read('{"Cases":{"totalSize":1,"done":true,"records":[{"Subject":"c"}]}}', 'Account') as SObject;
    assert.equal(parent.childRecords('cases')!.get(0).get('Subject'), 'c');
  });

  const bad: [string, string, string | RegExp][] = [
    [
      '"x"',
      'Integer',
      /^Cannot deserialize instance of integer from VALUE_STRING value x or request may be missing a required field at \[line:1, column:\d+\]$/,
    ],
    ['1.5', 'Integer', /^Cannot deserialize instance of integer from VALUE_NUMBER_FLOAT/],
    ['"soon"', 'Date', /^Cannot deserialize instance of date from VALUE_STRING value soon/],
    ['{}', 'String', /^Illegal value for primitive/],
    ['{}', 'List<String>', /^Malformed JSON: Expected '\[' at the beginning of List/],
    ['[]', 'Order', /^Malformed JSON: Expected '\{' at the beginning of object/],
    ['{"x":1}', 'Case', /^No such column 'x' on sobject of type Case/],
    ['1', 'Object', 'Apex Type unsupported in JSON: Object'],
    ['{"a":1}', 'Map<String,Object>', 'Apex Type unsupported in JSON: Object'],
    ['{}', 'Http', 'Apex Type unsupported in JSON: Http'],
  ];
  for (const [text, ref, message] of bad)
    test(`${text} as ${ref}`, () => throwsApex(() => read(text, ref), 'JSONException', message));

  test('results of DML, which tests cannot make otherwise', () => {
    const result = read(
      '{"success":false,"id":null,"errors":[{"message":"no","statusCode":"REQUIRED_FIELD_MISSING","fields":["Name"]}]}',
      'Database.SaveResult',
    ) as unknown;
    const R = methods('Database.SaveResult', $);
    const error = (R.getErrors!(result) as ApexList).get(0) as unknown;
    const E = methods('Database.Error', $);
    assert.equal(R.isSuccess!(result), false);
    assert.equal(E.getMessage!(error), 'no');
    assert.equal(E.getStatusCode!(error), $.std['statuscode']!.sp!['required_field_missing']!.get());
    assert.equal(toApexString(E.getFields!(error)), '(Name)');
  });
});

test('what is written is read again', () => {
  const value = new ApexList('Case', [
    new SObject('Case', { Subject: 'ä', Due_Date__c: ApexDate.of(2026, 1, 2), IsEscalated: true }),
  ]);
  const copy = J.deserialize!(J.serialize!(value), type('List<Case>')) as ApexList;
  assert.ok(copy.sameContent(value));
});

describe('generator', () => {
  const G = methods('JSONGenerator');
  test('writes fields of all types', () => {
    const gen = J.createGenerator!(false) as unknown;
    G.writeStartObject!(gen);
    G.writeStringField!(gen, 's', 'x');
    G.writeNumberField!(gen, 'n', dec('1.0'));
    G.writeNullField!(gen, 'z');
    G.writeFieldName!(gen, 'a');
    G.writeStartArray!(gen);
    G.writeBoolean!(gen, true);
    G.writeObject!(gen, new SObject('Case'));
    G.writeEndArray!(gen);
    G.writeDateTimeField!(gen, 'd', at('2026-11-21T07:30:00Z'));
    G.writeEndObject!(gen);
    assert.equal(
      G.getAsString!(gen),
      '{"s":"x","n":1.0,"z":null,"a":[true,{"attributes":{"type":"Case"}}],"d":"2026-11-21T07:30:00.000Z"}',
    );
  });
  test('refuses what would not be JSON', () => {
    const gen = J.createGenerator!(false) as unknown;
    G.writeStartObject!(gen);
    throwsApex(() => G.writeString!(gen, 'x'), 'JSONException', 'Can not write a value, expecting field name');
    throwsApex(() => G.writeEndArray!(gen), 'JSONException', 'Current context not an array');
    G.close!(gen);
    throwsApex(() => G.writeFieldName!(gen, 'x'), 'JSONException', 'The generator is closed');
  });
});

describe('parser', () => {
  const P = methods('JSONParser', $);
  const name = (token: ApexEnum | null): string | null => token?.name ?? null;

  test('walks through tokens', () => {
    const parser = J.createParser!('{"a":[1,{"b":null}],"c":"x"}') as unknown;
    const seen: (string | null)[] = [];
    while (P.nextToken!(parser) !== null)
      seen.push(
        `${name(P.getCurrentToken!(parser))} ${String(P.getCurrentName!(parser))} ${String(P.getText!(parser))}`,
      );
    assert.deepEqual(seen, [
      'START_OBJECT null {',
      'FIELD_NAME a a',
      'START_ARRAY a [',
      'VALUE_NUMBER_INT null 1',
      'START_OBJECT null {',
      'FIELD_NAME b b',
      'VALUE_NULL b null',
      'END_OBJECT null }',
      'END_ARRAY a ]',
      'FIELD_NAME c c',
      'VALUE_STRING c x',
      'END_OBJECT null }',
    ]);
    assert.equal(P.hasCurrentToken!(parser), false);
  });

  test('reads values of types', () => {
    const parser = J.createParser!('{"total":1.5,"lines":[{"quantity":1}],"n":7.9,"t":true}') as unknown;
    P.nextToken!(parser);
    P.nextToken!(parser);
    P.nextToken!(parser);
    assert.equal(toApexString(P.getDecimalValue!(parser)), '1.5');
    P.nextToken!(parser);
    const lines = P.readValueAs!(parser, type('List<Order.Line>')) as ApexList;
    assert.equal(lines.get(0).quantity, 1);
    assert.equal(name(P.getCurrentToken!(parser)), 'END_ARRAY');
    P.nextValue!(parser);
    assert.equal(P.getIntegerValue!(parser), 7);
    assert.equal(P.getCurrentName!(parser), 'n');
    P.nextValue!(parser);
    assert.equal(P.getBooleanValue!(parser), true);
    throwsApex(() => P.getIntegerValue!(parser), 'JSONException', 'Current token (VALUE_TRUE) not numeric');
  });

  test('skips what it opened', () => {
    const parser = J.createParser!('[[1,[2]],3]') as unknown;
    P.nextToken!(parser);
    P.nextToken!(parser);
    P.skipChildren!(parser);
    P.nextToken!(parser);
    assert.equal(P.getText!(parser), '3');
  });
});
