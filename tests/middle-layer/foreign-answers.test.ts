/** Whatever answers in the place of Salesforce or the external system: it is never taken for a verdict on a record. */
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { describe, it } from 'node:test';
import { BatchRefused, TargetUnavailable } from '../../src/middle-layer/clients/errors.ts';
import { httpReceiver } from '../../src/middle-layer/clients/receiver.ts';
import { BayeuxConnection } from '../../src/middle-layer/clients/salesforce/bayeux.ts';
import { httpSalesforce } from '../../src/flows/cases/carried/salesforce/http.ts';
import type { SalesforcePort, SyncedField } from '../../src/flows/cases/carried/salesforce/port.ts';
import { IntegrationClient } from '../../src/middle-layer/clients/salesforce/integration-client.ts';
import type { ToExternal } from '../../src/shared/case-messages.ts';
import { ManualClock } from 'kernel/clock.ts';
import { TransportError, type HttpRequest, type HttpResponse, type Transport } from 'kernel/http.ts';
import { seededRandom, type Random } from 'kernel/random.ts';

const NOW = Date.parse('2026-11-21T07:30:00Z');
const KEYS = ['0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a01', '0b6e9a34-6f0b-4d6c-9a55-0d4f4b1f2a02'];
const SESSION = '00D000000000001!x';
const FIELDS: SyncedField[] = [{ name: 'Subject', owner: 'Salesforce', type: 'string' }];
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const PEM = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

const STATUSES = [
  200, 201, 202, 204, 301, 302, 400, 401, 403, 404, 405, 407, 408, 409, 411, 413, 414, 418, 422, 429, 431, 451, 500,
  502, 503, 504, 511,
];
const FOREIGN = [
  '',
  ' ',
  'null',
  'true',
  '0',
  '"maintenance"',
  '{}',
  '[]',
  '[null]',
  '[[]]',
  '[{}]',
  '{"results":null}',
  '{"results":[]}',
  '{"results":[null,null]}',
  '{"results":{"length":2}}',
  '{"compositeResponse":null}',
  '{"compositeResponse":[{}]}',
  '{"records":null,"done":true}',
  '{"fields":null}',
  '{"fields":[null]}',
  '{"error":{}}',
  '{"access_token":7}',
  '{"errorCode":7,"message":"x"}',
  '{"errorCode":"X"}',
  '{"message":"Request blocked"}',
  '[{"message":"x","errorCode":null}]',
  '<!DOCTYPE html><html><body>403 Forbidden</body></html>',
  '\u0000\u0001',
];
const ENVELOPES = [
  '[{"errorCode":"MALFORMED_QUERY","message":"x"}]',
  '{"errorCode":"BAD_REQUEST","message":"x","retryable":false}',
  '{"errorCode":"BAD_REQUEST","message":"x"}',
];

const pick = <T>(random: Random, items: readonly T[]): T => items[Math.floor(random.next() * items.length)]!;

/** What a real answer becomes when some of it is lost or is something else. */
const spoilt = (random: Random, answer: unknown): string => {
  const text = JSON.stringify(answer);
  if (random.next() < 0.3) return text.slice(0, Math.floor(random.next() * text.length));
  const copy = JSON.parse(text) as unknown;
  const places: [holder: Record<string, unknown>, name: string][] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    for (const name of Object.keys(value)) {
      places.push([value as Record<string, unknown>, name]);
      visit((value as Record<string, unknown>)[name]);
    }
  };
  visit(copy);
  const [holder, name] = pick(random, places);
  if (random.next() < 0.3) delete holder[name];
  else holder[name] = pick<unknown>(random, [null, {}, [], 'x', 7, true, [null], { records: null }]);
  if (random.next() < 0.2 && Array.isArray(holder)) holder.reverse();
  return JSON.stringify(copy);
};

