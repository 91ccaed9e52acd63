import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import type { Values } from '../../src/shared/case-messages.ts';
import { seededRandom } from 'kernel/random.ts';
import type { Database, Queryable } from '../../src/shared/sql/types.ts';
import { caseOf } from '../../src/flows/cases/carried/salesforce/rows.ts';
import { badText, goodScalar, pick } from '../shared/support/hostile.ts';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

/** A database that refuses a statement whose parameters contain a word, as PostgreSQL refuses what it cannot hold. */
const refusing = (db: Database, word: string): Database => {
  const guard = (inner: Queryable): Queryable => ({
    query: (text, parameters = []) => {
      if (parameters.some((parameter) => typeof parameter === 'string' && parameter.includes(word)))
        throw Object.assign(new Error(`bad value "${word}"`), { code: '22P02' });
      return inner.query(text, parameters);
    },
  });
  return { ...db, ...guard(db), transaction: (work) => db.transaction((tx) => work(guard(tx))) };
};

describe('a Case that cannot be carried', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  it('fails alone, by field, character and remedy; the others go on; corrected it succeeds', async () => {
    const world = await World.open(database.db);
    const cases = Array.from({ length: 5 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    const culprit = cases[2]!;
    culprit.values.Subject = `${'x'.repeat(16)}\0 secret`;
    const told: string[] = [];
    const acknowledge = world.salesforce.acknowledge;
    world.salesforce.acknowledge = (records) => {
      told.push(...records.map(({ errorCode, message }) => `${errorCode}: ${message}`));
      return acknowledge(records);
    };
    await world.run();
    assert.deepEqual(
      cases.map(({ status }) => status),
      ['Success', 'Success', 'Failed', 'Success', 'Success'],
    );
    assert.deepEqual(told, [
      'UNSTORABLE_TEXT: Subject has a NUL character (U+0000) at position 17; remove it and save',
    ]);
    const refused = world.logs.find(({ event }) => event === 'Case refused')!;
    assert.deepEqual(refused.detail, {
      caseId: culprit.id,
      key: culprit.key,
      version: 1,
      field: 'Subject',
      code: 'UNSTORABLE_TEXT',
    });
    assert.equal(JSON.stringify(world.logs).includes('secret'), false);
    const { entries } = (await world.call('GET', `/v1/audit?key=${culprit.key}`)).json;
    assert.deepEqual(
      entries.map(({ kind, outcome, code, field }: any) => [kind, outcome, code, field]),
      [
        ['request', 'REFUSED', 'UNSTORABLE_TEXT', 'Subject'],
        ['refused', 'QUEUED', null, null],
        ['refused', 'APPLIED', null, null],
      ],
    );
    assert.equal((await world.call('GET', '/ready')).status, 200);

    world.salesforce.updateCase(culprit.key, { Subject: 'without' });
    await world.sweep();
    await world.run();
    assert.equal(culprit.status, 'Success');
    assert.equal(world.external.records.get(culprit.key)!.values.Subject, 'without');
  });

  it('is answered once for each request, like one that the external system refuses', async () => {
    const world = await World.open(database.db);
    const { key } = world.salesforce.createCase({ Subject: '\ud800' });
    await world.run();
    await world.pass(60_000);
    const refusals = async (): Promise<number> =>
      (await world.outcomes(key, 'request')).filter((outcome) => outcome === 'REFUSED').length;
    assert.equal(await refusals(), 1);
    world.salesforce.reconcile();
    await world.sweep();
    await world.run();
    assert.equal(await refusals(), 2);
  });

  it('because only the database finds fault with it, fails alone too', async () => {
    const world = await World.open(database.db);
    await world.start({}, undefined, refusing(database.db, 'odd'));
    const cases = ['a', 'odd', 'b', 'c', 'd', 'e'].map((Subject) => world.salesforce.createCase({ Subject }));
    await world.run();
    assert.deepEqual(
      cases.map(({ status, errorCode }) => [status, errorCode]),
      cases.map((_, index) => (index === 1 ? ['Failed', 'NOT_STORABLE'] : ['Success', null])),
    );
  });

  it('because a time of its row cannot be read, fails alone too', async () => {
    const world = await World.open(database.db);
    const [good, bad] = [world.salesforce.createCase({ Subject: 'a' }), world.salesforce.createCase({ Subject: 'b' })];
    const row = { Id: bad.id, Sync_Key__c: bad.key, Sync_Version__c: 1, Sync_Pending__c: 'Request' };
    const read = caseOf({ ...row, Subject: 'b', Happened_At__c: 'soon' }, world.salesforce.fields);
    assert.equal(read.unreadable, 'Happened_At__c');
    const sweep = world.salesforce.sweep.bind(world.salesforce);
    world.salesforce.sweep = async (...given) => {
      const seen = await sweep(...given);
      return { ...seen, cases: seen.cases.map((found) => (found.key === bad.key ? read : found)) };
    };
    await world.run();
    assert.deepEqual([good.status, bad.status, bad.errorCode], ['Success', 'Failed', 'UNREADABLE_TIME']);
  });

  it('whose deletion cannot be carried holds up no other deletion', async () => {
    const world = await World.open(database.db);
    const cases = Array.from({ length: 4 }, (_, index) => world.salesforce.createCase({ Subject: String(index) }));
    await world.run();
    for (const { key } of cases) world.salesforce.deleteCase(key, '2026-11-21T07:30:00Z');
    const [, unreadable, unstorable] = world.salesforce.tombstones;
    Object.assign(unreadable!, { at: '' });
    Object.assign(unstorable!, { caseId: '500\0' });
    await world.sweep();
    await world.run();
    assert.deepEqual(
      world.salesforce.tombstones.map(({ pending }) => pending),
      [false, true, true, false],
    );
    const told = world.logs.filter(({ event }) => event === 'deletion cannot be carried');
    assert.deepEqual(new Set(told.map(({ detail }) => detail!.tombstoneId)), new Set([unreadable!.id, unstorable!.id]));
  });

  it('is told apart from every other, whatever the values: each innocent succeeds, each culprit fails by name', async () => {
    for (let seed = 1; seed <= 8; seed++) {
      await database.reset();
      const random = seededRandom(seed);
      const world = await World.open(database.db, {}, { seed });
      const bad = new Map<string, string>();
      const cases = Array.from({ length: 30 }, () => {
        const values = { Subject: goodScalar(random), Status: goodScalar(random) } as Values;
        const field = random.next() < 0.3 ? pick(random, ['Subject', 'Status']) : null;
        if (field) values[field] = badText(random);
        const created = world.salesforce.createCase(values);
        if (field) bad.set(created.key, field);
        return created;
      });
      await world.run();
      for (const { key, status, errorCode } of cases) {
        const expected = bad.has(key) ? ['Failed', 'UNSTORABLE_TEXT'] : ['Success', null];
        assert.deepEqual([status, errorCode], expected, `seed ${seed}`);
      }
      const refused = world.logs.filter(({ event }) => event === 'Case refused').map(({ detail }) => detail!);
      assert.deepEqual(new Map(refused.map(({ key, field }) => [key, field])), bad, `seed ${seed}`);
    }
  });
});
