import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, test } from 'node:test';
import { openServedDatabase } from '../../src/simulation/own-database.ts';
import { createExternalSystem, type ExternalSystem } from '../../src/external-system/index.ts';
import { Faults, NO_FAULTS } from '../../src/external-system/faults/faults.ts';
import type {
  FromExternal,
  MessageReceipt,
  RecordMessage,
  RequestMessage,
  ToExternal,
  Values,
} from '../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { json, TransportError, type HttpResponse, type Transport } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { readRules } from '../../src/external-system/rules/field-rules.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

const START = Date.UTC(2026, 0, 5, 9);
const KEY = '0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a01';
const keyOf = (number: number): string => `0b6e9a34-6f0b-4d6c-9a55-${String(number).padStart(12, '0')}`;
const OTHER = keyOf(0);
const OWNERS = { Subject: 'Salesforce', Status: 'External', City__c: 'Salesforce' } as const;
const VALUES: Values = { Subject: ' Banging   noise ', Status: 'New', City__c: 'BROOKLYN', Latitude__c: 40.58639741 };

let db: Database;
let clock: ManualClock;
let system: ExternalSystem;
let faults: Faults;
let inbox: FromExternal[];
let answer: (messages: FromExternal[]) => HttpResponse;
let sequence = 0;

const accept = (messages: FromExternal[]): HttpResponse =>
  json(202, { results: messages.map(({ id }) => ({ id, accepted: true })) });

const transport: Transport = async (request) => {
  const { messages } = JSON.parse(request.body) as { messages: FromExternal[] };
  const response = answer(messages);
  if (response.status === 202) inbox.push(...messages);
  return response;
};

const call = async (
  method: string,
  url: string,
  body?: unknown,
  token = 'secret',
): Promise<{ status: number; body: any }> => {
  const response = await system.handle({
    method,
    url,
    headers: { authorization: `Bearer ${token}` },
    body: body === undefined ? '' : JSON.stringify(body),
  });
  return { status: response.status, body: JSON.parse(response.body) };
};

const send = async (...messages: unknown[]): Promise<MessageReceipt[]> =>
  (await call('POST', '/v1/messages', { messages })).body.results;

const request = (version: number, values: Values, more: Partial<RequestMessage> = {}): RequestMessage => ({
  kind: 'request',
  id: `m${++sequence}`,
  key: KEY,
  idempotencyKey: `00D000000000001:${more.key ?? KEY}:${version}`,
  orgId: '00D000000000001',
  version,
  attempt: 0,
  originCaseId: '500000000000001AAA',
  baseRevision: null,
  values,
  owners: OWNERS,
  ...more,
});

const toExternal = (message: Record<string, unknown>): ToExternal =>
  ({ id: `m${++sequence}`, key: KEY, ...message }) as unknown as ToExternal;

const told = (reason: 'Deleted' | 'Undeleted', tombstoneId: string, at: string): ToExternal =>
  toExternal({ kind: 'deletion', caseId: '500000000000001AAA', reason, masterKey: null, at, tombstoneId });

/** What the record says of its Case's deletion. */
const standing = async (key = KEY): Promise<string | null> =>
  (await call('GET', `/v1/cases/by-key/${key}`)).body.salesforceDeletion?.reason ?? null;

/** Publishes until the outbox is at rest and returns what arrived since the last call. */
const delivered = async (): Promise<FromExternal[]> => {
  while (await system.publish());
  return inbox.splice(0);
};

const lastRecord = async (): Promise<RecordMessage> =>
  (await delivered()).findLast((message) => message.kind === 'record') as RecordMessage;

before(async () => {
  db = (await openServedDatabase()) ?? (await openPglite());
});

after(() => db.close());

beforeEach(async () => {
  clock = new ManualClock(START);
  faults = new Faults({ ...NO_FAULTS });
  inbox = [];
  answer = accept;
  system = await createExternalSystem({
    rules: [readRules(SAMPLE.registryRules)],
    db,
    clock,
    random: seededRandom(7),
    transport,
    middleLayer: { url: 'http://middle', token: 'their-secret' },
    token: 'secret',
    settings: { graceMs: 60_000, answers: 'later' },
    faults,
  });
  await db.script('TRUNCATE case_record, case_revision, case_request, case_repair, salesforce_deletion, outbox');
});

