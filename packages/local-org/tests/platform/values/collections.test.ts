import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  ApexDate,
  ApexDatetime,
  ApexList,
  ApexMap,
  ApexObject,
  ApexSet,
  ApexType,
  compareForSort,
  Decimal,
  equalsApex,
  hashOf,
  SObject,
} from '../../../src/platform/values/index.ts';
import { throwsApex } from '../std/apex-error.ts';

const dec = (text: string): Decimal => Decimal.parse(text)!;

/** A user class with equals and hashCode over one field; all share a bucket. */
class Point extends ApexObject {
  static apexName = 'Point';
  static apexFields = [{ name: 'x', member: 'x', type: 'Integer' }];
  x: number;
  constructor(x: number) {
    super();
    this.x = x;
  }
  equals$1(other: unknown): boolean {
    return other instanceof Point && other.x === this.x;
  }
  hashcode$0(): number {
    return 1;
  }
}

class Plain extends ApexObject {}

describe('keys of sets and maps', () => {
  const equal: [string, unknown, unknown][] = [
    ['null', null, null],
    ['integers', 1, 1],
    ['longs', 5n, 5n],
    ['decimals of different scale', dec('1.0'), dec('1.00')],
    ['days', ApexDate.of(2026, 1, 2), ApexDate.of(2026, 1, 2)],
    ['moments', new ApexDatetime(5), new ApexDatetime(5)],
    ['lists', new ApexList('Integer', [1, 2]), new ApexList('Integer', [1, 2])],
    ['sets in another order', new ApexSet('String', ['a', 'b']), new ApexSet('String', ['b', 'a'])],
    ['maps', new ApexMap('String', 'Integer', [['a', 1]]), new ApexMap('String', 'Integer', [['a', 1]])],
    [
      'records by their fields',
      new SObject('Case', { Subject: 'x', Status: 'New' }),
      new SObject('Case', { status: 'New', subject: 'x' }),
    ],
    ['objects with equals', new Point(3), new Point(3)],
    ['lists of such objects', new ApexList('Point', [new Point(3)]), new ApexList('Point', [new Point(3)])],
    ['types', new ApexType('Account'), new ApexType('account')],
  ];
  for (const [name, a, b] of equal) {
    test(`${name} are one element`, () => {
      assert.equal(new ApexSet('Object', [a, b]).size, 1);
      assert.equal(new ApexMap('Object', 'Integer', [[a, 1]]).get(b), 1);
      assert.equal(hashOf(a), hashOf(b));
    });
  }

  const different: [string, unknown, unknown][] = [
    ['texts that differ by case', 'a', 'A'],
    ['null and the empty text', null, ''],
    ['a number and its text', 1, '1'],
    ['integer and long', 1, 1n],
    ['records of different types', new SObject('Case', { Id: 'x' }), new SObject('Account', { Id: 'x' })],
    ['records with and without a field', new SObject('Case', { Subject: null }), new SObject('Case')],
    ['objects without equals', new Plain(), new Plain()],
    ['unequal objects in one bucket', new Point(3), new Point(4)],
  ];
  for (const [name, a, b] of different) {
    test(`${name} are two`, () => assert.equal(new ApexSet('Object', [a, b]).size, 2));
  }

  test('elements keep the order of insertion, also after removal', () => {
    const set = new ApexSet('Object', [new Point(1), 'b', null, new Point(2)]);
    assert.ok(set.remove(new Point(1)));
    set.add(new Point(1));
    assert.deepEqual(
      set.values().map((value) => (value instanceof Point ? value.x : value)),
      ['b', null, 2, 1],
    );
  });

  test('a put with an equal key keeps the first key and its place', () => {
    const map = new ApexMap('String', 'Integer', [
      ['a', 1],
      ['b', 2],
    ]);
    assert.equal(map.put('a', 3), 1);
    assert.deepEqual(map.entries(), [
      ['a', 3],
      ['b', 2],
    ]);
    assert.equal(map.put('c', 4), null);
  });
});

