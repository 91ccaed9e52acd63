import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Found } from '../../src/feeds/db/rows.ts';
import { holdReasons } from '../../src/feeds/hold.ts';

const POLICY = { fewerRows: 0.1, changedRows: 0.3, emptiedValues: 0.2 };
const NOTHING: Found = {
  known: 100,
  changed: 0,
  drifted: 0,
  fresh: 0,
  refused: 0,
  vanished: 0,
  settled: 0,
  resumed: 0,
};
const BEFORE = { read: 100, filled: { Name: 100, Phone: 50, Fax: 0 } };

const reasons = (found: Partial<Found>, now = BEFORE, before: typeof BEFORE | null = BEFORE): string[] =>
  holdReasons(POLICY, { ...NOTHING, ...found }, now, before);

describe('a run is held', () => {
  it('not at a bound, and beyond it', () => {
    assert.deepEqual(reasons({ vanished: 10, changed: 30 }), []);
    assert.match(
      reasons({ vanished: 11 }).join(),
      /11 of 100 rows are no longer in the view: 11\.0%, at most 10\.0% pass/,
    );
    assert.match(reasons({ changed: 31 }).join(), /31 of 100 rows changed/);
  });

  it('when values are gone, by the field, however many rows there are', () => {
    assert.match(
      reasons({}, { read: 100, filled: { Name: 79, Phone: 50, Fax: 0 } }).join(),
      /^Name has a value in 79 of 100 rows/,
    );
    // half of the rows, each with what it had: not emptied
    assert.deepEqual(reasons({}, { read: 50, filled: { Name: 50, Phone: 25, Fax: 0 } }), []);
    assert.equal(reasons({}, { read: 100, filled: { Name: 100, Phone: 50, Fax: 0 } }).length, 0);
  });

  it('and says how many rows cannot be written, where these make the values missing', () => {
    const now = { read: 100, filled: { Name: 40, Phone: 20, Fax: 0 } };
    assert.match(reasons({ refused: 60 }, now)[0]!, /at most 20\.0% pass\. Of these rows 60 cannot be written/);
    assert.doesNotMatch(reasons({}, now)[0]!, /cannot be written/);
  });

  it('always, when the view is empty and Salesforce is not, whatever the policy says', () => {
    const found = { ...NOTHING, vanished: 100 };
    const all = { fewerRows: 1, changedRows: 1, emptiedValues: 1 };
    assert.deepEqual(holdReasons(all, found, { read: 0, filled: {} }, null), [
      'the view returned no row, and Salesforce holds 100',
    ]);
  });

  it('not for rows that had vanished before: that passed once, or a person released it', () => {
    assert.deepEqual(reasons({ vanished: 60, settled: 60 }), []);
    assert.match(reasons({ vanished: 65, settled: 60 }).join(), /^5 of 40 rows are no longer in the view: 12\.5%/);
    const empty = { ...NOTHING, vanished: 100, settled: 100 };
    assert.deepEqual(holdReasons(POLICY, empty, { read: 0, filled: {} }, null), []);
  });

  it('never on a first load: there is nothing to compare with', () => {
    assert.deepEqual(reasons({ known: 0, vanished: 0, fresh: 1_000 }, BEFORE, null), []);
  });
});