test('a create is normalised, numbered, answered with the record, and does not take the origin for the Case id', async () => {
  assert.deepEqual(await send(request(1, VALUES)), [{ id: `m${sequence}`, accepted: true }]);
  const record = await lastRecord();
  assert.match(record.externalId, /^SR-\d{8}$/);
  assert.equal(record.revision, 1);
  assert.equal(record.requestVersion, 1);
  assert.equal(record.salesforceCaseId, null);
  assert.equal(record.originCaseId, '500000000000001AAA');
  assert.deepEqual(record.values, {
    Subject: 'Banging noise',
    Status: 'New',
    City__c: 'Brooklyn',
    Latitude__c: 40.586397,
  });
});

test('a repeated create makes no second record and is answered with the first', async () => {
  await send(request(1, VALUES));
  const first = await lastRecord();
  await send(request(1, VALUES, { attempt: 1 }));
  const second = await lastRecord();
  assert.equal(second.externalId, first.externalId);
  assert.equal(second.revision, 1);
  assert.equal((await call('GET', '/v1/cases')).body.cases.length, 1);
});

test('a refused request is shown on this side, names the field, and may be retried', async () => {
  await send(request(1, { ...VALUES, Subject: '   ' }));
  const [refused] = await delivered();
  assert.equal(refused?.kind, 'refused');
  assert.equal(refused.kind === 'refused' && refused.errorCode, 'REQUIRED');
  assert.equal(refused.kind === 'refused' && refused.field, 'Subject');
  assert.equal(refused.kind === 'refused' && refused.record, null);
  const { requests } = (await call('GET', '/v1/requests')).body;
  assert.equal(requests.length, 1);
  assert.equal((await call('POST', `/v1/requests/${KEY}/retry`)).body.status, 'Failed');
  await delivered();
  await send(request(2, VALUES));
  assert.equal((await lastRecord()).requestVersion, 2);
  assert.equal(
    (await call('GET', '/v1/requests')).body.requests.length,
    0,
    'a newer success settles the older failure',
  );
});

test('a refused update carries the current record', async () => {
  await send(request(1, VALUES), request(2, { ...VALUES, Status: 'Lost' }));
  const refused = (await delivered()).find((message) => message.kind === 'refused')!;
  assert.equal(refused.kind === 'refused' && refused.record?.values.Status, 'New');
});

test('the write-back alone sets the Case id, and is confirmed', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  await send(toExternal({ kind: 'writeBack', externalId, salesforceCaseId: '500000000000009AAA', version: 1 }));
  const [confirmed] = await delivered();
  assert.deepEqual(confirmed?.kind === 'writeBackConfirmed' && [confirmed.salesforceCaseId, confirmed.version], [
    '500000000000009AAA',
    1,
  ]);
  assert.equal((await call('GET', `/v1/cases/${externalId}`)).body.salesforceCaseId, '500000000000009AAA');
});

test('a write-back that comes again is confirmed again: the first confirmation may have got lost', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  for (let times = 0; times < 2; times++) {
    await send(toExternal({ kind: 'writeBack', externalId, salesforceCaseId: '500000000000009AAA', version: 1 }));
    assert.deepEqual(
      (await delivered()).map(({ kind }) => kind),
      ['writeBackConfirmed'],
    );
  }
});

test('an acknowledgement of an older revision does not settle the newer one', async () => {
  await send(request(1, VALUES), request(2, { ...VALUES, Subject: 'Louder' }));
  const { externalId } = await lastRecord();
  await send(toExternal({ kind: 'acknowledge', externalId, revision: 1, success: true }));
  assert.equal((await call('GET', `/v1/cases/${externalId}`)).body.syncStatus, 'In Progress');
  await send(toExternal({ kind: 'acknowledge', externalId, revision: 2, success: true }));
  assert.equal((await call('GET', `/v1/cases/${externalId}`)).body.syncStatus, 'Success');
});

