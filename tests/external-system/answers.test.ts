import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { createExternalSystem, type ExternalSystem } from '../../src/external-system/index.ts';
import type { Answering } from '../../src/external-system/settings.ts';
import { Faults, NO_FAULTS } from '../../src/external-system/faults/faults.ts';
import type { FromExternal, MessageReceipt, RecordMessage, RequestMessage } from '../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { json } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { requestOf } from './support/request.ts';

/** One for all tests: they share a database, and an id is drawn once. */
const random = seededRandom(7);
const CASE_ID = '500000000000001AAA';

let db: Database;
let system: ExternalSystem;
let faults: Faults;
let outbox: FromExternal[];
let key: string;

const open = async (answers: Answering): Promise<void> => {
  faults = new Faults({ ...NO_FAULTS });
  outbox = [];
  system = await createExternalSystem({
    db,
    clock: new ManualClock(Date.UTC(2026, 0, 5, 9)),
    random,
    transport: async ({ body }) => {
      const { messages } = JSON.parse(body) as { messages: FromExternal[] };
      outbox.push(...messages);
      return json(202, { results: messages.map(({ id }) => ({ id, accepted: true })) });
    },
    middleLayer: { url: 'http://middle', token: 'their-secret' },
    token: 'secret',
    settings: { answers },
    faults,
  });
};

const call = async (method: string, url: string, body: unknown): Promise<{ status: number; body: any }> => {
  const headers = { authorization: 'Bearer secret' };
  const response = await system.handle({ method, url, headers, body: JSON.stringify(body) });
  return { status: response.status, body: JSON.parse(response.body) };
};

const send = async (...messages: object[]): Promise<MessageReceipt[]> =>
  (await call('POST', '/v1/messages', { messages })).body.results;

/** What the receipt of one message answers. */
const answersTo = async (message: object): Promise<FromExternal[]> => {
  const [receipt] = await send(message);
  assert.ok(receipt?.accepted, JSON.stringify(receipt));
  return receipt.answers ?? [];
};

const recordFor = async (message: object): Promise<RecordMessage> => (await answersTo(message))[0] as RecordMessage;

const published = async (): Promise<FromExternal[]> => {
  while (await system.publish());
  return outbox.splice(0);
};

const request = (version: number, more: Partial<RequestMessage> = {}): RequestMessage =>
  requestOf(key, version, { Subject: 'Noise', Status: 'New' }, { originCaseId: CASE_ID, ...more });

before(async () => {
  db = await openPglite();
});

after(() => db.close());

beforeEach(async () => {
  key = randomUUID();
  await open('at once');
});

test('each question is answered in its receipt, and nothing of that leaves by the outbox', async () => {
  const record = await recordFor(request(1));
  assert.deepEqual([record.kind, record.requestVersion, record.salesforceCaseId], ['record', 1, null]);
  const { externalId } = record;
  const about = { id: randomUUID(), key };
  const confirmed = await answersTo({ ...about, kind: 'writeBack', externalId, salesforceCaseId: CASE_ID, version: 1 });
  assert.deepEqual(
    confirmed.map(({ kind }) => kind),
    ['writeBackConfirmed'],
  );
  const at = '2026-01-05T09:00:00Z';
  const deletion = { kind: 'deletion', caseId: CASE_ID, reason: 'Deleted', masterKey: null, at, tombstoneId: 'T1' };
  assert.deepEqual(
    (await answersTo({ ...about, ...deletion })).map(({ kind }) => kind),
    ['deletionRecorded'],
  );
  const [refused] = await answersTo(request(2, { values: { Subject: null } }));
  assert.equal(refused?.kind, 'refused');
  assert.deepEqual(await published(), []);
});

test('an acknowledgement asks nothing: its receipt is bare', async () => {
  const { externalId, revision } = await recordFor(request(1));
  const acknowledge = { kind: 'acknowledge', id: randomUUID(), key, externalId, revision, success: true };
  assert.deepEqual(await send(acknowledge), [{ id: acknowledge.id, accepted: true }]);
});

test('a request whose receipt was lost comes again and is answered again: the same record, as it stands', async () => {
  const sent = request(1);
  const first = await recordFor(sent);
  await call('PATCH', `/v1/cases/${first.externalId}`, { values: { Status: 'Working' } });
  const second = await recordFor(sent);
  assert.deepEqual([second.externalId, second.requestVersion], [first.externalId, 1]);
  assert.deepEqual([second.revision, second.values.Status], [first.revision + 1, 'Working']);
  assert.notEqual(second.id, first.id);
  const [changed, ...more] = await published();
  assert.deepEqual([changed?.kind, (changed as RecordMessage).revision, more], ['record', second.revision, []]);
});

test('the same sending is told its conflicts again; a new attempt is not', async () => {
  const { externalId } = await recordFor(request(1));
  await call('PATCH', `/v1/cases/${externalId}`, { values: { Status: 'Working' } });
  const sent = request(2, { values: { Subject: 'Noise', Status: 'Closed' } });
  const conflicts = [{ field: 'Status', owner: 'External', kept: 'Working', lost: 'Closed' }];
  assert.deepEqual((await recordFor(sent)).conflicts, conflicts);
  assert.deepEqual((await recordFor(sent)).conflicts, conflicts);
  assert.equal((await recordFor({ ...sent, id: randomUUID(), attempt: 1 })).conflicts, undefined);
});

test('an answer that a fault strikes is missing from the receipt, which is accepted', async () => {
  faults.set({ loseOutgoing: { record: 1 } });
  const sent = request(1);
  assert.deepEqual(await send(sent), [{ id: sent.id, accepted: true }]);
  assert.deepEqual([faults.counts['loseOutgoing.record'], await published()], [1, []]);
});

test('what answers later has bare receipts, and everything leaves by the outbox', async () => {
  await open('later');
  assert.deepEqual(await answersTo(request(1)), []);
  assert.deepEqual(
    (await published()).map(({ kind }) => kind),
    ['record'],
  );
});

test('what answers now so, now so, answers each question in one of the two ways', async () => {
  await open('mixed');
  let atOnce = 0;
  for (let asked = 0; asked < 20; asked++) {
    key = randomUUID();
    atOnce += (await answersTo(request(1))).length;
  }
  const later = await published();
  assert.equal(atOnce + later.length, 20);
  assert.ok(atOnce > 0 && later.length > 0, `${atOnce} at once`);
});
