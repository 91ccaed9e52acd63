import { strict as assert } from 'node:assert';
import { createCase, untilCase, untilSuccess } from './cases.ts';
import { registry } from './registry.ts';
import type { Check } from '../../../../story/checks.ts';

const STATUS = 'Working';

export const changedOutside: Check = {
  name: 'a change outside arrives in Salesforce without a new version',
  async run(world) {
    const id = await createCase(world, { Subject: 'Broken meter' });
    const { External_Id__c: externalId } = await untilSuccess(world, id, 1);
    await registry(world, 'PATCH', `/v1/cases/${externalId}`, { values: { Status: STATUS } });
    const row = await untilCase(
      world,
      `Id = '${id}'`,
      'the status arrives',
      ({ Status, Sync_Status__c }) => Status === STATUS && Sync_Status__c === 'Success',
    );
    assert.equal(row.Sync_Version__c, 1, 'what came from outside does not go out again');
  },
};