test('pollers trigger again while the Case id is null, and stop when it is there and acknowledged', async () => {
  await send(request(1, VALUES));
  const { externalId, revision } = await lastRecord();
  await send(toExternal({ kind: 'acknowledge', externalId, revision, success: true }));
  assert.equal(await system.poll(), 0, 'within grace nothing is triggered');
  await clock.advance(60_001);
  assert.equal(await system.poll(), 1);
  const again = await lastRecord();
  assert.equal(again.retriggered, true);
  assert.equal(again.revision, revision, 'the same revision: no second change');
  await send(
    toExternal({ kind: 'writeBack', externalId, salesforceCaseId: '500000000000009AAA', version: 1 }),
    toExternal({ kind: 'acknowledge', externalId, revision, success: true }),
  );
  await clock.advance(3_600_001);
  assert.equal(await system.poll(), 0);
});

test('a write-back that acknowledges a revision settles both, or says nothing of a newer one', async () => {
  const salesforceCaseId = '500000000000009AAA';
  await send(request(1, VALUES), request(2, { ...VALUES, Subject: 'Louder' }));
  const { externalId, revision } = await lastRecord();
  const writeBack = (acknowledged: number): ToExternal =>
    toExternal({
      kind: 'writeBack',
      externalId,
      salesforceCaseId,
      version: 2,
      acknowledges: { revision: acknowledged },
    });
  await send(writeBack(revision - 1));
  assert.deepEqual(
    (await delivered()).map(({ kind }) => kind),
    ['writeBackConfirmed'],
  );
  const view = async (): Promise<unknown> => {
    const { body } = await call('GET', `/v1/cases/${externalId}`);
    return [body.salesforceCaseId, body.syncStatus];
  };
  assert.deepEqual(await view(), [salesforceCaseId, 'In Progress']);
  await send(writeBack(revision));
  assert.deepEqual(await view(), [salesforceCaseId, 'Success']);
  await clock.advance(3_600_001);
  assert.equal(await system.poll(), 0);
});

test('a write-back that acknowledges a record which is not known asks for its state once', async () => {
  const acknowledges = { revision: 3, seenRevision: 3 };
  const salesforceCaseId = '500000000000009AAA';
  await send(toExternal({ kind: 'writeBack', externalId: 'SR-00000001', salesforceCaseId, version: 1, acknowledges }));
  const told = await delivered();
  assert.deepEqual(
    told.map((message) => message.kind === 'requestWanted' && [message.revision, message.seenRevision]),
    [[null, 3]],
  );
});

test('a lost acknowledgement and a failed update are triggered again, the failed one a bounded number of times', async () => {
  await send(request(1, VALUES));
  const { externalId, revision } = await lastRecord();
  await send(toExternal({ kind: 'writeBack', externalId, salesforceCaseId: '500000000000009AAA', version: 1 }));
  let triggers = 0;
  for (let i = 0; i < 20; i++) {
    await clock.advance(3_600_001);
    triggers += await system.poll();
    await send(
      toExternal({ kind: 'acknowledge', externalId, revision, success: false, errorCode: 'X', message: 'no' }),
    );
  }
  assert.equal(triggers, 8);
  assert.equal((await call('GET', `/v1/cases/${externalId}`)).body.syncStatus, 'Failed');
});

test('changes on both sides merge by field; on the same field its owner wins and the loss is told', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  await call('PATCH', `/v1/cases/${externalId}`, { values: { Status: 'Working', City__c: 'Queens' } });
  await delivered();
  await send(request(2, { ...VALUES, Subject: 'Louder', Status: 'Closed', City__c: 'Bronx' }, { baseRevision: 1 }));
  const merged = await lastRecord();
  assert.deepEqual(merged.values, { Subject: 'Louder', Status: 'Working', City__c: 'Bronx', Latitude__c: 40.586397 });
  assert.deepEqual(merged.conflicts, [
    { field: 'Status', owner: 'External', kept: 'Working', lost: 'Closed' },
    { field: 'City__c', owner: 'Salesforce', kept: 'Bronx', lost: 'Queens' },
  ]);
});