describe('keySet', () => {
  test('is a live view for removals', () => {
    const map = new ApexMap('String', 'Integer', [
      ['a', 1],
      ['b', 2],
    ]);
    const keys = map.keySet();
    map.put('c', 3);
    assert.deepEqual(keys.values(), ['a', 'b', 'c']);
    keys.remove('b');
    assert.deepEqual(map.entries(), [
      ['a', 1],
      ['c', 3],
    ]);
    keys.clear();
    assert.equal(map.size, 0);
  });

  test('takes no additions', () => {
    throwsApex(() => new ApexMap('String', 'Integer').keySet().add('x'), 'FinalException', 'Collection is read-only');
  });
});

describe('lists', () => {
  const three = (): ApexList => new ApexList('Integer', [1, 2, 3]);

  test('indexes are checked', () => {
    throwsApex(() => three().get(3), 'ListException', 'List index out of bounds: 3');
    throwsApex(() => three().get(-1), 'ListException', 'List index out of bounds: -1');
    throwsApex(() => three().set(5, 0), 'ListException', 'List index out of bounds: 5');
    throwsApex(() => three().remove(3), 'ListException', 'List index out of bounds: 3');
  });

  test('an insertion may be at the end', () => {
    const list = three();
    list.insert(3, 4);
    assert.deepEqual(list.items, [1, 2, 3, 4]);
    throwsApex(() => list.insert(6, 0), 'ListException', 'List index out of bounds: 6');
  });

  test('cannot change while they are iterated, and can again afterwards', () => {
    const list = three();
    const message = 'Cannot modify a collection while it is being iterated.';
    throwsApex(
      () => {
        for (const item of list) list.add(item);
      },
      'FinalException',
      message,
    );
    for (const item of list) if (item === 2) break;
    list.add(4);
    assert.equal(list.size, 4);
  });

  test('add themselves', () => {
    const list = three();
    list.addAll(list);
    assert.equal(list.size, 6);
  });

  test('of triggers are read-only', () => {
    const list = three();
    list.readOnly = true;
    throwsApex(() => list.add(1), 'FinalException', 'Collection is read-only');
  });
});

describe('== between Objects', () => {
  const cases: [string, unknown, unknown, boolean][] = [
    ['texts regard no case', 'Abc', 'aBC', true],
    ['integer and decimal by value', 1, dec('1.00'), true],
    ['integer and long by value', 1, 1n, true],
    ['number and text', 1, '1', false],
    ['null and null', null, null, true],
    ['null and something', null, 0, false],
    ['lists by content, with regard to case', new ApexList('String', ['a']), new ApexList('String', ['A']), false],
    ['records by content', new SObject('Case', { Subject: 'x' }), new SObject('Case', { Subject: 'x' }), true],
    ['objects by their equals', new Point(1), new Point(1), true],
  ];
  for (const [name, a, b, expected] of cases) test(name, () => assert.equal(equalsApex(a, b), expected));
});

describe('natural order', () => {
  const sorted = (...items: unknown[]): unknown[] => items.toSorted(compareForSort);

  test('null comes first, then numbers by value, whatever their type', () => {
    assert.deepEqual(sorted(3, null, 1n, 2), [null, 1n, 2, 3]);
  });

  test('texts by their code units: capitals first', () =>
    assert.deepEqual(sorted('b', 'a', 'B', 'ä'), ['B', 'a', 'b', 'ä']));

  test('records by Name, then standard, then custom fields', () => {
    const make = (Name: string, x: number): SObject => new SObject('Thing__c', { X__c: x, Name });
    const order = sorted(make('b', 1), make('a', 2), make('a', 1)) as SObject[];
    assert.deepEqual(
      order.map((record) => `${String(record.get('Name'))}${String(record.get('X__c'))}`),
      ['a1', 'a2', 'b1'],
    );
  });

  test('what cannot be compared is an error', () => {
    throwsApex(
      () => sorted(new Plain(), new Plain()),
      'ListException',
      'One or more of the items in this list is not Comparable.',
    );
  });
});
