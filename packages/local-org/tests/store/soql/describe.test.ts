import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { testStore } from '../open.ts';

describe('a described query', () => {
  const { store, admin, insert } = testStore();
  after(() => store.close());
  const of = (soql: string) => store.describeQuery(soql, { access: admin });

  it('tells its object and columns in the order asked for, in schema spelling, without rows', () => {
    const { object, columns, features } = of('SELECT createdby.name, pages__c, id FROM book__c');
    assert.equal(object, 'Book__c');
    assert.deepEqual(
      columns.map(({ path, type }) => `${path.join('.')}: ${type}`),
      ['CreatedBy.Name: string', 'Pages__c: double', 'Id: id'],
    );
    assert.deepEqual([...features], []);
  });

  it('finds its columns in the rows it answers with', () => {
    insert('Book__c', { Name: 'Emma', Pages__c: 3 });
    const soql = 'SELECT Owner.Name, Name FROM Book__c';
    const [row] = store.query(soql, { access: admin }).rows;
    assert.deepEqual(
      of(soql).columns.map(({ path }) => path),
      [['Owner', 'Name'], ['Name']],
    );
    assert.equal(typeof row!.parents.get('Owner')!.values.get('Name'), 'string');
  });

  it('tells the parts of SOQL that not every API takes', () => {
    const features = (soql: string): string[] => [...of(soql).features];
    assert.deepEqual(features('SELECT COUNT() FROM Book__c'), ['aggregates']);
    assert.deepEqual(features('SELECT Name FROM Book__c GROUP BY Name'), ['aggregates', 'GROUP BY']);
    assert.deepEqual(features('SELECT Name FROM Book__c LIMIT 1 OFFSET 1'), ['OFFSET']);
    assert.deepEqual(features('SELECT FIELDS(STANDARD) FROM Book__c'), ['FIELDS()']);
    assert.deepEqual(features('SELECT Id, (SELECT Id FROM Contacts) FROM Account'), ['children']);
  });

  it('is refused as the query is', () => {
    assert.throws(() => of('SELECT Nope FROM Book__c'), { code: 'INVALID_FIELD' });
    assert.throws(() => of('SELECT Id FROM'), { code: 'MALFORMED_QUERY' });
  });
});