test('a field that Salesforce changes again before it heard of a lost conflict is still in conflict', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  await call('PATCH', `/v1/cases/${externalId}`, { values: { Status: 'Working', City__c: 'Queens' } });
  await send(request(2, { ...VALUES, Status: 'Closed' }, { baseRevision: 1 }));
  await send(request(3, { ...VALUES, Status: 'Escalated', City__c: 'Bronx' }, { baseRevision: 1 }));
  const { values, conflicts } = await lastRecord();
  assert.deepEqual([values.Status, values.City__c], ['Working', 'Bronx']);
  assert.deepEqual(conflicts, [
    { field: 'Status', owner: 'External', kept: 'Working', lost: 'Escalated' },
    { field: 'City__c', owner: 'Salesforce', kept: 'Bronx', lost: 'Queens' },
  ]);
});

test('a change outside survives a Salesforce update that was made before Salesforce knew of it', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  await call('PATCH', `/v1/cases/${externalId}`, { values: { Status: 'Working' } });
  // Salesforce stored no values since (baseRevision null): its full state still has the old Status
  await send(request(2, { ...VALUES, Subject: 'Louder' }));
  const { values, conflicts } = await lastRecord();
  assert.equal(values.Status, 'Working');
  assert.equal(values.Subject, 'Louder');
  assert.equal(conflicts, undefined);
});

test('deletions are recorded on both sides and never undone', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  await send(
    toExternal({
      kind: 'deletion',
      caseId: '500000000000001AAA',
      reason: 'Deleted',
      masterKey: null,
      at: '2026-01-05T09:00:00Z',
      tombstoneId: 'a01',
    }),
  );
  const confirmation = (await delivered()).at(-1)!;
  assert.deepEqual({ ...confirmation, id: '' }, { kind: 'deletionRecorded', id: '', key: KEY, tombstoneId: 'a01' });
  await clock.advance(3_600_000);
  assert.equal(await system.poll(), 0, 'a record whose Case was deleted is not triggered again');
  const { body } = await call('DELETE', `/v1/cases/${externalId}`);
  assert.ok(body.deletedAt);
  assert.equal((await delivered())[0]?.kind, 'deleted');
  await send(request(2, VALUES));
  const [refused, again] = await delivered();
  assert.equal(refused?.kind === 'refused' && refused.errorCode, 'DELETED_OUTSIDE');
  assert.equal(again?.kind, 'deleted', 'whoever speaks of its Case is told again');
});

test('an older deletion that is sent again does not undo the restoration after it', async () => {
  await send(request(1, VALUES));
  await send(told('Undeleted', 'a02', '2026-01-05T09:00:00Z'));
  await send(told('Deleted', 'a01', '2026-01-05T09:00:00Z'));
  assert.equal(await standing(), null, 'of the same second, the later tombstone counts');
  await send(told('Deleted', 'a03', '2026-01-05T09:00:01Z'));
  assert.equal(await standing(), 'Deleted');
  assert.equal((await delivered()).filter(({ kind }) => kind === 'deletionRecorded').length, 3);
});

test('a deletion that comes before the record, late or repeated, counts in the order it happened', async () => {
  const deleted = told('Deleted', 'a01', '2026-01-05T09:00:00Z');
  await send(deleted, told('Undeleted', 'a02', '2026-01-05T09:00:01Z'));
  await send(request(1, VALUES));
  await send({ ...deleted, id: 'late' });
  assert.equal(await standing(KEY), null, 'the restoration was told before the record was created');
  const other = randomUUID();
  await send({ ...deleted, id: 'early', key: other });
  await send(request(1, VALUES, { key: other }));
  assert.equal(await standing(other), 'Deleted', 'the record is created knowing that its Case is gone');
});

