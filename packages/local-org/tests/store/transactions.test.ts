import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { PublishedEvent } from '../../src/store/types.ts';
import { NO_TRIGGERS, row, testStore } from './open.ts';
import type { TestStore } from './open.ts';

describe('transactions', () => {
  let t: TestStore;
  beforeEach(() => (t = testStore()));
  const add = (Name: string): void => {
    t.store.save(
      { operation: 'insert', rows: [row('Book__c', { Name })], allOrNone: true, access: t.admin },
      NO_TRIGGERS,
    );
  };
  const names = (): unknown[] => t.query('SELECT Name FROM Book__c ORDER BY Name').map((book) => book['Name']);

  it('roll back to savepoints, which stay usable', () => {
    const transaction = t.store.begin();
    add('A');
    const savepoint = transaction.savepoint();
    add('B');
    const inner = transaction.savepoint();
    add('C');
    transaction.rollbackTo(inner);
    assert.deepEqual(names(), ['A', 'B']);
    transaction.rollbackTo(savepoint);
    add('D');
    transaction.rollbackTo(savepoint);
    assert.throws(() => transaction.rollbackTo(inner), /rolled back past/);
    transaction.commit();
    assert.deepEqual(names(), ['A']);
  });

  it('roll back everything but the ids they gave out', () => {
    const first = t.store.begin();
    add('A');
    const [lost] = t.query('SELECT Id FROM Book__c');
    first.rollback();
    assert.deepEqual(names(), []);
    assert.notEqual(t.insert('Book__c', {}), lost!['Id']);
  });

  it('are one at a time, and needed to save', () => {
    const transaction = t.store.begin();
    assert.throws(() => t.store.begin(), /open already/);
    transaction.commit();
    assert.throws(() => transaction.commit(), /has ended/);
    assert.throws(() => add('A'), /No transaction is open/);
  });

  it('hold the state of the org', () => {
    const { state } = t.store;
    const transaction = t.store.begin();
    state.put('job', '1', 'queued');
    transaction.rollback();
    assert.equal(state.get('job', '1'), null);
    state.put('job', '2', 'b');
    state.put('job', '1', 'a');
    state.put('job', '1', 'c');
    state.put('other', '1', 'x');
    assert.deepEqual(state.list('job'), [
      { key: '1', value: 'c' },
      { key: '2', value: 'b' },
    ]);
    state.delete('job', '1');
    assert.equal(state.get('job', '1'), null);
  });
});

describe('the event log', () => {
  let t: TestStore;
  beforeEach(() => (t = testStore()));
  const event = (uuid: string, createdAt = 1000): Omit<PublishedEvent, 'replayId'> => ({
    object: 'Book_Returned__e',
    createdAt,
    createdById: t.admin.userId,
    values: { Book_Id__c: 'a' },
    uuid,
  });

  it('numbers events and reads them from a replay id on', () => {
    const { events } = t.store;
    assert.deepEqual([events.newest(), events.oldest()], [0, 1]);
    const appended = events.append([event('1'), event('2'), event('3')]);
    assert.deepEqual(
      appended.map((each) => each.replayId),
      [1, 2, 3],
    );
    assert.deepEqual(events.after('Book_Returned__e', 1, 10), appended.slice(1));
    assert.deepEqual(events.after('Book_Returned__e', 0, 1), appended.slice(0, 1));
    assert.deepEqual(events.after('Other__e', 0, 10), []);
  });

  it('forgets what is older than the retention, but never reuses a number', () => {
    const { events } = t.store;
    events.append([event('1', 1000), event('2', 3000)]);
    events.expire(2000);
    assert.deepEqual([events.oldest(), events.newest()], [2, 2]);
    events.expire(9000);
    assert.deepEqual([events.oldest(), events.newest()], [3, 2]);
    assert.equal(events.append([event('3')])[0]!.replayId, 3);
  });

  it('tells listeners after the commit, and nothing of what was rolled back', () => {
    const { events } = t.store;
    const heard: string[][] = [];
    const stop = events.onAppend((appended) => heard.push(appended.map((each) => each.uuid)));
    const transaction = t.store.begin();
    events.append([event('kept')]);
    const savepoint = transaction.savepoint();
    events.append([event('lost')]);
    transaction.rollbackTo(savepoint);
    assert.deepEqual(heard, []);
    transaction.commit();
    const undone = t.store.begin();
    events.append([event('undone')]);
    undone.rollback();
    assert.deepEqual(heard, [['kept']]);
    stop();
    events.append([event('unheard')]);
    assert.deepEqual(heard, [['kept']]);
    assert.deepEqual(
      events.after('Book_Returned__e', 0, 9).map((each) => each.uuid),
      ['kept', 'unheard'],
    );
  });

  it('checks events by their fields and brings values to their stored form', () => {
    const rows = [row('Book_Returned__e', { Book_Id__c: ' a1 ' }), row('Book_Returned__e', {})];
    const transaction = t.store.begin();
    const results = t.store.save({ operation: 'insert', rows, allOrNone: false, access: t.admin }, NO_TRIGGERS);
    transaction.commit();
    assert.deepEqual(
      results.map((result) => [result.success, result.errors.map((error) => error.message)]),
      [
        [true, []],
        [false, ['Required fields are missing: [Book_Id__c]']],
      ],
    );
    assert.deepEqual(Object.fromEntries(rows[0]!.values), { Book_Id__c: 'a1' });
    assert.equal(t.store.events.newest(), 0);
  });
});
