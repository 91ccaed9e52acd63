import assert from 'node:assert/strict';
import { it } from 'node:test';
import { testStore } from '../open.ts';

it('an aggregate query has at most 2,000 groups', () => {
  const t = testStore();
  t.save(
    'insert',
    'Diary__c',
    Array.from({ length: 2001 }, (_, index) => ({ Name: `Diary ${index}` })),
  );
  const grouped = 'SELECT Name, COUNT(Id) FROM Diary__c GROUP BY Name';
  assert.throws(() => t.query(grouped), { code: 'EXCEEDED_ID_LIMIT' });
  assert.equal(t.query(`${grouped} LIMIT 2000`).length, 2000);
});
