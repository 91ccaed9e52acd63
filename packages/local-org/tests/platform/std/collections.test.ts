import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ApexList, ApexMap, ApexObject, ApexSet, SObject, toApexString } from '../../../src/platform/values/index.ts';
import { throwsApex } from './apex-error.ts';
import { fakeRuntime, methods } from './fake-runtime.ts';

const $ = fakeRuntime();
const L = methods('List');
const S = methods('Set');
const M = methods('Map');
const create = (type: string, refs: string[], ...args: unknown[]): any => $.std[type]!.create!(refs, ...args);
const ints = (...items: number[]): ApexList => new ApexList('Integer', items);

/** Sorts texts by length. */
class ByLength extends ApexObject {
  compare$2(a: string, b: string): number {
    return a.length - b.length;
  }
}

/** Compares by its value, the largest first. */
class Descending extends ApexObject {
  static apexName = 'Descending';
  static apexFields = [{ name: 'n', member: 'n', type: 'Integer' }];
  n: number;
  constructor(n: number) {
    super();
    this.n = n;
  }
  compareto$1(other: Descending): number {
    return other.n - this.n;
  }
}

/** A user-defined Iterable of 1 to 3. */
class OneToThree extends ApexObject {
  iterator$0(): ApexObject {
    let next = 1;
    return Object.assign(new ApexObject(), { hasnext$0: () => next <= 3, next$0: () => next++ });
  }
}

describe('List', () => {
  test('is made of collections, of a size, of an iterable', () => {
    assert.equal(toApexString(create('list', ['Integer'], new ApexSet('Integer', [1, 2]))), '(1, 2)');
    assert.equal(toApexString(create('list', ['Integer'], 2)), '(null, null)');
    assert.equal(toApexString(create('list', ['Integer'], new OneToThree())), '(1, 2, 3)');
    throwsApex(() => create('list', ['Integer'], null), 'NullPointerException', 'Argument cannot be null.');
  });

  test('add, insert, addAll, contains, indexOf, remove', () => {
    const list = ints(1);
    L.add!(list, 3);
    L.add!(list, 1, 2);
    L.add!(list, null);
    L.addAll!(list, new ApexSet('Integer', [9]));
    assert.equal(toApexString(list), '(1, 2, 3, null, 9)');
    assert.ok(L.contains!(list, null));
    assert.equal(L.indexOf!(list, 3), 2);
    assert.equal(L.remove!(list, 0), 1);
    assert.equal(L.size!(list), 4);
  });

  const sorted = (items: unknown[], comparator?: unknown): string => {
    const list = new ApexList('Object', items);
    if (comparator === undefined) L.sort!(list);
    else L.sort!(list, comparator);
    return toApexString(list);
  };
  test('sorts by nature, by Comparable, by Comparator', () => {
    assert.equal(sorted([3, null, 1]), '(null, 1, 3)');
    assert.equal(sorted(['b', 'A', 'a']), '(A, a, b)');
    assert.equal(sorted([new Descending(1), new Descending(2)]), '(Descending:[n=2], Descending:[n=1])');
    assert.equal(sorted(['ccc', 'a', 'bb', 'z'], new ByLength()), '(a, z, bb, ccc)');
  });

  test('a failing comparator leaves the list as it was', () => {
    const list = new ApexList('Object', [1, 'a']);
    throwsApex(() => L.sort!(list), 'ListException', 'One or more of the items in this list is not Comparable.');
    assert.equal(toApexString(list), '(1, a)');
  });

  test('clones are shallow, deep clones copy records', () => {
    const record = new SObject('Case', { Id: '500000000000001AAA', Subject: 'x', CaseNumber: '1' });
    const list = new ApexList('Case', [record]);
    assert.equal(L.clone!(list).get(0), record);
    const copy = L.deepClone!(list).get(0) as SObject;
    assert.deepEqual([copy.get('Id'), copy.get('CaseNumber'), copy.get('Subject')], [null, null, 'x']);
    assert.equal(L.deepClone!(list, true).get(0).id, record.id);
  });

  test('iterators end', () => {
    const iterator = L.iterator!(ints(7)) as unknown;
    const I = methods('Iterator');
    assert.equal(I.next!(iterator), 7);
    assert.equal(I.hasNext!(iterator), false);
    throwsApex(() => I.next!(iterator), 'NoSuchElementException', 'No more elements in the iterator.');
  });

  test('knows the type of its records', () => {
    assert.equal(toApexString(L.getSObjectType!(new ApexList('Case'))), 'Case');
    assert.equal(L.getSObjectType!(new ApexList('SObject')), null);
  });
});

describe('Set', () => {
  const set = (...items: unknown[]): ApexSet => new ApexSet('Object', items);
  test('changes tell whether they changed anything', () => {
    const all = set('a');
    assert.deepEqual([S.add!(all, 'a'), S.add!(all, 'b')], [false, true]);
    assert.deepEqual([S.addAll!(all, set('b')), S.addAll!(all, set('c'))], [false, true]);
    assert.deepEqual([S.removeAll!(all, set('x')), S.removeAll!(all, set('a', 'x'))], [false, true]);
    assert.deepEqual([S.retainAll!(all, set('b', 'c')), S.retainAll!(all, set('c'))], [false, true]);
    assert.equal(toApexString(all), '{c}');
    assert.ok(S.containsAll!(all, new ApexList('Object', ['c'])));
  });
  test('can be told to keep or remove itself', () => {
    const all = set(1, 2);
    S.retainAll!(all, all);
    assert.equal(all.size, 2);
    S.removeAll!(all, all);
    assert.equal(all.size, 0);
  });
});

describe('Map', () => {
  const record = (id: string | null): SObject => new SObject('Case', { Id: id });
  test('of records is keyed by their ids', () => {
    const map = create('map', ['Id', 'Case'], new ApexList('Case', [record('500000000000001AAA')])) as ApexMap;
    assert.equal(map.get('500000000000001AAA').type, 'Case');
    throwsApex(
      () => create('map', ['Id', 'Case'], new ApexList('Case', [record(null)])),
      'ListException',
      'Row with null Id at index: 0',
    );
    const twice = new ApexList('Case', [record('500000000000001AAA'), record('500000000000001AAA')]);
    throwsApex(() => create('map', ['Id', 'Case'], twice), 'ListException', 'Row with duplicate Id at index: 1');
  });
  test('put answers what was there, values and keys keep their order', () => {
    const map = create('map', ['String', 'Integer']) as ApexMap;
    assert.equal(M.put!(map, 'b', 1), null);
    assert.equal(M.put!(map, 'b', 2), 1);
    M.putAll!(map, new ApexMap('String', 'Integer', [['a', 3]]));
    assert.equal(toApexString(M.values!(map)), '(2, 3)');
    assert.equal(toApexString(M.keySet!(map)), '{b, a}');
    assert.equal(M.remove!(map, 'b'), 2);
    assert.equal(M.get!(map, 'nothing'), null);
    assert.equal(M.containsKey!(map, 'A'), false);
  });
  test('the set of keys can be cut down', () => {
    const map = new ApexMap('String', 'Integer', [
      ['a', 1],
      ['b', 2],
    ]);
    S.retainAll!(map.keySet(), new ApexSet('String', ['b']));
    assert.equal(toApexString(map), '{b=2}');
  });
});
