import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import type { FromExternal, MessageBatch, RequestMessage, ToExternal } from '../../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { json, type Transport } from 'kernel/http.ts';
import { seededRandom } from 'kernel/random.ts';
import { openPglite } from '../../../src/shared/sql/pglite.ts';
import { createExternalSystem } from '../../../src/external-system/index.ts';
import type { Answering } from '../../../src/external-system/settings.ts';
import { BatchRefused } from '../../../src/middle-layer/clients/errors.ts';
import { httpReceiver } from '../../../src/middle-layer/clients/receiver.ts';
import { InMemoryExternal } from '../../flows/cases/in-memory/external.ts';
import type { ExternalPort } from '../../../src/flows/cases/carried/external/port.ts';
import { readRules } from '../../../src/external-system/rules/field-rules.ts';
import { SAMPLE } from '../../../src/shared/sample.ts';

/** A registry, the port to it, and what it has to say. */
interface Stage {
  port: ExternalPort;
  /** What it sends the middle layer, since the last time this was asked. */
  heard(): Promise<FromExternal[]>;
  close(): Promise<void>;
}

const ADDRESS = { url: 'http://registry/', token: 'secret' };

const inMemory = async (answers: Answering): Promise<Stage> => {
  const registry = new InMemoryExternal(seededRandom(1));
  registry.answersAtOnce = () => answers === 'at once';
  return { port: registry, heard: async () => registry.takeOutbox(), close: async () => {} };
};

const overHttp = async (answers: Answering): Promise<Stage> => {
  const stage = await inMemory(answers);
  const transport: Transport = async (request) => {
    assert.equal(request.url, 'http://registry/v1/messages');
    if (request.headers.authorization !== 'Bearer secret') return json(401, {});
    const { messages } = JSON.parse(request.body) as MessageBatch<ToExternal>;
    if (messages.length > 200) return json(413, { errorCode: 'TOO_MANY', message: 'at most 200' });
    return json(202, { results: await stage.port.send(messages) });
  };
  return { ...stage, port: httpReceiver(ADDRESS, transport, new ManualClock(0)) };
};

const caseRegistry = async (answers: Answering): Promise<Stage> => {
  const db = await openPglite();
  const clock = new ManualClock(Date.parse('2026-11-21T07:30:00Z'));
  const heard: FromExternal[] = [];
  const registry = await createExternalSystem({
    rules: [readRules(SAMPLE.registryRules)],
    db,
    clock,
    random: seededRandom(1),
    token: ADDRESS.token,
    settings: { answers },
    middleLayer: { url: 'http://middle', token: 'x' },
    transport: async (request) => {
      const { messages } = JSON.parse(request.body) as MessageBatch<FromExternal>;
      heard.push(...messages);
      return json(202, { results: messages.map(({ id }) => ({ id, accepted: true })) });
    },
  });
  const transport: Transport = (request) =>
    registry.handle({ ...request, url: request.url.replace('http://registry', '') });
  return {
    port: httpReceiver(ADDRESS, transport, clock),
    heard: async () => {
      while ((await registry.publish()) > 0);
      return heard.splice(0);
    },
    close: () => db.close(),
  };
};

/** The same, whose receipts carry answers: what stands in them is heard too. */
const atOnce = (open: (answers: Answering) => Promise<Stage>) => async (): Promise<Stage> => {
  const stage = await open('at once');
  const answered: FromExternal[] = [];
  return {
    ...stage,
    port: {
      send: async (messages) =>
        (await stage.port.send(messages)).map((receipt) => {
          if (!receipt.accepted) return receipt;
          const { answers = [], ...bare } = receipt;
          answered.push(...answers);
          return bare;
        }),
    },
    heard: async () => {
      assert.deepEqual(await stage.heard(), []);
      return answered.splice(0);
    },
  };
};

const STAGES: [string, () => Promise<Stage>][] = [
  ['in memory', () => inMemory('later')],
  ['in memory, answering at once', atOnce(inMemory)],
  ['over HTTP', () => overHttp('later')],
  ['over HTTP, answering at once', atOnce(overHttp)],
  ['over HTTP, the case registry', () => caseRegistry('later')],
  ['over HTTP, the case registry, answering at once', atOnce(caseRegistry)],
];

const request = (key: string, more: Partial<RequestMessage> = {}): RequestMessage => ({
  kind: 'request',
  id: randomUUID(),
  key,
  idempotencyKey: `00D000000000001AAA:${key}:1`,
  orgId: '00D000000000001AAA',
  version: 1,
  attempt: 0,
  originCaseId: '500000000000001AAA',
  baseRevision: null,
  values: { Subject: 'a' },
  owners: { Subject: 'Salesforce' },
  ...more,
});

