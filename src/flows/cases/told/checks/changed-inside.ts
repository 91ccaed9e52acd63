import { strict as assert } from 'node:assert';
import { createCase, untilSuccess } from './cases.ts';
import type { Check } from '../../../../story/checks.ts';
import { registry, type ExternalRecord } from './registry.ts';

export const changedInside: Check = {
  name: 'a change in Salesforce raises the version and arrives outside',
  async run(world) {
    const id = await createCase(world, { Subject: 'Tree down' });
    const { Sync_Key__c: key } = await untilSuccess(world, id, 1);
    await world.admin.sobject('Case').update({ Id: id, Subject: 'Tree down, blocks the road', Priority: 'High' });
    await untilSuccess(world, id, 2);
    const { values } = await registry<ExternalRecord>(world, 'GET', `/v1/cases/by-key/${key}`);
    assert.equal(values.Subject, 'Tree down, blocks the road');
    assert.equal(values.Priority, 'High');
  },
};
