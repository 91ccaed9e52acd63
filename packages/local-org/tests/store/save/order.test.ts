import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorsOf, FakeTriggers, NOW, testStore } from '../open.ts';
import type { Row, SaveError, TriggerCall } from '../../../src/store/types.ts';

const error = (message: string): SaveError => ({ code: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message, fields: [] });

/** Runs `see` on the rows of one kind of trigger. */
const on =
  (timing: TriggerCall['timing'], see: (rows: Row[], call: TriggerCall) => SaveError[][] | void) =>
  (call: TriggerCall): SaveError[][] | void =>
    call.timing === timing ? see(call.newRows ?? [], call) : undefined;

describe('the order of execution', () => {
  it('shows before triggers raw values and defaults, no id and no stamps', () => {
    const t = testStore();
    const seen: unknown[] = [];
    const triggers = new FakeTriggers(
      on('before', ([row]) => {
        const { values } = row!;
        seen.push(
          row!.id,
          values.get('Name'),
          values.get('Weight__c'),
          values.get('Acquired__c'),
          values.get('Source__c'),
          values.get('OwnerId'),
          values.get('CreatedDate'),
        );
      }),
    );
    t.save('insert', 'Book__c', [{ Name: ' Emma ', Weight__c: 1.00055, Acquired__c: NOW }], {}, triggers);
    assert.deepEqual(seen, [null, ' Emma ', 1.00055, NOW, 'Purchase', t.admin.userId, null]);
  });

  it('checks and stores what before triggers wrote', () => {
    const t = testStore();
    const write = (values: Record<string, string>): FakeTriggers =>
      new FakeTriggers(
        on('before', (rows) =>
          rows.forEach((row) => Object.entries(values).forEach(([name, value]) => row.values.set(name, value))),
        ),
      );
    const [fine] = t.save('insert', 'Book__c', [{}], {}, write({ Name: ' By trigger ', Genre__c: 'poetry' }));
    assert.deepEqual(t.query('SELECT Name, Genre__c FROM Book__c WHERE Id = :id', { id: fine!.id }), [
      { Name: 'By trigger', Genre__c: 'Poetry' },
    ]);
    const [bad] = t.save('insert', 'Book__c', [{}], {}, write({ Genre__c: 'Drama' }));
    assert.match(errorsOf(bad)[0]!, /^INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST/);
  });

  it('shows after triggers the stored row with id, stamps and formulas', () => {
    const t = testStore();
    const seen: unknown[] = [];
    const triggers = new FakeTriggers(
      on('after', ([row]) => {
        seen.push(
          row!.id,
          row!.values.get('Name'),
          row!.values.get('Full_Title__c'),
          row!.values.get('CreatedDate'),
          row!.values.get('Inventory__c'),
        );
      }),
    );
    const [result] = t.save('insert', 'Book__c', [{ Name: ' Emma ', Subtitle__c: 'x' }], {}, triggers);
    assert.deepEqual(seen, [result!.id, 'Emma', 'Emma: x', Math.floor(NOW / 1000) * 1000, 'INV-2026-007']);
  });

  it('gives update triggers the old and the new row, whole', () => {
    const t = testStore();
    const id = t.insert('Book__c', { Name: 'Old', Pages__c: 1 });
    const seen: unknown[] = [];
    const triggers = new FakeTriggers(
      on('before', ([row], { oldRows }) => {
        seen.push(oldRows![0]!.values.get('Name'), row!.values.get('Name'), row!.values.get('Pages__c'));
      }),
    );
    t.save('update', 'Book__c', [{ Id: id, Name: 'New' }], {}, triggers);
    assert.deepEqual(seen, ['Old', 'New', 1]);
  });

  it('runs triggers in chunks of 200, and one chunk through before the next', () => {
    const t = testStore();
    const triggers = new FakeTriggers();
    t.save(
      'insert',
      'Book__c',
      Array.from({ length: 450 }, () => ({})),
      {},
      triggers,
    );
    const chunk = (size: number): string[] => [`before insert Book__c ${size}`, `after insert Book__c ${size}`];
    assert.deepEqual(triggers.calls, [...chunk(200), ...chunk(200), ...chunk(50)]);
  });

  it('splits a mixed request where the object changes', () => {
    const t = testStore();
    const triggers = new FakeTriggers();
    const transaction = t.store.begin();
    const rows = ['Book__c', 'Book__c', 'Diary__c', 'Book__c'].map((object): Row => ({
      object,
      id: null,
      values: new Map(),
    }));
    t.store.save({ operation: 'insert', rows, allOrNone: true, access: t.admin }, triggers);
    transaction.commit();
    assert.deepEqual(
      triggers.calls.filter((call) => call.startsWith('before')),
      ['before insert Book__c 2', 'before insert Diary__c 1', 'before insert Book__c 1'],
    );
  });

  it('does not store a row that a trigger refuses, before or after', () => {
    for (const timing of ['before', 'after'] as const) {
      const t = testStore();
      const triggers = new FakeTriggers(on(timing, () => [[error('No.')]]));
      const [result] = t.save('insert', 'Book__c', [{}], {}, triggers);
      assert.deepEqual(errorsOf(result), ['FIELD_CUSTOM_VALIDATION_EXCEPTION: No. []']);
      assert.deepEqual(t.query('SELECT COUNT(Id) n FROM Book__c'), [{ n: 0 }]);
    }
  });

  it('undoes the save when a trigger throws, and the transaction can go on', () => {
    const t = testStore();
    const transaction = t.store.begin();
    const rows: Row[] = [{ object: 'Book__c', id: null, values: new Map() }];
    const triggers = new FakeTriggers(
      on('after', () => {
        throw new Error('Apex is broken');
      }),
    );
    const request = { operation: 'insert', rows, allOrNone: true, access: t.admin } as const;
    assert.throws(() => t.store.save(request, triggers), /Apex is broken/);
    t.store.save(request, new FakeTriggers());
    transaction.commit();
    assert.deepEqual(t.query('SELECT COUNT(Id) n FROM Book__c'), [{ n: 1 }]);
  });

  it('lets triggers save other rows, which go when their own save fails', () => {
    const t = testStore();
    let fail = true;
    const triggers = new FakeTriggers(
      on('after', (rows, call) => {
        if (call.object !== 'Book__c') return undefined;
        t.store.save(
          {
            operation: 'insert',
            rows: [{ object: 'Diary__c', id: null, values: new Map() }],
            allOrNone: true,
            access: t.admin,
          },
          triggers,
        );
        return fail ? rows.map(() => [error('No.')]) : undefined;
      }),
    );
    t.save('insert', 'Book__c', [{}], {}, triggers);
    assert.deepEqual(t.query('SELECT COUNT(Id) n FROM Diary__c'), [{ n: 0 }]);
    fail = false;
    t.save('insert', 'Book__c', [{}], {}, triggers);
    assert.deepEqual(t.query('SELECT COUNT(Id) n FROM Diary__c'), [{ n: 1 }]);
  });
});
