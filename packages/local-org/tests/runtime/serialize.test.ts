import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deserialize, type GraphHome } from '../../src/platform/runtime/async/deserialize.ts';
import { serialize } from '../../src/platform/runtime/async/serialize.ts';
import {
  AddressObject,
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexEnum,
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  ApexTime,
  ApexType,
  Decimal,
  NativeObject,
  SObject,
  SObjectFieldToken,
  SObjectTypeToken,
} from '../../src/platform/values/index.ts';

class Node extends ApexObject {
  static apexName = 'Node';
  static apexFields = [
    { name: 'next', member: '_next', type: 'Node' },
    { name: 'value', member: '_value', type: 'Object' },
    { name: 'cache', member: '_cache', type: 'Object', transient: true },
  ];
  _next: Node | null = null;
  _value: unknown = null;
  _cache: unknown = null;
}
const COLOUR = new ApexEnum('Colour', 'RED', 0);
const home: GraphHome = { cls: (name) => (name === 'Node' ? Node : null), enumConstant: () => COLOUR };
const roundTrip = (value: unknown): any => deserialize(serialize(value), home);

const VALUES: Record<string, unknown> = {
  null: null,
  text: 'ü\n',
  integer: -7,
  long: 2n ** 62n,
  boolean: true,
  decimal: Decimal.parse('12.50'),
  double: new ApexDouble(0.1),
  date: ApexDate.of(2026, 2, 28),
  datetime: new ApexDatetime(1234567890123),
  time: new ApexTime(1),
  blob: new ApexBlob(new Uint8Array([0, 255])),
  address: new AddressObject({ city: 'Cali', latitude: 3.4 }),
  type: new ApexType('List<Case>'),
  'object token': new SObjectTypeToken('Case'),
  'field token': new SObjectFieldToken('Case', 'Subject'),
  list: new ApexList('Integer', [1, null, 3]),
  set: new ApexSet('String', ['a', 'b']),
  map: new ApexMap('String', 'List<Integer>', [['k', new ApexList('Integer', [1])]]),
};
for (const [name, value] of Object.entries(VALUES)) {
  test(`${name} comes back as it was`, () => assert.deepEqual(roundTrip(value), value));
}

test('the one constant of an enum comes back', () => assert.equal(roundTrip(COLOUR), COLOUR));

test('a double that JSON has no number for', () => assert.ok(Number.isNaN(roundTrip(new ApexDouble(NaN)).value)));

test('graphs may go round in circles and share objects; transient fields are null', () => {
  const node = new Node();
  node._next = node;
  const shared = new ApexList('Integer', [1]);
  node._value = new ApexList('Object', [shared, shared]);
  node._cache = 'x';
  const copy = roundTrip(node);
  assert.ok(copy instanceof Node);
  assert.equal(copy._next, copy);
  assert.equal((copy._value as ApexList).items[0], (copy._value as ApexList).items[1]);
  assert.equal(copy._cache, null);
});

test('records keep fields, parents, and what was queried', () => {
  const record = new SObject('Case', { Subject: 's' });
  record.putParent('Account', new SObject('Account', { Name: 'a' }));
  record.loaded = true;
  const copy = roundTrip(record) as SObject;
  assert.equal(copy.parent('Account')!.get('Name'), 'a');
  assert.throws(
    () => copy.get('Priority'),
    (error: any) => /without querying/.test(error.message),
  );
});

test('what the platform cannot keep either is refused', () => {
  assert.throws(
    () => serialize(new NativeObject('HttpRequest')),
    (error: any) => error.message === 'Not Serializable: HttpRequest',
  );
});
