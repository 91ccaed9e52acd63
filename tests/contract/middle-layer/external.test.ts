import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { RequestMessage, ToExternal } from '../../../src/shared/case-messages.ts';
import { ManualClock } from '../../../src/shared/clock.ts';
import { json, type Transport } from '../../../src/shared/http.ts';
import { seededRandom } from '../../../src/shared/random.ts';
import { BatchRefused } from '../../../src/middle-layer/clients/errors.ts';
import { httpExternal } from '../../../src/middle-layer/clients/external/http.ts';
import { InMemoryExternal } from '../../../src/middle-layer/clients/external/in-memory.ts';
import type { ExternalPort } from '../../../src/middle-layer/clients/external/port.ts';

const overHttp = (registry: InMemoryExternal): ExternalPort => {
  const transport: Transport = async (request) => {
    assert.equal(request.url, 'http://registry/v1/messages');
    if (request.headers.authorization !== 'Bearer secret') return json(401, {});
    const { messages } = JSON.parse(request.body) as { messages: ToExternal[] };
    if (messages.length > 200) return json(413, { errorCode: 'TOO_MANY', message: 'at most 200' });
    return json(202, { results: await registry.send(messages) });
  };
  return httpExternal({ url: 'http://registry/', token: 'secret' }, transport, new ManualClock(0));
};

const IMPLEMENTATIONS: [string, (registry: InMemoryExternal) => ExternalPort][] = [
  ['in memory', (registry) => registry],
  ['over HTTP', overHttp],
];

const KEY = '11111111-1111-4111-8111-111111111111';
const request = (more: Partial<RequestMessage> = {}): RequestMessage => ({
  kind: 'request',
  id: `id-${Math.random()}`,
  key: KEY,
  idempotencyKey: `org:${KEY}:1`,
  orgId: '00D000000000001AAA',
  version: 1,
  attempt: 0,
  originCaseId: '500000000000001AAA',
  baseRevision: null,
  values: { Subject: 'a' },
  owners: {},
  ...more,
});

for (const [name, portOf] of IMPLEMENTATIONS) {
  describe(`the external system ${name}`, () => {
    let registry: InMemoryExternal;
    let port: ExternalPort;
    beforeEach(() => {
      registry = new InMemoryExternal(seededRandom(1));
      port = portOf(registry);
    });

    it('gives one receipt for each message, in order', async () => {
      const messages = [request(), request({ key: KEY.replace('1', '2') })];
      assert.deepEqual(
        await port.send(messages),
        messages.map(({ id }) => ({ id, accepted: true })),
      );
    });

    it('answers a request with its record, and a repeat with the same one', async () => {
      await port.send([request()]);
      await port.send([request({ attempt: 1 })]);
      const [first, second] = registry.outbox;
      assert.ok(first?.kind === 'record' && second?.kind === 'record');
      assert.deepEqual(
        [first.externalId, first.revision, first.salesforceCaseId],
        [second.externalId, second.revision, null],
      );
      assert.equal(registry.records.size, 1);
    });

    it('sets the Case id by the write-back alone, and confirms it', async () => {
      await port.send([request()]);
      assert.equal(registry.records.get(KEY)!.salesforceCaseId, null);
      await port.send([
        { kind: 'writeBack', id: 'w', key: KEY, externalId: 'EXT-1', salesforceCaseId: '500A', version: 1 },
      ]);
      assert.equal(registry.records.get(KEY)!.salesforceCaseId, '500A');
      assert.equal(registry.outbox.at(-1)!.kind, 'writeBackConfirmed');
    });

    it('refuses more than 200 messages as a batch', async () => {
      await assert.rejects(port.send(Array.from({ length: 201 }, () => request())), BatchRefused);
    });
  });
}
