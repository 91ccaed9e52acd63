import { strict as assert } from 'node:assert';
import { createCase, untilSuccess } from './cases.ts';
import type { Check } from '../../../../story/checks.ts';
import { registry, type ExternalRecord } from './registry.ts';

export const created: Check = {
  name: 'a Case reaches the external system, and its id comes back',
  async run(world) {
    const ids = await Promise.all(
      ['Street light out', 'Noise  from a bar ', 'Pothole'].map((Subject) =>
        createCase(world, { Subject, Origin: 'Phone', Priority: 'Low', Description: 'Astoria, Queens' }),
      ),
    );
    for (const id of ids) {
      const row = await untilSuccess(world, id, 1);
      const record = await registry<ExternalRecord>(world, 'GET', `/v1/cases/by-key/${row.Sync_Key__c}`);
      assert.equal(record.salesforceCaseId, id, 'the external record holds the Case id');
      assert.equal(record.externalId, row.External_Id__c, 'the Case holds the external id');
      assert.equal(record.values.Subject, row.Subject, 'both sides write the subject the same way');
    }
  },
};