for (const [name, open] of STAGES) {
  describe(`the external system ${name}`, () => {
    let stage: Stage;
    before(async () => (stage = await open()));
    after(() => stage.close());

    it('gives one receipt for each message, in order', async () => {
      const messages = [request(randomUUID()), request(randomUUID())];
      assert.deepEqual(
        await stage.port.send(messages),
        messages.map(({ id }) => ({ id, accepted: true })),
      );
      assert.equal((await stage.heard()).length, 2);
    });

    it('answers a request with its record, and a repeat with the same one', async () => {
      const key = randomUUID();
      await stage.port.send([request(key)]);
      const [first] = await stage.heard();
      await stage.port.send([request(key, { attempt: 1 })]);
      const [second, ...others] = await stage.heard();
      assert.ok(first?.kind === 'record' && second?.kind === 'record');
      assert.deepEqual([first.key, first.revision, first.requestVersion, first.salesforceCaseId], [key, 1, 1, null]);
      assert.deepEqual([second.externalId, second.revision], [first.externalId, first.revision]);
      assert.notEqual(second.id, first.id);
      assert.deepEqual(others, []);
    });

    it('answers a newer version with a newer revision', async () => {
      const key = randomUUID();
      await stage.port.send([request(key)]);
      await stage.port.send([request(key, { version: 2, baseRevision: 1, values: { Subject: 'b' } })]);
      const record = (await stage.heard()).at(-1)!;
      assert.ok(record.kind === 'record');
      assert.deepEqual([record.revision, record.requestVersion, record.values.Subject], [2, 2, 'b']);
    });

    it('sets the Case id by the write-back alone, and confirms it', async () => {
      const key = randomUUID();
      await stage.port.send([request(key)]);
      const [record] = await stage.heard();
      assert.ok(record?.kind === 'record' && record.salesforceCaseId === null);
      const { externalId } = record;
      const salesforceCaseId = '500000000000001AAA';
      await stage.port.send([{ kind: 'writeBack', id: randomUUID(), key, externalId, salesforceCaseId, version: 1 }]);
      const { id: _id, ...confirmed } = (await stage.heard()).at(-1)!;
      assert.deepEqual(confirmed, { kind: 'writeBackConfirmed', key, externalId, salesforceCaseId, version: 1 });
      await stage.port.send([request(key, { attempt: 2 })]);
      const again = (await stage.heard()).at(-1)!;
      assert.ok(again.kind === 'record' && again.salesforceCaseId === salesforceCaseId);
    });

    it('confirms a write-back that acknowledges a revision like any other', async () => {
      const key = randomUUID();
      await stage.port.send([request(key)]);
      const [record] = await stage.heard();
      assert.ok(record?.kind === 'record');
      const { externalId, revision } = record;
      const salesforceCaseId = '500000000000002AAA';
      const acknowledges = { revision, seenRevision: revision, seenMark: record.lineage?.[0] ?? null };
      const id = randomUUID();
      const [receipt] = await stage.port.send([
        { kind: 'writeBack', id, key, externalId, salesforceCaseId, version: 1, acknowledges },
      ]);
      assert.equal(receipt!.accepted && receipt!.acknowledges, true, 'or it would be told once more');
      assert.deepEqual(
        (await stage.heard()).map(({ kind }) => kind),
        ['writeBackConfirmed'],
      );
    });

    it('takes acknowledgements in silence, and confirms a deletion as often as it is told', async () => {
      const key = randomUUID();
      await stage.port.send([request(key)]);
      const [record] = await stage.heard();
      assert.ok(record?.kind === 'record');
      const { externalId, revision } = record;
      const at = '2026-11-21T07:30:00Z';
      const caseId = '500000000000001AAA';
      const told = {
        kind: 'deletion',
        key,
        caseId,
        reason: 'Deleted',
        masterKey: null,
        at,
        tombstoneId: 'a01',
      } as const;
      const receipts = await stage.port.send([
        { kind: 'acknowledge', id: randomUUID(), key, externalId, revision, success: true },
        { ...told, id: randomUUID() },
        { ...told, id: randomUUID() },
      ]);
      assert.ok(receipts.every(({ accepted }) => accepted));
      const confirmed = (await stage.heard()).map(({ id: _id, ...message }) => message);
      const confirmation = { kind: 'deletionRecorded', key, tombstoneId: 'a01' };
      assert.deepEqual(confirmed, [confirmation, confirmation]);
    });

    it('refuses more than 200 messages as a batch', async () => {
      const batch = Array.from({ length: 201 }, () => request(randomUUID()));
      await assert.rejects(stage.port.send(batch), BatchRefused);
    });
  });
}
