import { strict as assert } from 'node:assert';
import { createCase, readCase, untilSuccess } from './cases.ts';
import type { Check } from '../../../../story/checks.ts';

export const forged: Check = {
  name: 'what the sync has written cannot be forged',
  async run(world) {
    const id = await createCase(world, { Subject: 'Graffiti' });
    const before = await untilSuccess(world, id, 1);
    // Field-level security turns people away; whom it lets through, the trigger corrects.
    await world.admin
      .sobject('Case')
      .update({ Id: id, Sync_Status__c: 'Failed', External_Id__c: 'FORGED-1' })
      .catch((error: { errorCode?: string }) => assert.equal(error.errorCode, 'INVALID_FIELD_FOR_INSERT_UPDATE'));
    const after = await readCase(world, id);
    assert.equal(after.Sync_Status__c, before.Sync_Status__c);
    assert.equal(after.External_Id__c, before.External_Id__c);
  },
};
