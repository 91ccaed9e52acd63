import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, beforeEach, describe, it } from 'node:test';
import type {
  AcknowledgeMessage,
  FromExternal,
  RecordMessage,
  RequestMessage,
  Values,
} from '../../src/shared/case-messages.ts';
import { openPglite } from '../../src/shared/sql/pglite.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { REGISTRY_KEPT } from '../../src/flows/cases/simulated/restored.ts';
import { putBack, takeBackup, type Backup } from '../../src/simulation/backup.ts';
import { GRACE, TestRegistry } from './support/registry.ts';
import { requestOf } from './support/request.ts';

const CASE_ID = '500000000000001AAA';
const OWNERS = { Subject: 'Salesforce', Status: 'External', City__c: 'Salesforce' } as const;
const VALUES: Values = { Subject: 'Noise', Status: 'New', City__c: 'Brooklyn' };

for (const answers of ['later', 'at once'] as const)
  describe(`a restored side of a registry that answers ${answers}`, () => {
    let db: Database;
    let registry: TestRegistry;
    let key: string;
    let empty: Backup;
    before(async () => {
      db = await openPglite();
      registry = await TestRegistry.open(db, answers);
      empty = await takeBackup(db, REGISTRY_KEPT);
    });
    beforeEach(async () => {
      await putBack(db, empty);
      registry = await TestRegistry.open(db, answers);
      key = randomUUID();
    });
    after(() => db.close());

    const request = (version: number, values: Values, more: Partial<RequestMessage> = {}): RequestMessage =>
      requestOf(key, version, values, { originCaseId: CASE_ID, owners: OWNERS, ...more });

    /** Salesforce stored the record: an acknowledgement as the middle layer sends it. */
    const acknowledge = (record: RecordMessage, more: Partial<AcknowledgeMessage> = {}): AcknowledgeMessage => ({
      kind: 'acknowledge',
      id: randomUUID(),
      key,
      externalId: record.externalId,
      revision: record.revision,
      success: true,
      seenRevision: record.revision,
      seenMark: record.lineage![0]!,
      ...more,
    });

    /** What Salesforce would request having stored that record. */
    const having = (record: RecordMessage): Partial<RequestMessage> => ({
      baseRevision: record.revision,
      caseRevision: record.revision,
      seenRevision: record.revision,
      seenMark: record.lineage![0]!,
      externalId: record.externalId,
    });

    const view = async (): Promise<any> => (await registry.call('GET', `/v1/cases/by-key/${key}`)).body;
    const change = (externalId: string, values: Values): Promise<unknown> =>
      registry.call('PATCH', `/v1/cases/${externalId}`, { values });
    const wanted = (messages: FromExternal[]): FromExternal[] =>
      messages.filter(({ kind }) => kind === 'requestWanted');

    /** A record that both sides hold, at revision 1. */
    const agreed = async (): Promise<RecordMessage> => {
      await registry.send(request(1, VALUES));
      const record = await registry.lastRecord();
      await registry.send(acknowledge(record), {
        kind: 'writeBack',
        id: randomUUID(),
        key,
        externalId: record.externalId,
        salesforceCaseId: CASE_ID,
        version: 1,
      });
      await registry.delivered();
      return record;
    };

    /** Changes outside that Salesforce stores each. */
    const changedOutside = async (record: RecordMessage, ...changes: Values[]): Promise<RecordMessage> => {
      let newest = record;
      for (const values of changes) {
        await change(record.externalId, values);
        newest = await registry.lastRecord();
        await registry.send(acknowledge(newest));
      }
      return newest;
    };

    it('the org: a Case that works on after its deletion was told lives, whichever message comes last', async () => {
      const record = await agreed();
      const deletion = {
        kind: 'deletion',
        id: randomUUID(),
        key,
        caseId: CASE_ID,
        reason: 'Deleted',
        masterKey: null,
        at: '2026-01-05T09:00:00.000Z',
        tombstoneId: 'a01000000000001AAA',
      };
      const isDeleted = async (): Promise<boolean> => (await view()).salesforceDeletion !== null;
      await registry.send(deletion);
      const at = (requestedAt: string): Partial<RequestMessage> => ({ ...having(record), requestedAt });
      await registry.send(request(2, { ...VALUES, Subject: 'Louder' }, at('2026-01-05T09:00:00.000Z')));
      assert.equal(await isDeleted(), true, 'it may have left before the deletion');
      await registry.send(request(1, VALUES, { ...at('2026-01-05T11:00:00.000Z'), attempt: 1 }));
      assert.equal(await isDeleted(), false, 'it began after the deletion');
      await registry.send({ ...deletion, id: randomUUID() });
      assert.equal(await isDeleted(), false, 'the deletion of before comes once more');
      await registry.send({ ...deletion, id: randomUUID(), at: '2026-01-05T12:00:00.000Z' });
      assert.equal(await isDeleted(), true, 'and is deleted again');
    });

    it('the org: a record that was not known here takes over a deletion, unless its request began after it', async () => {
      const told = { kind: 'deletion', caseId: CASE_ID, reason: 'Deleted', masterKey: null, tombstoneId: 'a01' };
      const at = '2026-01-05T10:00:00.000Z';
      for (const [requestedAt, isDeleted] of [
        ['2026-01-05T09:59:59.000Z', true],
        ['2026-01-05T10:00:00.000Z', true],
        ['2026-01-05T10:00:01.000Z', false],
      ] as const) {
        key = randomUUID();
        await registry.send({ ...told, id: randomUUID(), key, at });
        await registry.send(request(1, VALUES, { requestedAt }));
        assert.equal((await view()).salesforceDeletion !== null, isDeleted, requestedAt);
      }
    });

    it('the org: a record whose Case is lost is sent without it when a person says so, and holds the new one', async () => {
      const { externalId } = await agreed();
      const trigger = (body?: unknown) => registry.call('POST', `/v1/cases/${externalId}/trigger`, body);
      assert.equal((await trigger()).status, 202);
      assert.equal((await registry.lastRecord()).salesforceCaseId, CASE_ID, 'nobody says that it is lost');
      assert.equal((await trigger({ forgetCaseId: '500000000000009AAA' })).status, 409, 'it holds another id');
      assert.equal((await trigger({ forgetCaseId: 7 })).status, 400);
      for (const once of ['first', 'again']) {
        assert.equal((await trigger({ forgetCaseId: CASE_ID })).status, 202, once);
        assert.equal((await registry.lastRecord()).salesforceCaseId, null, once);
      }
      const salesforceCaseId = '500000000000002AAA';
      await registry.send({ kind: 'writeBack', id: randomUUID(), key, externalId, salesforceCaseId, version: 1 });
      assert.equal((await view()).salesforceCaseId, salesforceCaseId);
    });

    it('the registry: a change in Salesforce counts above all that was seen, and brings back what was lost', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' }, { Status: 'Closed' });
      await putBack(db, backup);
      await registry.send(request(2, { ...lost.values, Subject: 'Louder' }, having(lost)));
      const merged = await registry.lastRecord();
      assert.equal(merged.revision, 4, 'above revision 3, which Salesforce has seen');
      assert.deepEqual(merged.values, { Subject: 'Louder', Status: 'Closed', City__c: 'Brooklyn' });
      assert.ok(merged.lineage!.includes(lost.lineage![0]!), 'and has it in its history');
    });

    it('the registry says that it was restored, of which records, and what to do, until their state has come', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' });
      const ready = async (): Promise<string[]> => (await registry.call('GET', '/ready')).body.attention;
      assert.deepEqual(await ready(), []);
      await putBack(db, backup);
      await registry.send(acknowledge(lost));
      const [line] = await ready();
      assert.match(
        line!,
        /^this registry was put back to an earlier state: 1 records \(.*\) miss what Salesforce has seen/,
      );
      assert.ok(line!.includes(record.externalId));
      assert.match(line!, /npm run reconcile/);
      await registry.send(request(2, lost.values, having(lost)));
      assert.deepEqual(await ready(), []);
    });

    it('the registry: a version that was applied before is no repeat while something is missing', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' });
      await putBack(db, backup);
      await registry.send(request(1, lost.values, { ...having(lost), attempt: 1 }));
      const merged = await registry.lastRecord();
      assert.deepEqual([merged.revision, merged.values.Status], [3, 'Working']);
      await registry.send(request(1, lost.values, { ...having(merged), attempt: 2 }));
      assert.equal((await registry.lastRecord()).revision, 3, 'level again: a repeat');
    });

    it('the registry: what was changed there since stays, on both sides the owner wins and the loss is told', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working', City__c: 'Queens' });
      await putBack(db, backup);
      await change(record.externalId, { Status: 'Escalated', Subject: 'Quieter' });
      await registry.delivered();
      await registry.send(request(1, lost.values, having(lost)));
      const merged = await registry.lastRecord();
      assert.equal(merged.revision, 3, 'revision 2 was given twice');
      assert.deepEqual(merged.values, { Subject: 'Quieter', Status: 'Escalated', City__c: 'Queens' });
      assert.deepEqual(merged.conflicts, [{ field: 'Status', owner: 'External', kept: 'Escalated', lost: 'Working' }]);
    });

    it('the registry: a write-back that acknowledges what it does not know asks for the state just as well', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' });
      await putBack(db, backup);
      await registry.delivered();
      const { externalId } = record;
      const acknowledges = { revision: lost.revision, seenMark: lost.lineage![0]! };
      const salesforceCaseId = '500000000000001AAA';
      await registry.send({ kind: 'writeBack', id: 'wb', key, externalId, salesforceCaseId, version: 1, acknowledges });
      const [told] = wanted(await registry.delivered());
      assert.equal(told?.kind === 'requestWanted' && told.seenRevision, lost.revision);
      assert.equal((await view()).syncStatus, 'In Progress');
    });

    it('the registry: an acknowledgement of what it does not know settles nothing, and asks for the state until it comes', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' }, { Status: 'Closed' });
      await putBack(db, backup);
      await change(record.externalId, { Subject: 'Quieter' });
      await registry.delivered();
      for (let time = 0; time < 2; time++)
        await registry.send(acknowledge(record, { seenRevision: lost.revision, seenMark: lost.lineage![0]! }));
      const told = wanted(await registry.delivered());
      assert.deepEqual(
        told.map(({ id: _id, ...message }) => message),
        [{ kind: 'requestWanted', key, externalId: record.externalId, revision: 2, seenRevision: 3 }],
        'once',
      );
      assert.equal((await view()).syncStatus, 'In Progress');
      await change(record.externalId, { City__c: 'Bronx' });
      assert.equal(
        (await registry.delivered()).some(({ kind }) => kind === 'record'),
        false,
        'its values wait',
      );
      for (let hours = 1; hours <= 3; hours++) {
        await registry.clock.advance(3_600_001);
        await registry.system.poll();
        assert.equal(wanted(await registry.delivered()).length, 1, 'again, until it has come');
      }
      await registry.send(request(1, lost.values, having(lost)));
      const merged = await registry.lastRecord();
      assert.ok(merged.revision > lost.revision);
      assert.deepEqual(merged.values, { Subject: 'Quieter', Status: 'Closed', City__c: 'Bronx' });
      await registry.send(acknowledge(merged));
      assert.equal((await view()).syncStatus, 'Success');
      await registry.clock.advance(3_600_001);
      assert.equal(await registry.system.poll(), 0);
    });

    it('the registry: a number that was given twice is told by its mark', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' });
      await putBack(db, backup);
      await change(record.externalId, { Status: 'Escalated' });
      const twin = await registry.lastRecord();
      assert.equal(twin.revision, lost.revision);
      await registry.send(acknowledge(lost));
      assert.equal((await view()).syncStatus, 'In Progress', 'the acknowledgement is that of the lost revision');
      assert.equal(wanted(await registry.delivered()).length, 1);
    });

    it('the registry: a record whose Case is gone as well rises above what was seen by itself', async () => {
      const record = await agreed();
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const lost = await changedOutside(record, { Status: 'Working' }, { Status: 'Closed' });
      await putBack(db, backup);
      await registry.send(acknowledge(record, { seenRevision: lost.revision, seenMark: lost.lineage![0]! }));
      await registry.delivered();
      await registry.send(acknowledge(record, { success: false, errorCode: 'NOT_FOUND', seenRevision: lost.revision }));
      const risen = await registry.lastRecord();
      assert.deepEqual([risen.revision, risen.values.Status], [4, 'New']);
    });

    it('the registry: a record that is lost as a whole is asked for, and comes back under its number', async () => {
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const record = await agreed();
      await putBack(db, backup);
      await registry.send(acknowledge(record));
      const [told] = wanted(await registry.delivered());
      assert.deepEqual(
        { ...told, id: '' },
        { kind: 'requestWanted', id: '', key, externalId: record.externalId, revision: null, seenRevision: 1 },
      );
      await registry.send({
        kind: 'writeBack',
        id: randomUUID(),
        key,
        externalId: record.externalId,
        salesforceCaseId: CASE_ID,
        version: 1,
      });
      assert.equal(wanted(await registry.delivered()).length, 1, 'a write-back tells it too');
      await registry.send(acknowledge(record, { success: false, errorCode: 'NOT_FOUND' }));
      assert.equal(wanted(await registry.delivered()).length, 0, 'no Case has it either: nobody asks in a circle');
      await registry.send(request(1, VALUES, having(record)));
      const again = await registry.lastRecord();
      assert.deepEqual([again.externalId, again.revision], [record.externalId, 2]);
    });

    it('the registry: numbers that were seen are not given out again, and a taken one is given up', async () => {
      const backup = await takeBackup(db, REGISTRY_KEPT);
      const record = await agreed();
      await putBack(db, backup);
      const { body: early } = await registry.call('POST', '/v1/cases', { values: { Subject: 'born outside' } });
      assert.equal(early.externalId, record.externalId, 'nothing has told yet that the number was given out');
      const refusal = {
        key: early.key,
        success: false,
        errorCode: 'DUPLICATE_VALUE',
        message: 'taken [External_Id__c]',
      };
      await registry.send({ ...acknowledge(record), seenMark: null, ...refusal });
      const { body: renamed } = await registry.call('GET', `/v1/cases/by-key/${early.key}`);
      assert.notEqual(renamed.externalId, record.externalId);
      const [told] = (await registry.delivered()).filter(
        (m) => m.kind === 'record' && m.externalId === renamed.externalId,
      );
      assert.equal(told?.kind, 'record', 'it is sent again');
      await registry.send(request(1, VALUES, { ...having(record), externalId: 'SR-00005000' }));
      await registry.delivered();
      const { body: late } = await registry.call('POST', '/v1/cases', { values: { Subject: 'born outside' } });
      assert.equal(late.externalId, 'SR-00005001');
    });

    it('the registry: a repair carries above what Salesforce holds', async () => {
      const record = await agreed();
      const body = { values: { City__c: 'Bronx' }, ifRevision: 1, seenRevision: 7 };
      assert.equal((await registry.call('POST', `/v1/cases/${record.externalId}/carry`, body)).body.revision, 8);
      assert.equal(
        (await registry.call('POST', `/v1/cases/${record.externalId}/carry`, { seenRevision: 'x' })).status,
        400,
      );
    });

    const at = (minute: number): string =>
      new Date(Date.UTC(2026, 0, 5, 9, minute)).toISOString().replace('.000Z', 'Z');

    it('the org: a version that counts from an earlier state is a change since that state, and no repeat', async () => {
      await registry.send(request(1, VALUES, { requestedAt: at(0), digest: 1 }));
      const first = await registry.lastRecord();
      await registry.send(
        request(2, { ...VALUES, City__c: 'Queens' }, { ...having(first), requestedAt: at(1), digest: 2 }),
      );
      await registry.send(
        request(
          3,
          { ...VALUES, City__c: 'Queens', Subject: 'Louder' },
          { ...having(first), requestedAt: at(2), digest: 3 },
        ),
      );
      await registry.delivered();
      // the org is restored to version 1, and somebody changes the subject
      const restored = request(
        2,
        { ...VALUES, Subject: 'Quieter' },
        { ...having(first), requestedAt: at(5), digest: 4 },
      );
      await registry.send(restored);
      const merged = await registry.lastRecord();
      assert.deepEqual(merged.values, { Subject: 'Quieter', Status: 'New', City__c: 'Queens' });
      assert.deepEqual([merged.requestVersion, merged.requestDigest, merged.conflicts], [3, 4, undefined]);
      await registry.send({
        ...restored,
        id: randomUUID(),
        attempt: 1,
        requestedAt: at(9),
        seenRevision: merged.revision,
      });
      assert.equal((await registry.lastRecord()).revision, merged.revision, 'asked for once more, it is a repeat');
    });

    it('the org: a version above all, of a Case that has forgotten what it had acknowledged, undoes nothing', async () => {
      await registry.send(request(1, VALUES, { requestedAt: at(0) }));
      const first = await registry.lastRecord();
      await registry.send(
        acknowledge(first),
        request(2, { ...VALUES, City__c: 'Queens' }, { ...having(first), requestedAt: at(1) }),
      );
      const second = await registry.lastRecord();
      await registry.send(acknowledge(second));
      // restored to version 1, and changed twice before anything left
      await registry.send(request(3, { ...VALUES, Subject: 'Quieter' }, { ...having(first), requestedAt: at(5) }));
      const merged = await registry.lastRecord();
      assert.deepEqual(merged.values, { Subject: 'Quieter', Status: 'New', City__c: 'Queens' });
    });

    it('the org: on both sides changed since that state, the owner wins and the loss is told', async () => {
      await registry.send(request(1, VALUES, { requestedAt: at(0), digest: 1 }));
      const first = await registry.lastRecord();
      await change(first.externalId, { City__c: 'Bronx', Status: 'Working' });
      await registry.delivered();
      await registry.send(
        request(
          1,
          { ...VALUES, City__c: 'Queens', Status: 'Closed' },
          { ...having(first), requestedAt: at(5), digest: 2 },
        ),
      );
      const merged = await registry.lastRecord();
      assert.deepEqual(merged.values, { Subject: 'Noise', Status: 'Working', City__c: 'Queens' });
      assert.deepEqual(
        merged.conflicts?.map(({ field, owner }) => [field, owner]),
        [
          ['Status', 'External'],
          ['City__c', 'Salesforce'],
        ],
      );
    });

    it('within grace nothing is asked for again', async () => {
      const record = await agreed();
      await registry.send(acknowledge(record, { seenRevision: 5 }));
      await registry.delivered();
      await registry.clock.advance(GRACE - 1);
      assert.equal(await registry.system.poll(), 0);
    });
  });