const line = (key: string): object => ({
  key,
  outcome: 'APPLIED',
  caseId: '500000000000001AAA',
  version: 1,
  status: 'Success',
  writeBack: false,
  retryable: false,
  errorCode: null,
  message: null,
  fields: [],
});
const LINES = { results: KEYS.map(line) };
const page = (...records: object[]): object => ({ totalSize: records.length, done: true, records });
const CASE = {
  Id: '500000000000001AAA',
  Sync_Key__c: KEYS[0],
  Sync_Version__c: 1,
  Sync_Pending__c: 'Request',
  Subject: 'a',
};
const SWEEP = {
  compositeResponse: Object.entries({
    settings: page(),
    control: page({ Id: 'a01000000000001AAA', Active__c: true, Org_Id__c: '00D000000000001' }),
    fields: page({ Field__c: 'Subject', Owner__c: 'Salesforce' }),
    tombstones: page(),
    cases: page(CASE),
  }).map(([referenceId, body]) => ({ referenceId, httpStatusCode: 200, httpHeaders: {}, body })),
};
const RECEIPTS = {
  results: [
    { id: 'm1', accepted: true },
    { id: 'm2', accepted: false, retryable: false, errorCode: 'BAD_MESSAGE', message: 'x' },
  ],
};
const REPLIES = [
  { channel: '/meta/connect', successful: true, clientId: 'c', advice: { reconnect: 'retry', interval: 0 }, ext: {} },
  { channel: '/event/Case_Sync_Requested__e', data: { event: { replayId: 7 } } },
];

const restOver = (transport: Transport): IntegrationClient =>
  new IntegrationClient({
    instanceUrl: 'http://org',
    auth: { kind: 'accessToken', accessToken: SESSION },
    transport,
    clock: new ManualClock(NOW),
  });
const salesforceOver = (transport: Transport): SalesforcePort =>
  httpSalesforce(restOver(transport), new ManualClock(NOW), () => {});
const twice = <T>(of: (key: string) => T): T[] => KEYS.map(of);

/** Each call of a client, the answer it should get, and what makes its result a good one. */
const CALLS: Record<
  string,
  { answer: unknown; call: (transport: Transport) => Promise<unknown>; good: (result: any) => boolean }
> = {
  apply: {
    answer: LINES,
    call: (transport) =>
      salesforceOver(transport).apply(
        twice((key) => ({
          key,
          caseId: null,
          requestDigest: null,
          externalId: 'X',
          revision: 1,
          requestVersion: 1,
          salesforceCaseId: null,
          values: {},
        })),
      ),
    good: (results) =>
      results.length === 2 && results.every((each: any, at: number) => each.key === KEYS[at] && each.outcome),
  },
  acknowledge: {
    answer: LINES,
    call: (transport) =>
      salesforceOver(transport).acknowledge(
        twice((key) => ({ key, version: 1, attempt: 0, errorCode: 'X', message: 'x' })),
      ),
    good: (results) => results.length === 2,
  },
  'tombstones delivered': {
    answer: LINES,
    call: (transport) => salesforceOver(transport).tombstonesDelivered(KEYS),
    good: (results) => results.length === 2,
  },
  sweep: {
    answer: SWEEP,
    call: (transport) =>
      salesforceOver(transport).sweep(FIELDS, { most: 200, casesAfter: null, tombstonesAfter: null }, null),
    good: (sweep) =>
      Array.isArray(sweep.tombstones) && sweep.cases.every(({ id }: any) => /^500/.test(id) || id === 'x'),
  },
  'read Cases': {
    answer: page(CASE),
    call: (transport) => salesforceOver(transport).readCases([KEYS[0]!], FIELDS),
    good: (found) => found.every(({ key }: any) => typeof key === 'string'),
  },
  send: {
    answer: RECEIPTS,
    call: (transport) =>
      httpReceiver({ url: 'http://ext', token: 't' }, transport, new ManualClock(NOW)).send([
        { id: 'm1' },
        { id: 'm2' },
      ] as ToExternal[]),
    good: (receipts) => receipts.length === 2 && receipts.every((each: any, at: number) => each.id === `m${at + 1}`),
  },
  'log in': {
    answer: { access_token: 't', instance_url: 'http://org' },
    call: (transport) =>
      new IntegrationClient({
        instanceUrl: 'http://org',
        auth: { kind: 'jwt', clientId: 'c', username: 'u', privateKey: PEM },
        transport,
        clock: new ManualClock(NOW),
      }).session(),
    good: ({ accessToken, instanceUrl }) => typeof accessToken === 'string' && typeof instanceUrl === 'string',
  },
  'the org of a session': {
    answer: { organization_id: '00D000000000002AAA' },
    call: (transport) =>
      new IntegrationClient({
        instanceUrl: 'http://org',
        auth: { kind: 'accessToken', accessToken: 'opaque' },
        transport,
        clock: new ManualClock(NOW),
      }).orgId(),
    good: (id) => typeof id === 'string' && id !== '',
  },
  listen: {
    answer: REPLIES,
    call: (transport) =>
      new BayeuxConnection(restOver(transport), transport).send(
        { channel: '/meta/connect' },
        new AbortController().signal,
      ),
    good: ({ answer, others }) => answer.channel === '/meta/connect' && Array.isArray(others),
  },
};

