import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keptWrongly } from '../../../../src/flows/cases/simulated/kept-rows.ts';
import { DEFAULT_SETTINGS } from '../../../../src/middle-layer/settings.ts';
import type { Change, Changed, Entry } from '../../../../src/simulation/message-model.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const at = (ms = 0): string => new Date(NOW + ms).toISOString();
const { answerGraceMs: GRACE, leaseMs: LEASE } = DEFAULT_SETTINGS;

const told = (kind: string, outcome: string, changes: Partial<Entry> = {}): Entry => ({
  ...{ seq: 1, at: at(), worker: 'w', flow: 'cases', target: 'external', message_id: 'm', key: 'key', kind, outcome },
  ...{ version: null, attempt: null, revision: null, code: null, field: null, duration_ms: null },
  ...changes,
});

/** What is wrong with a commit that makes this of a row, and tells that. */
const judge = (table: string, change: Changed<object>, entries: Entry[] = []): string[] => {
  const none: Change = { messages: [], entries: [], letters: [], received: [] };
  return keptWrongly({ ...none, entries, rows: new Map([[table, [change]]]) }, NOW);
};

const state = (changes: object = {}): object => ({
  ...{ key: 'key', case_id: 'c', account_id: null, external_id: 'e', request_version: 2, request_attempt: 1 },
  ...{ write_back_version: 1, write_back_attempt: 0, revision: 3, revision_mark: 'm', requested_at: at(-5) },
  ...changes,
});
const ofState = (changes: object, entries: Entry[]): string[] =>
  judge('case_state', { was: state(), is: state(changes) }, entries);

test('what is known of a Case is what was queued or has come, and is never forgotten', () => {
  const request = told('request', 'QUEUED', { version: 3, attempt: 0 });
  assert.deepEqual(ofState({ request_version: 3, request_attempt: 0 }, [request]), []);
  assert.match(ofState({ request_version: 3, request_attempt: 0 }, [])[0]!, /is at request 3,0, which is not queued/);
  const older = told('request', 'QUEUED', { version: 1, attempt: 2 });
  assert.match(ofState({ request_version: 1, request_attempt: 2 }, [older])[0]!, /fell from request 2,1 to 1,2/);
  const restored = { request_version: 1, request_attempt: 2, requested_at: at() };
  assert.deepEqual(ofState(restored, [older]), []);
  assert.deepEqual(ofState({ revision: 4 }, [told('record', 'QUEUED', { revision: 4 })]), []);
  assert.match(ofState({ revision: 4 }, [])[0]!, /is at revision 4, which has not come/);
  assert.match(ofState({}, [told('record', 'QUEUED', { revision: 4 })])[0]!, /missed a revision above 3/);
  assert.match(ofState({ case_id: null }, [])[0]!, /has lost its case_id/);
});

test('a write-back that an answer asked for counts at the attempt that its version has', () => {
  const entries = [
    told('writeBack', 'QUEUED', { version: 2 }),
    told('record', 'APPLIED', { revision: 3, duration_ms: 1 }),
  ];
  assert.deepEqual(ofState({ write_back_version: 2, write_back_attempt: 1 }, entries), []);
  assert.match(ofState({ write_back_version: 2, write_back_attempt: 0 }, entries)[0]!, /is at write-back 2,0/);
  assert.match(ofState({ write_back_version: 2, write_back_attempt: 1 }, [])[0]!, /which is not queued/);
});

test('a deletion and a full request are sent again when their grace is over, and not before', () => {
  const stone = (sendings: number, due: number): object => ({
    ...{ id: 't', key: 'key', queued_at: at(-GRACE), sendings, due_at: at(due) },
  });
  const sent = [told('deletion', 'QUEUED')];
  assert.deepEqual(judge('tombstone', { was: stone(1, 0), is: stone(2, 2 * GRACE) }, sent), []);
  assert.match(judge('tombstone', { was: stone(1, 1), is: stone(2, 2 * GRACE) }, sent)[0]!, /before its grace is over/);
  assert.match(judge('tombstone', { was: stone(1, 0), is: stone(2, GRACE) }, sent)[0]!, /is due at/);
  assert.match(judge('tombstone', { was: null, is: stone(1, GRACE) })[0]!, /no deletion is queued/);
  const intake = (attempt: number | null, due: number, answered: string | null = null): object => ({
    ...{ key: 'key', payload: attempt === null ? null : { attempt }, accepted_at: at(-GRACE), due_at: at(due) },
    answered_at: answered,
  });
  const asked = [told('request', 'QUEUED')];
  assert.deepEqual(judge('intake', { was: intake(0, 0), is: intake(1, 2 * GRACE) }, asked), []);
  assert.match(
    judge('intake', { was: intake(0, 0), is: intake(2, 4 * GRACE) }, asked)[0]!,
    /is asked for at attempt 2/,
  );
  const answer = [told('record', 'QUEUED')];
  assert.deepEqual(judge('intake', { was: intake(0, GRACE), is: intake(null, GRACE, at()) }, answer), []);
  assert.match(judge('intake', { was: intake(0, GRACE), is: intake(0, GRACE, at()) }, answer)[0]!, /kept longer than/);
});

test('a conflict is kept and told, or neither', () => {
  const kept = { was: null, is: { seq: 1, message_id: 'm', key: 'key', field: 'F', owner: 'External', at: at() } };
  const entry = told('record', 'CONFLICT', { field: 'F', code: 'OWNER_EXTERNAL' });
  assert.deepEqual(judge('conflict', kept, [entry]), []);
  assert.match(judge('conflict', kept)[0]!, /conflicts are kept as .* and told as \[\]/);
});

test('the sweep belongs to one worker at a time, and rests as long as it says', () => {
  const sweep = (changes: object = {}): object => ({
    ...{ flow: 'cases', next_sweep_at: at(), lease: null, lease_until: null, swept_at: at(-10_000) },
    ...{ case_cursor: null, tombstone_cursor: null, clear_since: null, round_began_at: null, read_until: null },
    ...{ slice: 0, slices: 1, ...changes },
  });
  const held = { lease: 'w', lease_until: at(LEASE) };
  const judged = (was: object, is: object): string[] => judge('sweep_state', { was: sweep(was), is: sweep(is) });
  assert.deepEqual(judged({}, held), []);
  assert.match(judged({}, { ...held, lease_until: at(1) })[0]!, /leased otherwise than for its time/);
  assert.match(judged({ lease: 'v', lease_until: at(1) }, held)[0]!, /is taken from who holds it/);
  assert.deepEqual(judged(held, { swept_at: at(), next_sweep_at: at(10_000) }), []);
  assert.match(judged(held, { swept_at: at(), next_sweep_at: at(1) })[0]!, /rests for 1 ms/);
  assert.match(judged(held, { swept_at: at(), next_sweep_at: at(10_000), case_cursor: 'x' })[0]!, /rests for 10000 ms/);
  assert.match(judged({}, { swept_at: at(), next_sweep_at: at(10_000) })[0]!, /ends without its lease/);
});
