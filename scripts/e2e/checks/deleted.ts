import { createCase, untilSuccess } from '../cases.ts';
import { registry, until } from '../world.ts';
import type { Check, ExternalRecord } from './types.ts';

export const deleted: Check = {
  name: 'the deletion of a Case is recorded outside, where the record stays',
  async run(world) {
    const id = await createCase(world, { Subject: 'Entered twice' });
    const { Sync_Key__c: key } = await untilSuccess(world, id, 1);
    await world.admin.sobject('Case').destroy(id);
    world.caseIds.delete(id);
    await until(world, 'the deletion is recorded outside', async () => {
      const record = await registry<ExternalRecord>(world, 'GET', `/v1/cases/by-key/${key}`);
      return record.salesforceDeletion ? { done: true } : { seen: record.salesforceDeletion };
    });
  },
};
