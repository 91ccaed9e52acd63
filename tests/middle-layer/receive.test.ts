import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { AcknowledgeMessage, RecordMessage, RefusedMessage } from '../../src/shared/case-messages.ts';
import { DatabaseUnavailable } from '../../src/shared/sql/errors.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { testDatabase } from './support/database.ts';
import { newKey, World } from './support/world.ts';

const record = (more: Partial<RecordMessage> = {}): RecordMessage => ({
  kind: 'record',
  id: newKey(),
  key: newKey(),
  externalId: 'EXT-1',
  revision: 1,
  requestVersion: null,
  salesforceCaseId: null,
  originCaseId: null,
  values: { Subject: 'secret subject' },
  retriggered: false,
  ...more,
});

const refusal = (more: Partial<RefusedMessage> = {}): RefusedMessage => ({
  kind: 'refused',
  id: newKey(),
  key: newKey(),
  version: 1,
  attempt: 0,
  errorCode: 'ZIP_UNKNOWN',
  message: 'no such zip',
  field: 'Incident_Zip__c',
  record: null,
  ...more,
});

describe('POST /v1/messages', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  let world: World;
  before(async () => (database = await testDatabase()));
  beforeEach(async () => {
    await database.reset();
    world = await World.open(database.db);
  });
  after(() => database.close());

  const post = async (...messages: unknown[]): Promise<any[]> => {
    const answer = await world.call('POST', '/v1/messages', { messages });
    assert.equal(answer.status, 202);
    return answer.json.results;
  };
  const queued = async (): Promise<number> =>
    (await database.db.query("SELECT 1 FROM message WHERE state = 'queued'")).length;

  it('answers one receipt for each message, in order, after commit', async () => {
    const messages = [record(), record()];
    assert.deepEqual(
      await post(...messages),
      messages.map(({ id }) => ({ id, accepted: true })),
    );
    assert.equal(await queued(), 2);
  });

  it('accepts a redelivery, and does nothing', async () => {
    const message = record();
    await post(message, message);
    assert.deepEqual(await post(message), [{ id: message.id, accepted: true }]);
    assert.equal(await queued(), 1);
    assert.deepEqual(await world.outcomes(message.key), ['DUPLICATE', 'QUEUED', 'DUPLICATE']);
  });

  it('refuses a malformed message by itself, naming the field, and does not remember it', async () => {
    const good = record();
    const bad = { ...record(), revision: 'x' };
    const results = await post(bad, good);
    assert.deepEqual(results[0], {
      id: bad.id,
      accepted: false,
      retryable: false,
      errorCode: 'MALFORMED_MESSAGE',
      message: 'revision must be a whole number from 1 to 999999999',
    });
    assert.equal(results[1].accepted, true);
    assert.deepEqual((await post({ ...bad, revision: 1 }))[0], { id: bad.id, accepted: true });
  });

  it('names the field of every kind of malformed message', async () => {
    const cases: [Record<string, unknown> | null, RegExp][] = [
      [null, /must be a JSON object/],
      [{ ...record(), kind: 'request' }, /^kind must be one of record/],
      [{ ...record(), kind: 'toString' }, /^kind must be one of record/],
      [{ ...record(), key: 'x' }, /^key must be a lower-case UUID/],
      [{ ...record(), id: '' }, /^id must be/],
      [{ ...record(), values: { Subject: ['x'] } }, /^values\.Subject must be/],
      [{ ...record(), requestVersion: 0 }, /^requestVersion must be/],
      [{ ...record(), conflicts: [{ field: 'Status' }] }, /^conflicts\[0\]\.owner must be/],
      [{ kind: 'refused', id: 'i', key: newKey(), version: 1, attempt: -1 }, /^attempt must be/],
      [
        {
          kind: 'refused',
          id: 'i',
          key: newKey(),
          version: 1,
          attempt: 0,
          errorCode: 'X',
          message: 'x',
          field: null,
          record: {},
        },
        /^record\.externalId must be/,
      ],
      [
        { kind: 'writeBackConfirmed', id: 'i', key: newKey(), externalId: 'e', version: 1 },
        /^salesforceCaseId must be/,
      ],
      [{ kind: 'deleted', id: 'i', key: newKey(), externalId: 'e', revision: 1, at: 'today' }, /^at must be/],
    ];
    const results = await post(...cases.map(([message]) => message));
    cases.forEach(([, expected], index) => {
      assert.equal(results[index].accepted, false);
      assert.match(results[index].message, expected);
    });
  });

  const acknowledged = async (key: string): Promise<AcknowledgeMessage[]> =>
    (
      await database.db.query<{ payload: AcknowledgeMessage }>(
        "SELECT payload FROM message WHERE key = $1 AND kind = 'acknowledge' ORDER BY seq",
        [key],
      )
    ).map(({ payload }) => payload);

  it('drops a record that is older than one received before, and tells its sender what was seen instead', async () => {
    const newer = record({ revision: 3, lineage: ['c', 'b', 'a'] });
    await post(newer);
    await post({ ...newer, id: newKey(), revision: 2, lineage: ['b', 'a'] });
    assert.deepEqual(await world.outcomes(newer.key, 'record'), ['QUEUED', 'SUPERSEDED']);
    const [told] = await acknowledged(newer.key);
    assert.deepEqual([told!.revision, told!.success, told!.seenRevision, told!.seenMark], [2, true, 3, 'c']);
  });

  it('drops a record whose history does not have the revision that was seen, although its number is as high', async () => {
    for (const revision of [3, 5]) {
      const seen = record({ revision: 3, lineage: ['c', 'b', 'a'] });
      await post(seen);
      await post({ ...seen, id: newKey(), revision, lineage: ['y', 'x', 'a'] });
      assert.deepEqual(await world.outcomes(seen.key, 'record'), ['QUEUED', 'SUPERSEDED']);
      const [told] = await acknowledged(seen.key);
      assert.deepEqual([told!.revision, told!.seenRevision, told!.seenMark], [revision, 3, 'c']);
      await post({ ...seen, id: newKey(), revision: 6, lineage: ['z', 'c', 'y', 'x', 'a'] });
      const outcomes = await world.outcomes(seen.key, 'record');
      assert.equal(outcomes.at(-1), 'QUEUED', 'once it includes what was seen it is news again');
    }
  });

  it('takes a record from far above what was seen: its marks need not reach back so far', async () => {
    const seen = record({ revision: 3, lineage: ['c'] });
    await post(seen);
    const lineage = Array.from({ length: 32 }, (_, index) => `mark ${index}`);
    await post({ ...seen, id: newKey(), revision: 40, lineage });
    assert.deepEqual(await acknowledged(seen.key), []);
  });

  it('lets the answer to a newer version win over that to an older one at the same revision, in either order', async () => {
    const newer = record({ revision: 3, requestVersion: 2 });
    const older = { ...newer, id: newKey(), requestVersion: 1 };
    await post(newer, older);
    const [{ payload }] = (await database.db.query("SELECT payload FROM message WHERE state = 'queued'")) as [
      { payload: RecordMessage },
    ];
    assert.equal(payload.requestVersion, 2);
  });

  it('sends the same revision on again when it is triggered again', async () => {
    const first = record();
    await post(first);
    await world.run();
    await post({ ...first, id: newKey(), retriggered: true });
    await world.run();
    assert.deepEqual(await world.outcomes(first.key, 'record'), ['QUEUED', 'CREATED', 'QUEUED', 'IGNORED']);
    assert.equal(world.salesforce.cases.size, 1);
  });

  it('audits a conflict by its field, and keeps its values apart', async () => {
    const message = record({
      conflicts: [{ field: 'Status', owner: 'External', kept: 'Closed', lost: 'secret status' }],
    });
    await post(message);
    const { entries } = (await world.call('GET', `/v1/audit?key=${message.key}`)).json;
    assert.deepEqual(
      entries.map(({ outcome, code, field }: any) => [outcome, code, field]),
      [
        ['CONFLICT', 'OWNER_EXTERNAL', 'Status'],
        ['QUEUED', null, null],
      ],
    );
    const { conflicts } = (await world.call('GET', `/v1/conflicts?key=${message.key}`)).json;
    assert.deepEqual([conflicts[0].kept, conflicts[0].lost], ['Closed', 'secret status']);
    assert.equal(JSON.stringify(await database.db.query('SELECT * FROM audit')).includes('secret'), false);
    assert.equal(JSON.stringify(world.logs).includes('secret'), false);
  });

  it('makes a Case of a record that was born outside, and writes its id back', async () => {
    const message = record();
    await post(message);
    await world.run();
    const created = world.salesforce.cases.get(message.key)!;
    assert.equal(created.externalId, 'EXT-1');
    const [sent, ...others] = world.external.received;
    assert.deepEqual(others, []);
    assert.ok(sent!.kind === 'writeBack');
    assert.deepEqual(
      [sent!.salesforceCaseId, sent!.acknowledges],
      [created.id, { revision: message.revision, seenRevision: message.revision, seenMark: null }],
    );
  });

  it('acknowledges apart where the external system does not know that a write-back may do it', async () => {
    const send = world.external.send.bind(world.external);
    // as one of an earlier wire form takes messages
    world.external.send = async (messages) => {
      const known = messages.map((message) =>
        message.kind === 'writeBack' ? { ...message, acknowledges: undefined } : message,
      );
      return (await send(known as typeof messages)).map(({ id }) => ({ id, accepted: true }));
    };
    const message = record();
    await post(message);
    await world.run();
    const created = world.salesforce.cases.get(message.key)!;
    assert.deepEqual(
      world.external.received.map((sent) => [sent.kind, 'revision' in sent ? sent.revision : null]),
      [
        ['writeBack', null],
        ['acknowledge', message.revision],
      ],
    );
    assert.equal(created.externalId, 'EXT-1');
  });

  it('passes a refusal on with what the external system holds', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    const seen: unknown[] = [];
    const acknowledge = world.salesforce.acknowledge;
    world.salesforce.acknowledge = (records) => {
      seen.push(...records);
      return acknowledge(records);
    };
    const { id: _id, ...state } = record({ key, revision: 4 });
    world.external.send = async (messages) => messages.map((message) => ({ id: message.id, accepted: true }));
    await post(refusal({ key, record: { id: 'x', ...state } }));
    await world.run();
    assert.deepEqual(seen, [
      {
        key,
        version: 1,
        attempt: 0,
        errorCode: 'ZIP_UNKNOWN',
        message: 'no such zip',
        externalId: 'EXT-1',
        revision: 4,
      },
    ]);
    assert.equal(world.salesforce.cases.get(key)!.status, 'Failed');
  });

  it('tells once that two newer refusals of one batch took the place of an older one', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    const [first, second, third] = [refusal({ key }), refusal({ key }), refusal({ key })];
    await post(first);
    await post(second, third);
    const told = await database.db.query<{ message_id: string; outcome: string }>(
      "SELECT message_id, outcome FROM audit WHERE target = 'salesforce' AND kind = 'refused' ORDER BY seq",
    );
    const outcomesOf = ({ id }: RefusedMessage): string[] =>
      told.filter((entry) => entry.message_id === id).map(({ outcome }) => outcome);
    assert.deepEqual(outcomesOf(first), ['QUEUED', 'SUPERSEDED']);
    assert.deepEqual(outcomesOf(third), ['QUEUED']);
  });

  it('records a deletion outside', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    await post({ kind: 'deleted', id: newKey(), key, externalId: 'EXT-1', revision: 2, at: '2026-11-21T07:30:00Z' });
    await world.run();
    assert.deepEqual(world.salesforce.deletedOutside, [key]);
    const told = world.external.received.map(
      (message) => message.kind === 'acknowledge' && [message.revision, message.success],
    );
    // the record in memory stands behind that revision, and asks for a request after it
    assert.deepEqual(told.filter((line) => line).at(0), [2, true]);
  });

  it('does not bring a record to Salesforce that is deleted, in whatever order a batch tells it', async () => {
    const key = newKey();
    const deleted = {
      kind: 'deleted',
      id: newKey(),
      key,
      externalId: 'EXT-1',
      revision: 2,
      at: '2026-11-21T07:30:00Z',
    };
    await post(deleted, record({ key, revision: 1 }));
    await world.run();
    assert.equal(world.salesforce.cases.get(key), undefined);
    assert.deepEqual(await world.outcomes(key, 'record'), ['SUPERSEDED']);
  });

  it('refuses a message alone that only the database finds fault with, or that provokes a bug', async () => {
    const messages = Array.from({ length: 9 }, () => record());
    const [unstorable, bug] = [messages[2]!, messages[7]!];
    const failing = (db: Database): Database => ({
      ...db,
      transaction: (work) =>
        db.transaction((tx) =>
          work({
            query: (text, parameters) => {
              if (text.includes('INSERT INTO inbox')) {
                const ids = parameters![0] as string[];
                if (ids.includes(unstorable.id))
                  throw Object.assign(new Error('the value "secret" is wrong'), { code: '22003' });
                if (ids.includes(bug.id)) throw new TypeError('x is not a function');
              }
              return tx.query(text, parameters);
            },
          }),
        ),
    });
    await world.start({}, undefined, failing(database.db));
    const results = await post(...messages);
    assert.deepEqual(
      results.map(({ accepted, retryable, errorCode }) => (accepted ? 'taken' : [retryable, errorCode])),
      messages.map((message) =>
        message === unstorable ? [false, 'NOT_STORABLE'] : message === bug ? [false, 'INTERNAL_ERROR'] : 'taken',
      ),
    );
    assert.equal(await queued(), 7);
    const refused = world.logs.filter(({ event }) => event === 'message refused').map(({ detail }) => detail!);
    assert.deepEqual(
      refused.map(({ key, code }) => [key, code]),
      [
        [unstorable.key, 'NOT_STORABLE'],
        [bug.key, 'INTERNAL_ERROR'],
      ],
    );
    assert.equal(JSON.stringify(world.logs).includes('secret'), false);
  });

  it('fails as a whole while the database is away: it says nothing of the messages', async () => {
    let away = false;
    const failing: Database = {
      ...database.db,
      transaction: (work) => (away ? Promise.reject(new DatabaseUnavailable('away')) : database.db.transaction(work)),
    };
    await world.start({}, undefined, failing);
    away = true;
    const call = world.call('POST', '/v1/messages', { messages: [record()] });
    assert.ok((await call.catch(() => ({ status: 500 }))).status >= 500);
    assert.equal(await queued(), 0);
  });

  it('takes neither of two messages for the other that have one id', async () => {
    const first = record();
    const second = { ...record(), id: first.id };
    const results = await post(first, second, first);
    assert.deepEqual(
      results.map(({ accepted }) => accepted),
      [true, false, true],
    );
    assert.match(results[1].message, /^id is that of another message/);
  });

  it('makes error texts of the other side storable', async () => {
    const { key } = world.salesforce.createCase({ Subject: 'a' });
    world.external.send = async (messages) => messages.map((message) => ({ id: message.id, accepted: true }));
    await world.sweep();
    const refusal = { kind: 'refused', id: newKey(), key, version: 1, attempt: 0, field: null, record: null };
    const text = `half \ud83d, NUL \0 ${'x'.repeat(5_000)}`;
    const [receipt] = await post({ ...refusal, errorCode: 'BAD\0', message: text });
    assert.equal(receipt.accepted, true);
    await world.run();
    assert.equal(world.salesforce.cases.get(key)!.errorCode, 'BAD\ufffd');
  });

  it('refuses what is not a batch, or too large a one', async () => {
    const bad = async (body: unknown): Promise<[number, string]> => {
      const { status, json } = await world.call('POST', '/v1/messages', body);
      return [status, json.errorCode];
    };
    assert.deepEqual(await bad([]), [400, 'BAD_REQUEST']);
    assert.deepEqual(await bad({}), [400, 'BAD_REQUEST']);
    assert.deepEqual(await bad({ messages: Array.from({ length: 201 }, () => record()) }), [413, 'TOO_MANY_MESSAGES']);
  });
});
