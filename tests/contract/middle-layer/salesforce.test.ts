import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { ManualClock } from '../../../src/shared/clock.ts';
import type { Transport } from '../../../src/shared/http.ts';
import { seededRandom } from '../../../src/shared/random.ts';
import { TargetUnavailable } from '../../../src/middle-layer/clients/errors.ts';
import { httpSalesforce } from '../../../src/middle-layer/clients/salesforce/http.ts';
import { InMemorySalesforce, MEMORY_ORG_ID } from '../../../src/middle-layer/clients/salesforce/in-memory.ts';
import type { ApplyRecord, SalesforcePort } from '../../../src/middle-layer/clients/salesforce/port.ts';
import { SalesforceRest } from '../../../src/middle-layer/clients/salesforce/rest.ts';
import { fakeOrg, TOKEN } from './fake-org.ts';

const overHttp = (org: InMemorySalesforce): SalesforcePort => {
  const handler = fakeOrg(org);
  const transport: Transport = (request) => handler({ ...request, url: request.url.replace('http://org', '') });
  const clock = new ManualClock(Date.parse('2026-11-21T07:30:00Z'));
  const rest = new SalesforceRest({
    instanceUrl: 'http://org',
    auth: { kind: 'accessToken', accessToken: TOKEN },
    transport,
    clock,
  });
  return httpSalesforce(rest, clock, () => {});
};

const IMPLEMENTATIONS: [string, (org: InMemorySalesforce) => SalesforcePort][] = [
  ['in memory', (org) => org],
  ['over HTTP', overHttp],
];

