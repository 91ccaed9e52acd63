import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_SETTINGS } from '../../src/middle-layer/settings.ts';
import {
  type Before,
  type Change,
  type Entry,
  Judgement,
  type Letter,
  lineOf,
  type Message,
  type MessageRules,
} from '../../src/simulation/message-model.ts';
import { Sending } from '../../src/simulation/sending-model.ts';

const NOW = Date.UTC(2026, 0, 5, 9);
const at = (ms = 0): string => new Date(NOW + ms).toISOString();
const RULES: MessageRules = {
  rank: ({ ordinal }) => (ordinal === null ? null : [ordinal]),
  begins: () => true,
  fits: () => true,
  alone: ({ payload }) => (payload.about as string | undefined) ?? null,
  lanes: { external: 2 },
  lingerMs: { external: 200 },
};

const message = (seq: number, changes: Partial<Message> = {}): Message => ({
  ...{ seq, flow: 'cases', id: `id ${seq}`, target: 'external', kind: 'request', key: 'key', payload: {} },
  ...{ version: 1, attempt: 0, revision: null, ordinal: seq, state: 'queued', attempts: 0, deferrals: 0, head: true },
  ...{ queued_at: at(), next_attempt_at: at(), turn_at: at(), lease: null, lease_until: null, settled_at: null },
  ...changes,
});
const LEASED = { state: 'sending', lease: 'w/1', lease_until: at(DEFAULT_SETTINGS.leaseMs) } as const;
const ENDED = { lease: null, lease_until: null, head: false, settled_at: at() } as const;

const entry = (of: Message, outcome: string, changes: Partial<Entry> = {}): Entry => ({
  ...{ seq: 1, at: at(), worker: 'w', flow: of.flow, target: of.target, message_id: of.id, key: of.key, kind: of.kind },
  ...{ version: of.version, attempt: of.attempt, revision: of.revision, outcome, code: null, field: null },
  duration_ms: ['QUEUED', 'SUPERSEDED', 'RETRIED'].includes(outcome) ? null : 0,
  ...changes,
});

/** What the model says of a commit that finds these messages, and makes these of them. */
const judge = (
  known: readonly Message[],
  made: readonly Message[],
  rest: Partial<Change> & { pause?: string; told?: Entry[] } = {},
): string[] => {
  const messages = new Map(known.map((each) => [each.seq, each]));
  const before: Before = {
    messages,
    lines: new Map([...Map.groupBy(known, lineOf)].map(([line, all]) => [line, new Set(all.map(({ seq }) => seq))])),
    open: new Map([...messages].filter(([, { state }]) => state === 'queued' || state === 'sending')),
    entriesOf: Map.groupBy(rest.told ?? [], ({ message_id: id }) => id!),
    pauses: new Map([['cases', rest.pause ?? null]]),
    rulesOf: () => RULES,
  };
  const changed = made.map((is) => ({ was: messages.get(is.seq) ?? null, is }));
  const change = { messages: changed, entries: rest.entries ?? [], letters: rest.letters ?? [], received: [] };
  return new Judgement(change, before).broken;
};

test('a message is queued with its entry, replaces what says no more, and has the attempts of what it repeats', () => {
  const fresh = message(2);
  assert.deepEqual(judge([], [fresh], { entries: [entry(fresh, 'QUEUED')] }), []);
  assert.match(judge([], [fresh])[0]!, /is queued, and the audit does not say so once/);
  const older = message(1, { attempts: 3 });
  const replaced = message(1, { ...ENDED, state: 'superseded', attempts: 3 });
  const entries = [entry(fresh, 'QUEUED'), entry(older, 'SUPERSEDED')];
  assert.deepEqual(judge([older], [replaced, fresh], { entries }), []);
  assert.match(
    judge([older], [message(2, { head: false })], { entries: [entry(fresh, 'QUEUED')] })[0]!,
    /leaves an older one/,
  );
  const repeat = message(2, { ordinal: 1 });
  assert.match(judge([older], [replaced, repeat], { entries })[0]!, /begins with 0 attempts, not 3/);
  assert.deepEqual(judge([older], [replaced, { ...repeat, attempts: 3 }], { entries }), []);
  assert.match(
    judge([message(1, { ordinal: 9 })], [message(2, { head: false })], { entries: [entry(fresh, 'QUEUED')] })[0]!,
    /comes in although a newer one is there/,
  );
});

test('only what is due, the head of its line and of a flow that goes on is taken, and what has its turn first', () => {
  const waiting = message(1);
  assert.deepEqual(judge([waiting], [message(1, LEASED)]), []);
  assert.match(judge([waiting], [message(1, LEASED)], { pause: 'PAUSED' })[0]!, /its flow stands still/);
  const later = { next_attempt_at: at(1), turn_at: at(1) };
  assert.match(judge([message(1, later)], [message(1, { ...LEASED, ...later })])[0]!, /is taken at .*, and due at/);
  const behind = message(2, { head: false });
  assert.match(
    judge([waiting, behind], [message(2, { ...LEASED, head: false })])[0]!,
    /before those that came before it/,
  );
  const other = { key: 'other', turn_at: at(5) };
  assert.match(
    judge([waiting, message(2, other)], [message(2, { ...other, ...LEASED })])[0]!,
    /is passed over by others whose turn comes later/,
  );
});

