import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, describe, it } from 'node:test';
import { TargetUnavailable } from '../../../src/middle-layer/clients/errors.ts';
import type {
  ApplyRecord,
  PendingCase,
  Sweep,
  SweepPage,
  SyncedField,
} from '../../../src/flows/cases/carried/salesforce/port.ts';
import { stages, type Stage } from './stages.ts';

const FIRST_PAGE: SweepPage = { most: 2_000, casesAfter: null, tombstonesAfter: null };

for (const candidate of stages) {
  describe(`Salesforce ${candidate.name}`, { skip: candidate.skip }, () => {
    let stage: Stage;
    let fields: SyncedField[];
    before(async () => {
      stage = await candidate.open();
      ({ fields } = await stage.port.sweep([], FIRST_PAGE));
    });
    after(() => stage.close());

    let numbers = 0;
    const answerTo = (key: string, more: Partial<ApplyRecord> = {}): ApplyRecord => ({
      key,
      caseId: null,
      externalId: `CONTRACT-${randomUUID().slice(0, 8)}-${(numbers += 1)}`,
      revision: 1,
      requestVersion: 1,
      requestDigest: null,
      salesforceCaseId: null,
      values: { Subject: 'answered' },
      ...more,
    });
    const pendingCase = async (key: string): Promise<PendingCase | undefined> => {
      for (let casesAfter: string | null = null; ;) {
        const page: Sweep = await stage.port.sweep(fields, { ...FIRST_PAGE, casesAfter });
        const found = page.cases.find((each) => each.key === key);
        if (found || !page.moreCases) return found;
        casesAfter = page.cases.at(-1)!.id;
      }
    };

    it('tells who it is, that it is not paused, and which fields are synced', async () => {
      const { orgId, settings, fields: seen } = await stage.port.sweep([], FIRST_PAGE);
      assert.match(orgId, /^00D/);
      assert.equal(settings.orgId?.slice(0, 15), orgId.slice(0, 15));
      assert.equal(settings.paused, false);
      assert.deepEqual(seen, fields);
      const byName = new Map(seen.map((field) => [field.name, field]));
      assert.deepEqual([byName.get('Subject')?.type, byName.get('Reported_At__c')?.type], ['string', 'datetime']);
    });

    it('shows a pending Case in one slice of the keys, and counts it in the sample at most', async () => {
      const { key } = await stage.create({ Subject: 'sliced' });
      const slices = [
        { from: 0, to: 400_000_000 },
        { from: 400_000_000, to: 1_000_000_000 },
      ];
      const found: string[] = [];
      for (const slice of slices)
        for (let casesAfter: string | null = null; ;) {
          const page: Sweep = await stage.port.sweep(fields, { ...FIRST_PAGE, casesAfter, slice });
          found.push(...page.cases.map((each) => each.key));
          if (!page.moreCases) break;
          casesAfter = page.cases.at(-1)!.id;
        }
      assert.equal(found.filter((each) => each === key).length, 1);
      assert.equal(new Set(found).size, found.length);
      const { cases, pending } = await stage.port.sample();
      assert.ok(pending >= 0 && pending <= cases && pending <= found.length, `${pending} of ${cases}`);
    });

    it('shows a pending Case with wire values', async () => {
      const { key, id } = await stage.create({ Subject: 'a', Reported_At__c: '2026-11-21T07:00:00Z' });
      const { values, requestedAt: _requestedAt, digest: _digest, ...found } = (await pendingCase(key))!;
      assert.deepEqual(found, {
        id,
        accountId: null,
        key,
        version: 1,
        attempt: 0,
        pending: 'Request',
        externalId: null,
        revision: null,
        baseRevision: null,
      });
      assert.deepEqual([values.Subject, values.Reported_At__c], ['a', '2026-11-21T07:00:00Z']);
      assert.deepEqual(Object.keys(values).sort(), fields.map(({ name }) => name).sort());
    });

    it('gives pending Cases page by page in the order of their ids, each once', async () => {
      const ids = [];
      for (const Subject of ['a', 'b', 'c', 'd', 'e']) ids.push((await stage.create({ Subject })).id);
      const seen: string[] = [];
      let casesAfter = null as string | null;
      for (let isCut = true; isCut;) {
        const page = await stage.port.sweep(fields, { ...FIRST_PAGE, most: 2, casesAfter });
        assert.ok(page.cases.length <= 2);
        seen.push(...page.cases.map(({ id }) => id));
        isCut = page.moreCases;
        casesAfter = seen.at(-1) ?? null;
      }
      assert.deepEqual(seen, [...new Set(seen)].sort());
      assert.deepEqual(
        ids.filter((id) => !seen.includes(id)),
        [],
      );
    });

    it('reads settings alone when nothing may be taken in', async () => {
      await stage.create({ Subject: 'a' });
      const { cases, tombstones, moreCases, settings } = await stage.port.sweep(fields, { ...FIRST_PAGE, most: 0 });
      assert.deepEqual([cases, tombstones, moreCases, settings.paused], [[], [], false, false]);
    });

    it('tells the org within the same call that it was swept', async () => {
      await stage.port.sweep(fields, FIRST_PAGE);
      stage.port.takeCallCount();
      const heartbeat = { sweptAt: '2026-11-21T07:30:00.000Z', clearSince: '2026-11-21T07:00:00.000Z' };
      await stage.port.sweep(fields, FIRST_PAGE, heartbeat);
      assert.equal(stage.port.takeCallCount(), 1);
      assert.deepEqual(await stage.heartbeat(), heartbeat);
      await stage.port.sweep(fields, FIRST_PAGE, { ...heartbeat, clearSince: null });
      assert.deepEqual(await stage.heartbeat(), { ...heartbeat, clearSince: null });
    });

    it('needs one API call for a sweep once the fields are known', async () => {
      stage.port.takeCallCount();
      await stage.port.sweep(fields, FIRST_PAGE);
      assert.equal(stage.port.takeCallCount(), 1);
      assert.equal(stage.port.takeCallCount(), 0);
    });

    it('reads Cases with the fields of now, whatever was known', async () => {
      const { key } = await stage.create({ Subject: 'a' });
      const outdated: SyncedField[] = [...fields.slice(1), { name: 'Never_Was__c', owner: 'External', type: 'string' }];
      const seen = await stage.port.sweep(outdated, FIRST_PAGE);
      assert.deepEqual(seen.fields, fields);
      const found = seen.cases.find((each) => each.key === key);
      if (found) assert.equal(found.values.Subject, 'a');
      else assert.equal(seen.moreCases, true);
    });

    it('reads one Case by key, pending or not', async () => {
      const { key, id } = await stage.create({ Subject: 'a' });
      const [found] = await stage.port.readCases([key, randomUUID()], fields);
      assert.deepEqual([found?.id, found?.values.Subject], [id, 'a']);
      assert.deepEqual(await stage.port.readCases([randomUUID()], fields), []);
    });

    it('reads Cases by key in one API call, and leaves out the keys that no Case has', async () => {
      const [first, second] = [await stage.create({ Subject: 'a' }), await stage.create({ Subject: 'b' })];
      stage.port.takeCallCount();
      const found = await stage.port.readCases([first.key, randomUUID(), second.key], fields);
      assert.equal(stage.port.takeCallCount(), 1);
      assert.deepEqual(
        new Map(found.map(({ key, values }) => [key, values.Subject])),
        new Map([
          [first.key, 'a'],
          [second.key, 'b'],
        ]),
      );
    });

    it('tells the newest revision that the Case has seen, also to whoever brings an older one', async () => {
      const { key } = await stage.create({ Subject: 'a' });
      const answer = answerTo(key, { revision: 4 });
      const lines = [...(await stage.port.apply([answer])), ...(await stage.port.apply([{ ...answer, revision: 3 }]))];
      assert.deepEqual(
        lines.map(({ outcome, revision }) => [outcome, revision]),
        [
          ['APPLIED', 4],
          ['IGNORED', 4],
        ],
      );
      assert.equal((await stage.port.readCases([key], fields))[0]?.revision, 4);
    });

    it('applies, asks for the write-back, and takes its confirmation', async () => {
      const { key, id } = await stage.create({ Subject: 'a' });
      const answer = answerTo(key);
      const [applied] = await stage.port.apply([answer]);
      assert.deepEqual(
        [applied!.outcome, applied!.caseId, applied!.version, applied!.writeBack],
        ['APPLIED', id, 1, true],
      );
      assert.deepEqual(await stage.see(key), {
        status: 'In Progress',
        pending: 'WriteBack',
        externalId: answer.externalId,
        subject: 'answered',
      });
      const waiting = (await pendingCase(key))!;
      assert.deepEqual(
        [waiting.pending, waiting.externalId, waiting.baseRevision, waiting.version],
        ['WriteBack', answer.externalId, 1, 1],
      );
      const [repeated] = await stage.port.apply([answer]);
      assert.deepEqual([repeated!.outcome, repeated!.writeBack], ['IGNORED', true]);
      const [confirmed] = await stage.port.writeBack([{ key, caseId: id, externalId: answer.externalId, version: 1 }]);
      assert.deepEqual([confirmed!.outcome, confirmed!.status], ['APPLIED', 'Success']);
      assert.equal(await pendingCase(key), undefined);
    });

    it('creates the Case of a key that it does not know', async () => {
      // with every field that has a default here: one that the answer leaves out would be news for the external system
      const values = { Subject: 'answered', Status: 'New', Priority: 'Medium' };
      const answer = answerTo(randomUUID(), { requestVersion: null, values });
      const [line] = await stage.port.apply([answer]);
      assert.deepEqual([line!.outcome, line!.version, line!.writeBack], ['CREATED', 1, true]);
      assert.equal((await stage.see(answer.key)).externalId, answer.externalId);
    });

    it('answers one line for each record, in order, a refused one among them', async () => {
      const cases = [];
      for (const Subject of ['a', 'b', 'c']) cases.push(await stage.create({ Subject }));
      const bad = cases[1]!.key;
      const results = await stage.port.apply(
        cases.map(({ key }) => (key === bad ? answerTo(key, { values: stage.unacceptable(bad) }) : answerTo(key))),
      );
      assert.deepEqual(
        results.map(({ key, outcome, retryable }) => [key, outcome, retryable]),
        cases.map(({ key }) => [key, key === bad ? 'REFUSED' : 'APPLIED', false]),
      );
      assert.match(results[1]!.errorCode!, /^[A-Z_]+$/);
    });

    it('records an answer to an older version without its values', async () => {
      const { key } = await stage.create({ Subject: 'a' });
      await stage.change(key, { Subject: 'b' });
      const answer = answerTo(key);
      const [line] = await stage.port.apply([answer]);
      assert.equal(line!.outcome, 'RECORDED');
      assert.deepEqual(await stage.see(key), {
        status: 'In Progress',
        pending: 'Request',
        externalId: answer.externalId,
        subject: 'b',
      });
      assert.equal((await pendingCase(key))!.version, 2);
    });

    it('takes refusals, and does not know keys without a Case', async () => {
      const { key } = await stage.create({ Subject: 'a' });
      const refusal = { version: 1, attempt: 0, errorCode: 'ZIP_UNKNOWN', message: 'no such zip' };
      const results = await stage.port.acknowledge([
        { key, ...refusal },
        { key: randomUUID(), ...refusal },
      ]);
      assert.deepEqual(
        results.map(({ outcome, status }) => [outcome, status]),
        [
          ['APPLIED', 'Failed'],
          ['NOT_FOUND', null],
        ],
      );
      assert.equal((await stage.see(key)).pending, 'Retry');
    });

    it('shows tombstones until they are delivered', async () => {
      const { key, id } = await stage.create({ Subject: 'a' });
      await stage.remove(key);
      const seen = async () =>
        (await stage.port.sweep(fields, FIRST_PAGE)).tombstones.find((tombstone) => tombstone.key === key);
      const { id: tombstoneId, at, ...tombstone } = (await seen())!;
      assert.deepEqual(tombstone, { key, caseId: id, reason: 'Deleted', masterKey: null });
      assert.match(at, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.equal((await stage.port.tombstonesDelivered([tombstoneId])).length, 1);
      assert.equal(await seen(), undefined);
    });

    it('records deletions outside; the Case stays', async () => {
      const { key } = await stage.create({ Subject: 'a' });
      const answer = answerTo(key);
      await stage.port.apply([answer]);
      const deletion = { key, externalId: answer.externalId, revision: 2, at: '2026-11-21T07:30:00Z' };
      const [line, unknown] = await stage.port.deletion([deletion, { ...deletion, key: randomUUID() }]);
      assert.deepEqual([line!.outcome, unknown!.outcome], ['RECORDED', 'NOT_FOUND']);
      assert.equal((await stage.see(key)).externalId, answer.externalId);
    });

    it('tells whether it publishes events; that is no pause', async () => {
      const told = async (): Promise<boolean[]> => {
        const { settings } = await stage.port.sweep(fields, FIRST_PAGE);
        return [settings.pollOnly, settings.paused];
      };
      assert.deepEqual(await told(), [false, false]);
      await stage.pollOnly(true);
      try {
        assert.deepEqual(await told(), [true, false]);
      } finally {
        await stage.pollOnly(false);
      }
      assert.deepEqual(await told(), [false, false]);
    });

    const isUnavailableWhile = async (pause: (paused: boolean) => Promise<void>): Promise<void> => {
      const { key } = await stage.create({ Subject: 'a' });
      await pause(true);
      try {
        assert.equal((await stage.port.sweep(fields, FIRST_PAGE)).settings.paused, true);
        await assert.rejects(
          stage.port.apply([answerTo(key)]),
          (error) => error instanceof TargetUnavailable && error.code === 'PAUSED',
        );
      } finally {
        await pause(false);
      }
      assert.equal((await stage.port.apply([answerTo(key)]))[0]!.outcome, 'APPLIED');
    };

    it('is unavailable to writers while paused, and still read', () =>
      isUnavailableWhile((paused) => stage.pause(paused)));
    it('the same while its flow alone is paused', () => isUnavailableWhile((paused) => stage.pauseFlow(paused)));
  });
}
