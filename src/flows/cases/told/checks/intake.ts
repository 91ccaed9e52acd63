import { strict as assert } from 'node:assert';
import { randomUUID } from 'node:crypto';
import { untilCase } from './cases.ts';
import { until, type Check } from '../../../../story/checks.ts';
import { registry, type ExternalRecord } from './registry.ts';

interface Answer {
  trackingKey: string;
}

export const intake: Check = {
  name: 'intake passes a whole request on, and its Case arrives under the tracking key',
  // a real org reaches the middle layer through its Named Credential, which these parts are not behind
  localOnly: true,
  async run(world) {
    const key = randomUUID();
    const values = {
      Subject: 'Reported by form',
      Status: 'New',
      Origin: 'Web',
      Priority: 'Low',
      Caller_Mood__c: 'calm',
    };
    const send = (): Promise<Answer> =>
      world.admin.request<Answer>({
        method: 'POST',
        url: '/services/apexrest/concord/v1/intake',
        body: JSON.stringify({ key, values }),
        headers: { 'content-type': 'application/json' },
      });
    // refused with "nothing accepted" while the middle layer has not yet swept the org it belongs to
    const first = await until(world, 'intake accepts', async () =>
      send().then(
        (answer) => ({ done: answer }),
        (error: Error) => ({ seen: error.message }),
      ),
    );
    assert.equal(first.trackingKey, key);
    assert.equal((await send()).trackingKey, key, 'repeating it is safe');
    const row = await untilCase(
      world,
      `Sync_Key__c = '${key}'`,
      'the Case of the intake arrives',
      ({ Sync_Status__c }) => Sync_Status__c === 'Success',
    );
    world.madeIds.add(row.Id);
    assert.equal(row.Subject, values.Subject);
    const record = await registry<ExternalRecord>(world, 'GET', `/v1/cases/by-key/${key}`);
    assert.equal(record.salesforceCaseId, row.Id);
    const { totalSize } = await world.admin.query(`SELECT Id FROM Case WHERE Sync_Key__c = '${key}'`);
    assert.equal(totalSize, 1, 'one Case, however often it was asked for');
  },
};