test('a deletion here is triggered again until it is acknowledged', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  const { body } = await call('DELETE', `/v1/cases/${externalId}`);
  const [deleted] = await delivered();
  await clock.advance(3_600_000);
  assert.equal(await system.poll(), 1);
  const [again] = await delivered();
  assert.deepEqual({ ...again, id: deleted!.id }, deleted);
  await send(toExternal({ kind: 'acknowledge', externalId, revision: body.revision, success: true }));
  await clock.advance(3_600_000);
  assert.equal(await system.poll(), 0);
  const told = { caseId: '500000000000001AAA', masterKey: null, at: '2026-01-05T09:00:00Z', tombstoneId: 'a02' };
  await send(toExternal({ kind: 'deletion', reason: 'Undeleted', ...told }));
  await send(toExternal({ kind: 'writeBack', externalId, salesforceCaseId: '500000000000001AAA', version: 1 }));
  assert.deepEqual(
    (await delivered()).map(({ kind }) => kind),
    ['deleted', 'deletionRecorded', 'deleted'],
    'the Case lives again: it is told again',
  );
});

test('what the middle layer does not accept is sent again, in order, and nothing is sent while it is down', async () => {
  answer = () => {
    throw new TransportError('refused');
  };
  await send(request(1, VALUES));
  assert.equal(await system.publish(), 1);
  assert.equal(await system.publish(), 0, 'it waits before the next try');
  answer = () => json(503, {});
  await clock.advance(1_000);
  await system.publish();
  answer = accept;
  await clock.advance(10_000);
  assert.equal((await delivered()).length, 1);
});

test('malformed messages are turned away by name; the good ones of the batch go through', async () => {
  const receipts = await send(
    request(1, VALUES),
    { kind: 'request', id: 'x', key: KEY },
    { kind: 'nonsense', id: 'y', key: KEY },
  );
  assert.deepEqual(
    receipts.map((receipt) => receipt.accepted),
    [true, false, false],
  );
  assert.match((receipts[1] as { message: string }).message, /^idempotencyKey must be a text/);
  assert.equal((await call('POST', '/v1/messages', { messages: [] })).status, 400);
  assert.equal((await call('GET', '/v1/cases', undefined, 'wrong')).status, 401);
});

test('a lost message is receipted as accepted and leaves no trace; the same seed loses the same messages', async () => {
  faults.set({ seed: 3, loseIncoming: { request: 0.5 } });
  const requests = Array.from({ length: 40 }, (_, i) => request(1, VALUES, { key: keyOf(i), id: `fixed-${i}` }));
  const receipts = await send(...requests);
  assert.ok(receipts.every((receipt) => receipt.accepted));
  const stored = (await call('GET', '/v1/cases')).body.cases.length;
  assert.equal(stored, 40 - faults.counts['loseIncoming.request']!);
  assert.ok(stored > 5 && stored < 35);
  const again = new Faults({ ...NO_FAULTS, seed: 3, loseIncoming: { request: 0.5 } });
  assert.equal(again.incoming(requests.toReversed()).lost.length, 40 - stored);
});

test('while down, everything is answered 503 and nothing leaves', async () => {
  await send(request(1, VALUES));
  faults.downUntil = clock.now() + 30_000;
  assert.equal((await call('GET', '/v1/cases')).status, 503);
  assert.equal(await system.publish(), 0);
  await clock.advance(30_000);
  assert.equal((await delivered()).length, 1);
});

test('duplicates and a timeout after commit change nothing twice', async () => {
  faults.set({ duplicate: 1, timeoutAfterCommit: 1 });
  assert.equal((await call('POST', '/v1/messages', { messages: [request(1, VALUES)] })).status, 504);
  faults.set({ duplicate: 1, timeoutAfterCommit: 0 });
  await send(request(1, VALUES));
  assert.equal((await lastRecord()).revision, 1);
});

