import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from 'kernel/random.ts';
import { errorsOf, FakeTriggers, testStore } from '../open.ts';
import type { Value } from '../../../src/store/types.ts';

describe('all or none', () => {
  it('undoes everything and tells the good rows why', () => {
    const t = testStore();
    const results = t.save('insert', 'Book__c', [{ Name: 'Good' }, { Genre__c: 'Bad' }]);
    assert.deepEqual(
      results.map((result) => [result.success, result.id, result.errors[0]!.code]),
      [
        [false, null, 'ALL_OR_NONE_OPERATION_ROLLED_BACK'],
        [false, null, 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
      ],
    );
    assert.deepEqual(t.query('SELECT Id FROM Book__c'), []);
  });

  it('undoes earlier chunks too', () => {
    const t = testStore();
    const rows: Record<string, Value>[] = Array.from({ length: 250 }, () => ({}));
    rows[249] = { Genre__c: 'Bad' };
    t.save('insert', 'Book__c', rows);
    assert.deepEqual(t.query('SELECT Id FROM Book__c'), []);
  });
});

describe('partial success', () => {
  it('saves the rows that are fine and fires triggers again for them', () => {
    const t = testStore();
    const triggers = new FakeTriggers();
    const results = t.save(
      'insert',
      'Book__c',
      [{ Name: 'A' }, { Genre__c: 'Bad' }, { Name: 'B' }],
      { allOrNone: false },
      triggers,
    );
    assert.deepEqual(
      results.map((result) => result.success),
      [true, false, true],
    );
    assert.deepEqual(triggers.calls, [
      'before insert Book__c 3',
      'after insert Book__c 2',
      'before insert Book__c 2',
      'after insert Book__c 2',
    ]);
    assert.deepEqual(t.query('SELECT Name FROM Book__c ORDER BY Name'), [{ Name: 'A' }, { Name: 'B' }]);
    assert.equal(results[0]!.id, t.query("SELECT Id FROM Book__c WHERE Name = 'A'")[0]!['Id']);
  });

  it('gives triggers the original values at each attempt', () => {
    const t = testStore();
    const triggers = new FakeTriggers((call) => {
      if (call.timing === 'before')
        for (const row of call.newRows!) row.values.set('Name', `${String(row.values.get('Name'))}!`);
    });
    t.save('insert', 'Book__c', [{ Name: 'A' }, { Genre__c: 'Bad' }], { allOrNone: false }, triggers);
    assert.deepEqual(t.query('SELECT Name FROM Book__c'), [{ Name: 'A!' }]);
  });

  it('ends after three attempts', () => {
    const t = testStore();
    const triggers = new FakeTriggers((call) =>
      call.timing === 'before' ? [[{ code: 'X', message: 'each time one more', fields: [] }]] : undefined,
    );
    assert.throws(
      () => t.save('insert', 'Book__c', [{}, {}, {}, {}, {}], { allOrNone: false }, triggers),
      /Too many batch retries/,
    );
    assert.deepEqual(t.query('SELECT Id FROM Book__c'), []);
  });

  it('leaves the store as saving the survivors alone does', () => {
    for (let seed = 1; seed <= 25; seed++) {
      const random = seededRandom(seed);
      const pick = <T>(values: T[]): T => values[Math.floor(random.next() * values.length)]!;
      const rows = Array.from({ length: 12 }, (_, index): Record<string, Value> => ({
        Name: `Book ${index}`,
        Isbn__c: pick(['1', '2', '3', null, `own ${index}`]),
        Genre__c: pick(['Novel', 'Poetry', 'Drama']),
        Price__c: pick([1, 2, -1, null]),
      }));
      const partial = testStore();
      const results = partial.save('insert', 'Book__c', rows, { allOrNone: false });
      const alone = testStore();
      const survivors = rows.filter((_, index) => results[index]!.success);
      assert.equal(
        alone.save('insert', 'Book__c', survivors).every((result) => result.success),
        true,
        `seed ${seed}`,
      );
      const content = 'SELECT Name, Isbn__c, Genre__c, Price__c, CreatedDate FROM Book__c ORDER BY Name';
      assert.deepEqual(partial.query(content), alone.query(content), `seed ${seed}`);
      for (const [index, result] of results.entries())
        assert.equal(result.success, errorsOf(result).length === 0, `seed ${seed} row ${index}`);
    }
  });
});
