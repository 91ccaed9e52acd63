import { strict as assert } from 'node:assert';
import { untilCase } from './cases.ts';
import type { Check } from '../../../../story/checks.ts';
import { registry, type ExternalRecord } from './registry.ts';

export const bornOutside: Check = {
  name: 'a case that begins outside becomes a Case',
  async run(world) {
    const values = { Subject: 'Reported at the counter', Status: 'New', Origin: 'Phone', Priority: 'Low' };
    const { key, externalId } = await registry<ExternalRecord>(world, 'POST', '/v1/cases', { values });
    const row = await untilCase(
      world,
      `Sync_Key__c = '${key}'`,
      'the Case is created',
      ({ Sync_Status__c }) => Sync_Status__c === 'Success',
    );
    world.madeIds.add(row.Id);
    assert.equal(row.External_Id__c, externalId);
    assert.equal(row.Subject, values.Subject);
  },
};
