import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dueOf, type Outgoing, outboxWrongly } from '../../../../src/flows/cases/simulated/outbox-watch.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const at = (ms = 0): string => new Date(NOW + ms).toISOString();

const row = (id: number, changes: Partial<Outgoing> = {}): Outgoing => ({
  ...{ id, message_id: `m${id}`, key: 'key', kind: 'record', payload: {}, state: 'queued', attempts: 0 },
  ...{ next_at: at(), created_at: at(), sent_at: null, error: null },
  ...changes,
});

/** What is wrong with a commit that finds these rows, and writes those. */
const judge = (known: readonly Outgoing[], written: readonly Outgoing[], handed: readonly number[] = []): string[] =>
  outboxWrongly(new Map(known.map((each) => [each.id, each])), written, NOW, handed);

test('what is due is handed over in its order, behind nothing of its key that waits', () => {
  const waiting = row(1, { next_at: at(1_000) });
  const other = row(3, { key: 'other' });
  assert.deepEqual(dueOf([other, waiting, row(2)], NOW), [other]);
  assert.deepEqual(dueOf([row(2), row(1)], NOW), [row(1), row(2)]);
  // put off by a clock that was ahead
  assert.deepEqual(dueOf([row(1, { next_at: at(3_600_000) })], NOW).length, 1);
  assert.match(judge([waiting], [{ ...waiting, state: 'sent', sent_at: at() }])[0]!, /is sent before its turn/);
});

test('a message that was not taken waits as long as its attempts say', () => {
  const again = (ms: number, attempts = 1): Outgoing => row(1, { attempts, next_at: at(ms) });
  assert.deepEqual(judge([row(1)], [again(499)]), []);
  assert.match(judge([row(1)], [again(501)])[0]!, /waits until .* at attempt 1/);
  assert.match(judge([row(1)], [again(100, 0)])[0]!, /at attempt 0/);
  assert.deepEqual(judge([row(1, { attempts: 20 })], [again(60_000, 21)]), []);
});

test('what a pass hands over together it may put off in several commits', () => {
  const first = row(1, { attempts: 1, next_at: at(499) });
  const second = row(2, { attempts: 1, next_at: at(499) });
  assert.deepEqual(judge([first, row(2)], [second], [1, 2]), []);
  assert.match(judge([first, row(2)], [second])[0]!, /is put off before its turn/);
});

test('a record gives way to a newer one, a rejected message to one that was taken, and nothing else ends', () => {
  const replaced = row(1, { state: 'superseded' });
  assert.deepEqual(judge([row(1)], [replaced, row(2)]), []);
  assert.match(judge([row(1)], [replaced])[0]!, /gives way to nothing newer/);
  const rejected = row(1, { state: 'rejected', error: 'no' });
  const sent = row(2, { state: 'sent', sent_at: at() });
  assert.deepEqual(judge([rejected, row(2)], [sent, { ...rejected, state: 'superseded' }]), []);
  assert.match(judge([rejected], [{ ...rejected, state: 'superseded' }])[0]!, /is closed by nothing newer/);
  assert.match(judge([sent], [row(2)])[0]!, /was sent and is queued/);
  assert.match(judge([row(1)], [row(1, { state: 'rejected' })])[0]!, /is rejected without a reason/);
  assert.match(judge([], [row(1, { attempts: 1 })])[0]!, /is queued otherwise than due at once/);
});
