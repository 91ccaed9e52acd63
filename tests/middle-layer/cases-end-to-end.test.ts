import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, it } from 'node:test';
import { testDatabase } from './support/database.ts';
import { World } from './support/world.ts';

describe('a Case from Salesforce to the external system and back', () => {
  let database: Awaited<ReturnType<typeof testDatabase>>;
  before(async () => (database = await testDatabase()));
  beforeEach(() => database.reset());
  after(() => database.close());

  it('is created outside, recorded, acknowledged, written back and confirmed', async () => {
    const world = await World.open(database.db);
    const created = world.salesforce.createCase({
      Subject: 'Noise',
      Status: 'New',
      Happened_At__c: '2026-11-21T07:00:00Z',
    });
    await world.run();

    assert.equal(created.status, 'Success');
    const record = world.external.records.get(created.key)!;
    assert.equal(record.salesforceCaseId, created.id);
    assert.equal(record.syncStatus, 'Success');
    assert.deepEqual(record.values, created.values);
    assert.deepEqual(await world.states(), {
      'external request done': 1,
      'external writeBack done': 1,
      'salesforce record done': 1,
      'salesforce writeBackConfirmed done': 1,
    });
    assert.deepEqual(await world.outcomes(created.key), [
      'QUEUED',
      'ACCEPTED',
      'QUEUED',
      'APPLIED',
      'QUEUED',
      'ACCEPTED',
      'QUEUED',
      'APPLIED',
    ]);
  });
});