for (const [name, portOf] of IMPLEMENTATIONS) {
  describe(`Salesforce ${name}`, () => {
    let org: InMemorySalesforce;
    let port: SalesforcePort;
    beforeEach(() => {
      org = new InMemorySalesforce(seededRandom(1));
      port = portOf(org);
    });
    const answerTo = (key: string, more: Partial<ApplyRecord> = {}): ApplyRecord => ({
      key,
      caseId: null,
      externalId: 'EXT-1',
      revision: 1,
      requestVersion: 1,
      salesforceCaseId: null,
      values: { Status: 'Open' },
      ...more,
    });

    it('tells who it is, what is set, and which fields are synced', async () => {
      const { orgId, settings, fields } = await port.sweep([]);
      assert.equal(orgId.slice(0, 15), MEMORY_ORG_ID.slice(0, 15));
      assert.deepEqual(settings, { orgId: MEMORY_ORG_ID, paused: false });
      assert.deepEqual(fields, org.fields);
    });

    it('shows pending Cases with wire values', async () => {
      const created = org.createCase({ Subject: 'a', Reported_At__c: '2026-11-21T07:00:00Z', Status: null }, '001A');
      const { cases, next } = await port.sweep([]);
      assert.equal(next, null);
      assert.deepEqual(cases, [
        {
          id: created.id,
          accountId: '001A',
          key: created.key,
          version: 1,
          attempt: 0,
          pending: 'Request',
          externalId: null,
          baseRevision: null,
          values: { ...created.values },
        },
      ]);
    });

    it('needs one API call for a sweep once the fields are known', async () => {
      const { fields } = await port.sweep([]);
      port.takeCallCount();
      await port.sweep(fields);
      assert.equal(port.takeCallCount(), 1);
      assert.equal(port.takeCallCount(), 0);
    });

    it('shows new synced fields in the sweep that finds them', async () => {
      const { fields } = await port.sweep([]);
      org.fields.push({ name: 'City__c', owner: 'External', type: 'string' });
      org.createCase({ Subject: 'a', City__c: 'Queens', Status: null, Reported_At__c: null });
      const seen = await port.sweep(fields);
      assert.equal(seen.fields.length, 4);
      assert.equal(seen.cases[0]!.values.City__c, 'Queens');
      org.fields.pop();
      assert.equal((await port.sweep(seen.fields)).fields.length, 3);
    });

    it('shows pending Cases page by page', async () => {
      for (let index = 0; index < 120; index++)
        org.createCase({ Subject: String(index), Status: null, Reported_At__c: null });
      const { fields } = await port.sweep([]);
      const keys: string[] = [];
      const first = await port.sweep(fields);
      keys.push(...first.cases.map(({ key }) => key));
      for (let next = first.next; next;) {
        const page = await port.morePending(next, fields);
        keys.push(...page.cases.map(({ key }) => key));
        next = page.next;
      }
      assert.equal(new Set(keys).size, 120);
    });

    it('reads one Case by key, pending or not', async () => {
      const { fields } = await port.sweep([]);
      const created = org.createCase({ Subject: 'a', Status: null, Reported_At__c: null });
      created.pending = null;
      assert.deepEqual((await port.readCase(created.key, fields))!.values, created.values);
      assert.equal(await port.readCase('00000000-0000-4000-8000-000000000000', fields), null);
    });

    it('applies, asks for the write-back, and takes its confirmation', async () => {
      const { key, id } = org.createCase({ Subject: 'a' });
      const [applied] = await port.apply([answerTo(key)]);
      assert.deepEqual(
        [applied!.outcome, applied!.caseId, applied!.version, applied!.writeBack],
        ['APPLIED', id, 1, true],
      );
      const [repeated] = await port.apply([answerTo(key)]);
      assert.deepEqual([repeated!.outcome, repeated!.writeBack], ['IGNORED', true]);
      const [confirmed] = await port.writeBack([{ key, caseId: id, externalId: 'EXT-1', version: 1 }]);
      assert.deepEqual([confirmed!.outcome, confirmed!.status], ['APPLIED', 'Success']);
    });

    it('answers one line for each record, in order, a refused one among them', async () => {
      const cases = ['a', 'b', 'c'].map((Subject) => org.createCase({ Subject }));
      org.refuse = (key) => (key === cases[1]!.key ? { errorCode: 'UNABLE_TO_LOCK_ROW', retryable: true } : null);
      const results = await port.apply(cases.map(({ key }, index) => answerTo(key, { externalId: `EXT-${index}` })));
      assert.deepEqual(
        results.map(({ key, outcome, retryable }) => [key, outcome, retryable]),
        [
          [cases[0]!.key, 'APPLIED', false],
          [cases[1]!.key, 'REFUSED', true],
          [cases[2]!.key, 'APPLIED', false],
        ],
      );
    });

    it('records an answer to an older version without its values', async () => {
      const created = org.createCase({ Subject: 'a' });
      org.updateCase(created.key, { Subject: 'b' });
      const [line] = await port.apply([answerTo(created.key, { values: { Subject: 'a' } })]);
      assert.deepEqual([line!.outcome, created.values.Subject, created.externalId], ['RECORDED', 'b', 'EXT-1']);
    });

    it('takes refusals, and does not know keys without a Case', async () => {
      const { key } = org.createCase({ Subject: 'a' });
      const refusal = { version: 1, attempt: 0, errorCode: 'ZIP_UNKNOWN', message: 'no such zip' };
      const unknown = '00000000-0000-4000-8000-000000000000';
      const results = await port.acknowledge([
        { key, ...refusal },
        { key: unknown, ...refusal },
      ]);
      assert.deepEqual(
        results.map(({ outcome, status }) => [outcome, status]),
        [
          ['APPLIED', 'Failed'],
          ['NOT_FOUND', null],
        ],
      );
    });

    it('shows tombstones until they are delivered, and records deletions outside', async () => {
      const { key, id } = org.createCase({ Subject: 'a' });
      const other = org.createCase({ Subject: 'b' });
      org.deleteCase(key, '2026-11-21T07:30:00Z');
      const [tombstone] = (await port.sweep([])).tombstones;
      const { id: tombstoneId, ...seen } = tombstone!;
      assert.deepEqual(seen, { key, caseId: id, reason: 'Deleted', masterKey: null, at: '2026-11-21T07:30:00Z' });
      assert.equal((await port.tombstonesDelivered([tombstoneId])).length, 1);
      assert.deepEqual((await port.sweep([])).tombstones, []);
      const [line] = await port.deletion([
        { key: other.key, externalId: 'EXT-2', revision: 2, at: '2026-11-21T07:30:00Z' },
      ]);
      assert.equal(line!.outcome, 'RECORDED');
    });

    it('is unavailable to writers while paused, and still read', async () => {
      org.settings.paused = true;
      assert.equal((await port.sweep([])).settings.paused, true);
      await assert.rejects(
        port.apply([answerTo('k')]),
        (error) => error instanceof TargetUnavailable && error.code === 'PAUSED',
      );
    });
  });
}
