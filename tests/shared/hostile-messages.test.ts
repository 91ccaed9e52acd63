import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { createExternalSystem } from '../../src/external-system/index.ts';
import type { MessageReceipt } from '../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { json, type Handler } from 'kernel/http.ts';
import { randomUuid, seededRandom, type Random } from 'kernel/random.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import { resetDatabase, testDatabase } from '../middle-layer/support/database.ts';
import { World } from '../middle-layer/support/world.ts';
import { badEnvelope, badScalar, goodScalar, INHERITED, pick, toJson } from './support/hostile.ts';
import { readRules } from '../../src/external-system/rules/field-rules.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

const SEEDS = 40;
const BATCH = 12;
const ORG = '00D000000000001AAA';
const CASE = '500000000000001AAA';

type Json = Record<string, unknown>;
interface Stage {
  handle: Handler;
  headers: Record<string, string>;
  /** A message of each kind that nothing is wrong with. */
  kinds: ((random: Random, values: Json) => Json)[];
  /** Keys of messages that were really taken in. */
  taken: (keys: string[]) => Promise<Set<string>>;
}

const common = (random: Random): Json => ({ id: randomUuid(random), key: randomUuid(random) });
const record = (values: Json): Json => ({
  externalId: 'SR-1',
  revision: 1,
  requestVersion: null,
  salesforceCaseId: null,
  originCaseId: null,
  values,
  retriggered: false,
});

const fromExternal: Stage['kinds'] = [
  (random, values) => ({ kind: 'record', ...common(random), ...record(values) }),
  (random, values) => ({
    kind: 'refused',
    ...common(random),
    version: 1,
    attempt: 0,
    errorCode: 'X',
    message: 'no',
    field: null,
    record: record(values),
  }),
  (random) => ({
    kind: 'writeBackConfirmed',
    ...common(random),
    externalId: 'SR-1',
    salesforceCaseId: CASE,
    version: 1,
  }),
  (random) => ({ kind: 'deletionRecorded', ...common(random), tombstoneId: 'a01' }),
  (random) => ({ kind: 'deleted', ...common(random), externalId: 'SR-1', revision: 1, at: '2026-11-21T07:30:00Z' }),
];

const request = (random: Random, values: Json): Json => {
  const { id, key } = common(random);
  const idempotencyKey = `${ORG}:${String(key)}:1`;
  const about = { orgId: ORG, version: 1, attempt: 0, originCaseId: CASE, baseRevision: null };
  return { kind: 'request', id, key, idempotencyKey, ...about, values, owners: { Subject: 'Salesforce' } };
};
const toExternal: Stage['kinds'] = [
  request,
  (random) => ({ kind: 'acknowledge', ...common(random), externalId: 'SR-1', revision: 1, success: true }),
  (random) => ({ kind: 'writeBack', ...common(random), externalId: 'SR-1', salesforceCaseId: CASE, version: 1 }),
  (random) => ({
    kind: 'deletion',
    ...common(random),
    caseId: CASE,
    reason: 'Deleted',
    masterKey: null,
    at: '2026-11-21T07:30:00Z',
    tombstoneId: 'a01',
  }),
];

const fields = (random: Random): Json =>
  Object.fromEntries([
    ['Subject', 'Noise'],
    ...Array.from({ length: 3 }, () => [
      pick(random, ['Notes__c', 'Landmark', 'naïve name', ...INHERITED.filter((name) => name !== '__proto__')]),
      goodScalar(random),
    ]),
  ]) as Json;

/** Makes one place of a message bad; returns the word that the refusal must name, or null when the place takes anything. */
const spoil = (random: Random, message: Json): RegExp => {
  const values = (message.values ?? (message.record as Json | undefined)?.values) as Json | undefined;
  if (values && random.next() < 0.5) {
    if (random.next() < 0.2) {
      Object.defineProperty(values, pick(random, ['', '__proto__', 'a\0b', '\ud800']), {
        value: 'x',
        enumerable: true,
      });
      return /values has a field whose name/;
    }
    values.Description = badScalar(random);
    return /values\.Description /;
  }
  const places = Object.keys(message).filter((name) => !['values', 'record', 'owners'].includes(name));
  const place = pick(
    random,
    places.filter(
      (name) =>
        !['errorCode', 'message', 'tombstoneId', 'field', 'externalId', 'id', 'idempotencyKey', 'orgId'].includes(name),
    ),
  );
  message[place] = badEnvelope(random);
  return new RegExp(`^${place} `);
};