test('sums tell whether anything differs, and look-up by identity finds the record', async () => {
  await send(request(1, VALUES), request(1, VALUES, { key: OTHER }));
  const totals = (await call('GET', '/v1/digest/totals')).body;
  assert.equal(totals.count, 2);
  const { tables } = (await call('GET', '/v1/digest/tables?tables=4&fold=80')).body as { tables: number[][][] };
  assert.equal(tables.length, 4);
  for (const table of tables) {
    const sums = table.reduce((sum, row) => sum.map((number, i) => number + row[i + 1]!), [0, 0, 0, 0, 0]);
    assert.deepEqual(sums, [2, totals.k1, totals.k2, totals.d, totals.c], 'every table holds every record once');
  }
  const [row] = await db.query<{ k1: number; k2: number }>(
    'SELECT digest_k1 AS k1, digest_k2 AS k2 FROM case_record WHERE key = $1',
    [KEY],
  );
  assert.deepEqual(
    (await call('POST', '/v1/cases/lookup', { elements: [row] })).body.cases.map((found: { key: string }) => found.key),
    [KEY],
  );
  await send(
    toExternal({
      kind: 'deletion',
      caseId: '500000000000001AAA',
      reason: 'Deleted',
      masterKey: null,
      at: '2026-01-05T09:00:00Z',
      tombstoneId: 'a01',
    }),
  );
  assert.equal((await call('GET', '/v1/digest/totals')).body.count, 1, 'deleted keys are excluded');
});

test('sums of parts of the keys are those of the whole, and a sum that a number would round is refused', async () => {
  await send(...Array.from({ length: 9 }, (_, n) => request(1, VALUES, { key: `${KEY.slice(0, -1)}${n}` })));
  const whole = (await call('GET', '/v1/digest/totals')).body as Record<string, number>;
  const { parts } = (await call('GET', '/v1/digest/totals?parts=7')).body as { parts: number[][] };
  assert.equal(parts.length, 7);
  assert.deepEqual(
    parts.reduce((sum, part) => sum.map((number, i) => number + part[i]!)),
    [9, whole.k1, whole.k2, whole.d, whole.c],
  );
  const third = Math.ceil(1_000_000_000 / 7);
  const { tables } = (await call('GET', `/v1/digest/tables?tables=1&from=${2 * third}&to=${3 * third}`)).body as {
    tables: number[][][];
  };
  assert.equal(
    tables[0]!.reduce((sum, row) => sum + row[2]!, 0),
    parts[2]![1],
    'a part is the range that tables are asked for',
  );
  await db.query('ALTER TABLE case_record DISABLE TRIGGER case_record_digest');
  await db.query('UPDATE case_record SET digest_d = 200000000000000');
  await db.query('ALTER TABLE case_record ENABLE TRIGGER case_record_digest');
  const refused = await call('GET', '/v1/digest/totals');
  assert.deepEqual([refused.status, refused.body.errorCode], [422, 'INEXACT_SUM']);
});

test('look-up by external id finds the record, and more than it takes are refused', async () => {
  await send(request(1, VALUES), request(1, VALUES, { key: OTHER }));
  const [, other] = (await call('GET', '/v1/cases')).body.cases as { externalId: string }[];
  const found = await call('POST', '/v1/cases/lookup', { externalIds: [other!.externalId, 'SR-NONE'] });
  assert.deepEqual(
    found.body.cases.map(({ key }: { key: string }) => key),
    [OTHER],
  );
  const refused = await call('POST', '/v1/cases/lookup', { keys: Array(500).fill('k'), externalIds: Array(501) });
  assert.deepEqual([refused.status, refused.body.errorCode], [400, 'BAD_REQUEST']);
  assert.equal((await call('POST', '/v1/cases/lookup', { externalIds: 'SR-1' })).status, 400);
});

test('records that share a Case id count as unsettled, however settled each says it is', async () => {
  const [A, B, C] = [keyOf(1), keyOf(2), keyOf(3)];
  await send(...[A, B, C].map((key) => request(1, VALUES, { key })));
  const settled = async (key: string, salesforceCaseId: string): Promise<MessageReceipt[]> =>
    send(
      toExternal({ kind: 'acknowledge', key, externalId: 'SR-1', revision: 1, success: true }),
      toExternal({ kind: 'writeBack', key, externalId: 'SR-1', salesforceCaseId, version: 1 }),
    );
  const unsettled = async (): Promise<string[]> =>
    (await call('GET', '/v1/cases/unsettled')).body.cases.map(({ key }: { key: string }) => key);
  await settled(A, '500000000000001AAA');
  await settled(B, '500000000000002AAA');
  await settled(C, '500000000000003AAA');
  assert.deepEqual(await unsettled(), []);
  await settled(C, '500000000000001AAA');
  assert.deepEqual(await unsettled(), [A, C]);
});