test('what only one batch may be under way about is taken once that batch has ended, or its lease', () => {
  const about = { payload: { about: 'C1' } };
  const [under, next] = [message(1, { ...LEASED, ...about }), message(2, { ...about, key: 'next' })];
  const taken = { ...LEASED, lease: 'v/1' };
  assert.match(judge([under, next], [{ ...next, ...taken }])[0]!, /another batch about the same is under way/);
  const other = message(3, { key: 'other', turn_at: at(1), payload: { about: 'C2' } });
  assert.deepEqual(judge([under, next, other], [{ ...other, ...taken }]), [], 'it is passed over');
  const ended = { ...under, lease_until: at() };
  assert.deepEqual(
    judge(
      [ended, next],
      [
        { ...ended, ...taken },
        { ...next, ...taken },
      ],
    ),
    [],
  );
});

test('after each result a message is what it must be, waits as long as it may, and the audit says why', () => {
  const under = message(1, LEASED);
  const code = { code: 'BUSY' };
  const done = message(1, { ...ENDED, state: 'done' });
  assert.deepEqual(judge([under], [done], { entries: [entry(under, 'ACCEPTED')] }), []);
  assert.match(judge([under], [done])[0]!, /is done, and the audit does not say why/);
  const again = (ms: number, counts: Partial<Message>): Message =>
    message(1, { ...counts, next_attempt_at: at(ms), turn_at: at(ms) });
  const refused = { entries: [entry(under, 'REFUSED', code)] };
  assert.deepEqual(judge([under], [again(1_999, { attempts: 1 })], refused), []);
  assert.match(judge([under], [again(2_001, { attempts: 1 })], refused)[0]!, /waits for 2001 ms after REFUSED/);
  assert.match(judge([under], [again(1, {})], refused)[0]!, /has 0 attempts/);
  const deferred = { entries: [entry(under, 'DEFERRED', code)] };
  assert.deepEqual(judge([under], [again(500, { deferrals: 1 })], deferred), []);
  assert.match(judge([under], [again(501, { deferrals: 1 })], deferred)[0]!, /waits for 501 ms after DEFERRED/);
  assert.deepEqual(judge([under], [again(0, { deferrals: 1 })], { entries: [entry(under, 'UNAVAILABLE', code)] }), []);
});

test('who was refused as often as allowed dies with a letter that tells all of it', () => {
  const under = message(1, { ...LEASED, attempts: 4 });
  const dead = message(1, { ...ENDED, state: 'dead', attempts: 5, next_attempt_at: at(1), turn_at: at(1) });
  const told = [entry(under, 'QUEUED')];
  const entries = [entry(under, 'REFUSED', { seq: 2, code: 'NO' })];
  const history = [...told, ...entries].map(({ outcome, code, duration_ms: durationMs }) => ({
    at: at(),
    outcome,
    code,
    durationMs,
  }));
  const letter: Letter = {
    ...{ message_seq: 1, code: 'NO', cause: 'because', history, died_at: at(), resolved_at: null, resolution: null },
  };
  const judged = (is: Letter): string[] => judge([under], [dead], { told, entries, letters: [{ was: null, is }] });
  assert.deepEqual(judged(letter), []);
  assert.match(judged({ ...letter, history: history.toReversed() })[0]!, /has a dead letter with the history/);
  assert.match(judged({ ...letter, code: 'OTHER' })[0]!, /has a dead letter with the code OTHER/);
  assert.match(judge([under], [dead], { told, entries })[0]!, /is dead without a dead letter/);
});

test('of a line the first open message is the head, and a commit is of one moment', () => {
  const first = message(1, LEASED);
  const next = message(2, { head: false });
  const done = message(1, { ...ENDED, state: 'done' });
  const entries = [entry(first, 'ACCEPTED')];
  assert.match(judge([first, next], [done], { entries })[0]!, /is the first, and no head/);
  assert.deepEqual(judge([first, next], [done, message(2)], { entries }), []);
  const late = entry(first, 'ACCEPTED', { at: at(1) });
  assert.match(judge([first], [done], { entries: [late] })[0]!, /one commit tells of several moments/);
});

test('a target that failed is tried with one message, then with twice as many, and never with more batches than it has lanes', () => {
  const sending = new Sending('external', RULES);
  const isHeld = (): boolean => true;
  const take = (lease: string, count: number, ms: number): string[] =>
    sending.take({ lease, count, waiting: 3, now: NOW + ms }, isHeld);
  const of = (outcome: string): Entry[] => Array.from({ length: 3 }, (_, seq) => entry(message(seq), outcome));
  assert.deepEqual(take('a', 3, 0), []);
  sending.settle('a', of('UNAVAILABLE'), NOW + 20);
  assert.match(take('b', 2, 20).join(), /takes 2 messages at once, and may take 1.*tried again at the moment/);
  sending.settle('b', of('ACCEPTED').slice(0, 2), NOW + 30);
  assert.match(take('c', 1, 60)[0]!, /takes 1 of 3 messages that wait, and may take 2/);
  assert.deepEqual(take('d', 3, 90), []);
  assert.match(take('e', 1, 120)[0]!, /has 3 batches under way/);
});
