/** The rolling audit: what no fence tells of is found within the days of a round, for a stated number of calls. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FeedConfig } from '../../src/feeds/config.ts';
import type { RunOutcome } from '../../src/feeds/run.ts';
import { accounts, CONFIG, Retail } from './support/retail.ts';

const AUDIT = { everyDays: 3, maxCalls: 2 };
const ROWS = 15;

/** What the program's own user changes by another way: nothing that others did. */
const changeAsFeedUser = async (retail: Retail, path: string, values: object): Promise<void> => {
  const { client } = await retail.parts();
  await client.change('PATCH', `/sobjects/Account/${path}`, values);
};

/** Runs day after day until a run found drift; how many days that took, and that run. */
const untilDrift = async (retail: Retail, most: number): Promise<{ days: number; outcome: RunOutcome }> => {
  for (let days = 1; days <= most; days++) {
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    if (outcome.counts.drifted > 0) return { days, outcome };
  }
  return assert.fail(`no drift was found in ${most} days`);
};

describe('the rolling audit', () => {
  let retail: Retail;
  before(async () => {
    retail = await Retail.open();
    retail.list('accounts', accounts(ROWS));
    retail.pageSize = 5;
  });
  after(() => retail.close());
  const audited = (): void => {
    const config = structuredClone(CONFIG);
    Object.assign(config.feeds.accounts.policy, { audit: AUDIT });
    retail.config = new FeedConfig('feeds.json', config);
  };

  it('the first run reads all there is, and vouches for it', async () => {
    const outcome = await retail.run('accounts');
    assert.equal(outcome.vouchedSince?.getTime(), retail.orgClock.now());
  });

  it('without it, an edit under the own user stays, and the run says how old its word is', async () => {
    await changeAsFeedUser(retail, 'Key__c/ACME-0015', { Phone: '1' });
    const first = await retail.run('accounts');
    assert.deepEqual([first.counts.drifted, first.counts.unchanged], [0, ROWS]);
    assert.ok(first.vouchedSince!.getTime() < retail.orgClock.now() - 3_600_000);
    assert.deepEqual(await retail.held("SELECT Phone FROM Account WHERE Key__c = 'ACME-0015'"), [{ Phone: '1' }]);
  });

  it('it finds that edit within a round, and puts it back, for a bounded number of calls a day', async () => {
    const plain = retail.sent.length;
    audited();
    const { days, outcome } = await untilDrift(retail, AUDIT.everyDays + 1);
    assert.ok(days > 1, 'a round takes days');
    assert.deepEqual([outcome.counts.drifted, outcome.counts.updated], [1, 1]);
    assert.deepEqual(await retail.held("SELECT Phone FROM Account WHERE Key__c = 'ACME-0015'"), [
      { Phone: '601 555 0100' },
    ]);
    const { status } = await retail.run('accounts');
    assert.equal(status, 'succeeded');
    assert.ok(retail.sent.length <= plain + AUDIT.maxCalls, `${retail.sent.length} calls beside ${plain}`);
  });

  it('a record that left the feed under the own user is missed, and made again', async () => {
    const [{ Id }] = (await retail.held("SELECT Id FROM Account WHERE Key__c = 'ACME-0010'")) as [{ Id: string }];
    await changeAsFeedUser(retail, Id, { Key__c: 'ACME-elsewhere' });
    const { outcome } = await untilDrift(retail, 2 * AUDIT.everyDays);
    assert.deepEqual([outcome.counts.drifted, outcome.counts.created, outcome.counts.vanished], [1, 1, 1]);
    assert.equal((await retail.held("SELECT Id FROM Account WHERE Key__c = 'ACME-0010'")).length, 1);
  });

  it('vouches for the start of the last whole round, which is never older than two rounds', async () => {
    for (let day = 0; day < 2 * (AUDIT.everyDays + 2); day++) {
      const { vouchedSince, counts } = await retail.run('accounts');
      assert.equal(counts.drifted, 0);
      const days = (retail.orgClock.now() - vouchedSince!.getTime()) / 86_400_000;
      assert.ok(days <= 2 * (AUDIT.everyDays + 2), `${days} days`);
    }
  });
});