test('reconciliation triggers a record again, or carries the fields that Salesforce owns as a new revision', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  assert.equal((await call('POST', `/v1/cases/${externalId}/trigger`)).status, 202);
  assert.equal((await lastRecord()).revision, 1);
  assert.equal(
    (await call('POST', `/v1/cases/${externalId}/carry`, { values: { City__c: 'BRONX' }, ifRevision: 7 })).status,
    409,
  );
  assert.equal(
    (await call('POST', `/v1/cases/${externalId}/carry`, { values: { City__c: 'BRONX' }, ifRevision: 1 })).status,
    200,
  );
  const carried = await lastRecord();
  assert.deepEqual([carried.revision, carried.values.City__c], [2, 'Bronx']);
  const { history } = (await call('GET', `/v1/cases/${externalId}/history`)).body;
  assert.equal(history[0].values.City__c, 'Brooklyn', 'what it was is known, so it can be undone');
});

const RUN = '0a1b2c3d-0000-4000-8000-000000000001';
const UNDO = '0a1b2c3d-0000-4000-8000-0000000000ff';

test('a repair is kept with what the values were, and the same run again changes nothing', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  const repair = {
    values: { City__c: 'BRONX' },
    ifRevision: 1,
    repair: { run: RUN, before: { City__c: 'Brooklyn', Status: 'Working' } },
  };
  for (let time = 0; time < 2; time++) {
    const { status, body } = await call('POST', `/v1/cases/${externalId}/carry`, repair);
    assert.deepEqual([status, body.revision], [200, 2]);
  }
  const { repairs, next } = (await call('GET', `/v1/repairs?run=${RUN}`)).body;
  assert.equal(next, null);
  assert.deepEqual(repairs, [
    {
      run: RUN,
      key: KEY,
      externalId,
      revision: 2,
      before: { City__c: 'Brooklyn', Status: 'Working' },
      at: new Date(START).toISOString(),
      undoneBy: null,
      undoneAt: null,
    },
  ]);
  assert.equal((await call('GET', `/v1/repairs?run=${RUN}&key=other`)).body.repairs.length, 0);
  assert.equal((await call('GET', '/v1/repairs')).status, 400);
});

test('a repair is taken back once, and only while the record is as the repair left it', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  const carry = (body: unknown): ReturnType<typeof call> => call('POST', `/v1/cases/${externalId}/carry`, body);
  const undo = (run: string, ifRevision: number): unknown => ({
    values: { City__c: 'Brooklyn' },
    ifRevision,
    repair: { run, before: { City__c: 'Bronx' }, undoes: RUN },
  });
  assert.equal((await carry(undo(UNDO, 1))).body.errorCode, 'NOT_FOUND', 'there is nothing to take back yet');
  await carry({ values: { City__c: 'BRONX' }, ifRevision: 1, repair: { run: RUN, before: { City__c: 'Brooklyn' } } });
  assert.equal((await carry(undo(UNDO, 1))).body.errorCode, 'CHANGED');
  assert.equal((await carry(undo(UNDO, 2))).body.revision, 3);
  const undone = await lastRecord();
  assert.deepEqual([undone.revision, undone.values.City__c], [3, 'Brooklyn'], 'it goes out as any other revision');
  const again = await carry(undo('0a1b2c3d-0000-4000-8000-0000000000fe', 3));
  assert.deepEqual([again.status, again.body.errorCode], [409, 'UNDONE']);
  assert.equal((await call('GET', `/v1/repairs?run=${RUN}`)).body.repairs[0].undoneBy, UNDO);
});

test('a repair of another form is refused by its field', async () => {
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  for (const [body, message] of [
    [{ values: 'Bronx' }, /^values must be/],
    [{ ifRevision: 'one' }, /^ifRevision must be/],
    [{ repair: { run: RUN, before: {} } }, /^ifRevision must be/],
    [{ ifRevision: 1, repair: { run: 'today', before: {} } }, /^repair.run must be/],
    [{ ifRevision: 1, repair: { run: RUN } }, /^repair.before must be/],
    [{ ifRevision: 1, repair: { run: RUN, before: {}, undoes: 1 } }, /^repair.undoes must be/],
  ] as const) {
    const answer = await call('POST', `/v1/cases/${externalId}/carry`, body);
    assert.equal(answer.status, 400);
    assert.match(answer.body.message, message);
  }
});

