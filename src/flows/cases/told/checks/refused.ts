import { strict as assert } from 'node:assert';
import { createCase, untilCase, untilSuccess } from './cases.ts';
import type { Check } from '../../../../story/checks.ts';

export const refused: Check = {
  name: 'a refusal is shown on the Case, and a correction goes through',
  async run(world) {
    const id = await createCase(world, { Description: 'Rat sighting' });
    const row = await untilCase(
      world,
      `Id = '${id}'`,
      'the Case fails',
      ({ Sync_Status__c }) => Sync_Status__c === 'Failed',
    );
    assert.equal(row.Sync_Error_Code__c, 'REQUIRED', "the external system's reason stands on the Case");
    await world.admin.sobject('Case').update({ Id: id, Subject: 'Rat sighting' });
    await untilSuccess(world, id, 2);
  },
};