const answering =
  (status: number, body: string): Transport =>
  async (_request: HttpRequest): Promise<HttpResponse> => ({ status, headers: {}, body });

const hasEnvelope = (body: string): boolean => {
  try {
    const value = JSON.parse(body) as unknown;
    const first = (Array.isArray(value) ? value[0] : value) as { errorCode?: unknown; message?: unknown } | null;
    return typeof first?.errorCode === 'string' && typeof first.message === 'string';
  } catch {
    return false;
  }
};

const judge = async (name: string, status: number, body: string): Promise<void> => {
  const { call, good } = CALLS[name]!;
  const told = `${name} answered ${status} ${body.slice(0, 300)}`;
  let result: unknown;
  try {
    result = await call(answering(status, body));
  } catch (error) {
    if (error instanceof TargetUnavailable) return;
    assert.ok(error instanceof BatchRefused, `${told}: ${(error as Error).stack}`);
    assert.ok(hasEnvelope(body) || (status === 413 && error.retryable), `${told} is a refusal in nobody's words`);
    return;
  }
  assert.ok(good(result), `${told} gave ${JSON.stringify(result)}`);
};

describe('an answer that is not the protocol’s', () => {
  for (const [name, { answer }] of Object.entries(CALLS)) {
    it(`is no verdict: ${name}`, async () => {
      const random = seededRandom(11);
      for (const status of STATUSES) {
        for (const body of [...FOREIGN, ...ENVELOPES, JSON.stringify(answer)]) await judge(name, status, body);
        for (let i = 0; i < 40; i++) await judge(name, status, spoilt(random, answer));
      }
    });

    it(`is told apart from the protocol's own: ${name}`, async () => {
      const status = name === 'send' ? 202 : 200;
      assert.ok(CALLS[name]!.good(await CALLS[name]!.call(answering(status, JSON.stringify(answer)))));
      await assert.rejects(
        CALLS[name]!.call(() => Promise.reject(new TransportError('reset'))),
        TargetUnavailable,
      );
    });
  }

  it('refuses a batch in the words of the protocol alone', async () => {
    for (const body of ENVELOPES.slice(1))
      await assert.rejects(CALLS.apply!.call(answering(400, body)), (error) => error instanceof BatchRefused);
    await assert.rejects(
      CALLS.send!.call(answering(400, ENVELOPES[2]!)),
      (error) => error instanceof BatchRefused && error.code === 'HTTP_400' && !error.retryable,
    );
    for (const name of ['apply', 'send'])
      await assert.rejects(
        CALLS[name]!.call(answering(413, '<html>')),
        (error) => error instanceof BatchRefused && error.code === 'HTTP_413' && error.retryable,
        'a smaller batch may pass',
      );
  });
});