test('what people send is checked too: by field and reason, never as an error of the registry', async () => {
  const bad = { Subject: 'a', Description: 'half \ud83d' };
  await send(request(1, VALUES));
  const { externalId } = await lastRecord();
  const paths = `/v1/cases/${externalId}`;
  for (const [method, url, body, status, expected] of [
    ['POST', '/v1/cases', { values: bad }, 422, /^values\.Description has half of a surrogate pair \(U\+D83D\)/],
    ['PATCH', paths, { values: { Subject: 'a\0' } }, 422, /^values\.Subject has a NUL character/],
    ['PATCH', paths, { values: { Subject: { a: 1 } } }, 422, /^values\.Subject must be/],
    ['PATCH', paths, { values: [] }, 400, /^values must be an object/],
    ['POST', `${paths}/carry`, { values: { Subject: '\0' } }, 422, /^values\.Subject has/],
    [
      'POST',
      `${paths}/carry`,
      { ifRevision: 1, repair: { run: RUN, before: { Subject: '\0' } } },
      422,
      /^repair\.before\.Subject has/,
    ],
    ['GET', '/v1/cases/by-key/%00', undefined, 400, /^the parameter key has a control character/],
    ['GET', '/v1/cases/SR%00', undefined, 400, /^the parameter externalId has/],
    ['GET', '/v1/cases?after=%00', undefined, 400, /^the parameter after has/],
    ['GET', '/v1/repairs?run=%00', undefined, 400, /^the parameter run has/],
    ['POST', '/v1/requests/%00/retry', {}, 400, /^the parameter key has/],
    ['POST', '/v1/cases/lookup', { keys: ['\0'] }, 400, /^keys\[0\] has/],
    ['POST', '/v1/cases/lookup', { elements: [null] }, 400, /^elements\[0\] must be/],
    ['POST', '/v1/cases/lookup', { elements: [{ k1: 1e12, k2: 0 }] }, 400, /^elements\[0\]\.k1 must be/],
  ] as const) {
    const answer = await call(method, url, body);
    assert.deepEqual([url, answer.status], [url, status], JSON.stringify(answer.body));
    assert.match(answer.body.message, expected);
  }
  assert.equal((await call('GET', '/v1/cases?limit=-5')).status, 200);
});

test('a field may be called as something that every object inherits', async () => {
  const values = { ...VALUES, constructor: 'x', toString: 'y' } as unknown as Values;
  await send(request(1, values));
  const { externalId } = await lastRecord();
  await call('PATCH', `/v1/cases/${externalId}`, { values: { toString: 'outside' } });
  await send(request(2, { ...values, toString: 'inside' }, { baseRevision: 1 }));
  const merged = await lastRecord();
  assert.deepEqual(
    [Object.entries(merged.values).find(([name]) => name === 'constructor'), merged.conflicts],
    [['constructor', 'x'], [{ field: 'toString', owner: 'External', kept: 'outside', lost: 'inside' }]],
  );
});

test('what is no receipt of the middle layer is no verdict on a message: it is sent again', async () => {
  await send(request(1, VALUES));
  const foreign = [
    '',
    'null',
    '[]',
    '{}',
    '<html>',
    '{"results":null}',
    '{"results":[null]}',
    '{"results":{"find":1}}',
  ].map((body) => (): HttpResponse => ({ status: 202, headers: {}, body }));
  const unworded = (messages: FromExternal[]): HttpResponse =>
    json(202, { results: messages.map(({ id }) => ({ id, accepted: false })) });
  for (const reply of [...foreign, unworded]) {
    answer = reply;
    await system.publish();
    await clock.advance(60 * 60_000);
  }
  inbox = [];
  answer = accept;
  await system.publish();
  assert.deepEqual(
    inbox.map(({ kind }) => kind),
    ['record'],
  );
});
