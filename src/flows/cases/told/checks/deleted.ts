import { createCase, untilSuccess } from './cases.ts';
import { until, type Check } from '../../../../story/checks.ts';
import { registry, type ExternalRecord } from './registry.ts';

export const deleted: Check = {
  name: 'the deletion of a Case is recorded outside, where the record stays',
  async run(world) {
    const id = await createCase(world, { Subject: 'Entered twice' });
    const { Sync_Key__c: key } = await untilSuccess(world, id, 1);
    await world.admin.sobject('Case').destroy(id);
    world.madeIds.delete(id);
    await until(world, 'the deletion is recorded outside', async () => {
      const record = await registry<ExternalRecord>(world, 'GET', `/v1/cases/by-key/${key}`);
      return record.salesforceDeletion ? { done: true } : { seen: record.salesforceDeletion };
    });
  },
};