const STAGES: Record<string, () => Promise<Stage & { close: () => Promise<void> }>> = {
  'the middle layer': async () => {
    const database = await testDatabase();
    await resetDatabase(database.db);
    const world = await World.open(database.db);
    return {
      handle: (given) => world.layer.handle(given),
      headers: {},
      kinds: fromExternal,
      taken: async (keys) =>
        new Set(
          (await database.db.query<{ key: string }>('SELECT key FROM message WHERE key = ANY($1)', [keys])).map(
            ({ key }) => key,
          ),
        ),
      close: () => database.close(),
    };
  },
  'the registry': async () => {
    const db = await openPglite();
    const system = await createExternalSystem({
      rules: [readRules(SAMPLE.registryRules)],
      db,
      clock: new ManualClock(Date.parse('2026-11-21T07:30:00Z')),
      random: seededRandom(5),
      token: 'secret',
      middleLayer: { url: 'http://middle', token: 'x' },
      transport: async () => json(503, {}),
    });
    return {
      handle: (given) => system.handle(given),
      headers: { authorization: 'Bearer secret' },
      kinds: toExternal,
      taken: async (keys) =>
        new Set(
          (
            await db.query<{ key: string }>(
              'SELECT key FROM case_record WHERE key = ANY($1) UNION SELECT key FROM salesforce_deletion WHERE key = ANY($1)',
              [keys],
            )
          ).map(({ key }) => key),
        ),
      close: () => db.close(),
    };
  },
};

for (const [name, open] of Object.entries(STAGES)) {
  describe(`generated messages at ${name}`, () => {
    let stage: Awaited<ReturnType<typeof open>>;
    before(async () => (stage = await open()));
    after(() => stage.close());

    const post = async (messages: unknown[]): Promise<MessageReceipt[]> => {
      const body = toJson({ messages });
      const answer = await stage.handle({ method: 'POST', url: '/v1/messages', headers: stage.headers, body });
      assert.equal(answer.status, 202, answer.body);
      return (JSON.parse(answer.body) as { results: MessageReceipt[] }).results;
    };

    it('that are innocent all get in, whatever they hold; each culprit is refused by name, alone', async () => {
      for (let seed = 1; seed <= SEEDS; seed++) {
        const random = seededRandom(seed);
        const messages = Array.from({ length: BATCH }, () => pick(random, stage.kinds)(random, fields(random)));
        const expected = messages.map((message) => (random.next() < 0.4 ? spoil(random, message) : null));
        const receipts = await post(messages);
        const told = `seed ${seed}`;
        receipts.forEach((receipt, place) => {
          const culprit = expected[place]!;
          if (culprit === null) return assert.ok(receipt.accepted, `${told}: ${JSON.stringify(receipt)}`);
          assert.ok(!receipt.accepted && !receipt.retryable, `${told}: ${toJson(messages[place]).slice(0, 300)}`);
          assert.match(receipt.message, culprit, told);
        });
        // a write-back or an acknowledgement of a record that nobody has leads to nothing
        const leading = messages.filter(
          ({ kind }, place) => expected[place] === null && kind !== 'acknowledge' && kind !== 'writeBack',
        );
        const keys = leading.map(({ key }) => String(key));
        assert.deepEqual([...(await stage.taken(keys))].sort(), keys.sort(), told);
      }
    });

    it('that are no messages at all are refused one by one, each with its own receipt', async () => {
      const random = seededRandom(99);
      const good = stage.kinds[0]!(random, { Subject: 'a' });
      const odd = [
        null,
        'x',
        7,
        [],
        {},
        { ...good, kind: { toString: null } },
        ...INHERITED.map((kind) => ({ ...good, kind })),
      ];
      const receipts = await post([...odd, good]);
      assert.equal(receipts.length, odd.length + 1);
      odd.forEach((_, place) => assert.equal(receipts[place]!.accepted, false));
      assert.equal(receipts.at(-1)!.accepted, true, 'its id was among the refused ones too');
    });
  });
}
