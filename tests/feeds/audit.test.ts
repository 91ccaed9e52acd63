/** The rolling audit: what no fence tells of is found within the days of a round, for a stated number of calls. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { FeedConfig } from '../../src/feeds/config.ts';
import { runFeed, type RunOutcome } from '../../src/feeds/run.ts';
import type { AuditPolicy } from '../../src/feeds/types.ts';
import { account, accounts, CONFIG, Retail } from './support/retail.ts';

const AUDIT = { everyDays: 3, maxCalls: 2 };
const ROWS = 15;

/** What the program's own user changes by another way: nothing that others did. */
const changeAsFeedUser = async (retail: Retail, path: string, values: object): Promise<void> => {
  const { client } = await retail.parts();
  await client.change('PATCH', `/sobjects/Account/${path}`, values);
};

const auditedAs = (retail: Retail, feed: 'accounts' | 'stores', audit: AuditPolicy): void => {
  const config = structuredClone(CONFIG);
  Object.assign(config.feeds[feed].policy, { audit });
  retail.config = new FeedConfig('feeds.json', config);
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
    auditedAs(retail, 'accounts', AUDIT);
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

describe('the rolling audit of a large table', () => {
  const LARGE = 60;
  /** Half of the records a day: six pages of five. */
  const HALVES = { everyDays: 2, maxCalls: 12 };
  let retail: Retail;
  const rows = [...accounts(LARGE - 1), account('0060', { name: 'Ñandú, "S.A."', phone: null, since: '1900-01-01' })];
  const jobCalls = (): string[] => retail.sent.filter((sent) => sent.includes('/jobs/query'));
  const made = (): number => jobCalls().filter((sent) => sent.startsWith('POST')).length;
  before(async () => {
    retail = await Retail.open();
    retail.list('accounts', rows);
    retail.list('stores', rowsOfStores());
    retail.pageSize = 5;
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    assert.equal((await runNow('stores')).status, 'succeeded');
  });
  after(() => retail.close());
  /** Beside another run, on the same day. */
  const runNow = async (feed: string): Promise<RunOutcome> =>
    runFeed(await retail.parts(), retail.config.feed('ACME', feed));
  const rowsOfStores = () =>
    Array.from({ length: LARGE }, (_, at) => ({
      code: `s${at}`,
      name: `store ${at}`,
      account: at % 2 === 0 ? '0001' : null,
    }));

  it('goes through a query job a day, within its budget, and tells what it read', async () => {
    auditedAs(retail, 'accounts', HALVES);
    const { status, counts, audited } = await retail.run('accounts');
    assert.deepEqual([status, counts.drifted, counts.unchanged], ['succeeded', 0, LARGE], 'CSV and JSON tell the same');
    const calls = jobCalls().length;
    assert.deepEqual(audited, { ...HALVES, through: 'query job', records: LARGE / 2, calls, brokeOff: null });
    assert.ok(calls <= 5, `${calls} calls`);
  });

  it('finds edits under the own user and records that left, in either half, and vouches for two days', async () => {
    const [{ Id }] = (await retail.held("SELECT Id FROM Account WHERE Key__c = 'ACME-0005'")) as [{ Id: string }];
    await changeAsFeedUser(retail, Id, { Key__c: 'ACME-elsewhere' });
    await changeAsFeedUser(retail, 'Key__c/ACME-0060', { Since__c: '2021-01-01' });
    const found = [await retail.run('accounts'), await retail.run('accounts')];
    assert.deepEqual(
      found.map(({ counts }) => counts.drifted),
      [1, 1],
    );
    assert.deepEqual(
      found.map(({ counts }) => counts.created + counts.updated),
      [1, 1],
    );
    const age = retail.orgClock.now() - found[1]!.vouchedSince!.getTime();
    assert.ok(age <= 3 * 86_400_000, `${age / 86_400_000} days`);
    await retail.run('accounts');
  });

  it('a job whose run was killed is read by its id, and not made again', async () => {
    await changeAsFeedUser(retail, 'Key__c/ACME-0059', { Phone: '1' });
    await changeAsFeedUser(retail, 'Key__c/ACME-0002', { Phone: '1' });
    const reached = Promise.withResolvers<void>();
    retail.intercept = ({ url }) =>
      url.includes('/results') ? (reached.resolve(), new Promise(() => {})) : Promise.resolve(null);
    void retail.run('accounts');
    await reached.promise;
    retail.intercept = async () => null;
    assert.equal(made(), 1);
    const { status, counts, audited } = await retail.run('accounts');
    assert.deepEqual([status, made(), counts.drifted, counts.updated], ['succeeded', 0, 2, 2]);
    assert.deepEqual([audited!.records, audited!.brokeOff], [LARGE / 2 + 1, null], 'and the one that left');
  });

  it('a job that Salesforce has no longer is made again; of a policy that is gone nobody asks', async () => {
    await retail.db.query(
      `UPDATE feed_audit SET job_id = '750000000000009AAA', job_made_at = now(), job_from = '' WHERE feed = 'accounts'`,
    );
    const again = await retail.run('accounts');
    assert.deepEqual([again.status, made(), again.audited!.brokeOff], ['succeeded', 1, null]);
    await retail.db.query(`UPDATE feed_audit SET job_id = '750000000000009AAA' WHERE feed = 'accounts'`);
    retail.config = new FeedConfig('feeds.json', CONFIG);
    assert.equal((await retail.run('accounts')).audited, null);
    assert.deepEqual(
      [jobCalls().length, await retail.db.query('SELECT 1 FROM feed_audit WHERE job_id IS NOT NULL')],
      [0, []],
    );
  });

  it('a job that fails, or a budget that is spent, ends the audit and not the run, and says why', async () => {
    auditedAs(retail, 'accounts', HALVES);
    const answer = (body: object) => ({ status: 200, headers: {}, body: JSON.stringify(body) });
    let state = 'Failed';
    retail.intercept = async ({ method, url }) =>
      method === 'GET' && /\/jobs\/query\/\w+$/.test(url)
        ? answer({ id: '750', state, errorMessage: 'too long' })
        : null;
    const before = await retail.run('accounts');
    assert.deepEqual([before.status, before.counts.unchanged], ['succeeded', LARGE]);
    assert.match(before.findings[0]!.message, /^the audit broke off: query job \w+ failed: too long/);
    state = 'InProgress';
    const spent = await retail.run('accounts');
    assert.match(spent.audited!.brokeOff!, /budget of 12 API calls is spent/);
    assert.deepEqual([spent.status, jobCalls().length, jobCalls().at(-1)!.slice(0, 5)], ['succeeded', 12, 'PATCH']);
    assert.deepEqual(spent.vouchedSince, before.vouchedSince, 'its part counts as not read');
    retail.intercept = async () => null;
  });

  it('look-ups that the deletion of a parent empties while the job runs are filled again', async () => {
    auditedAs(retail, 'stores', { everyDays: 1, maxCalls: 12 });
    retail.intercept = async (request) => {
      if (!request.url.includes('/results')) return null;
      const told = await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      retail.intercept = async () => null;
      retail.apex("delete [SELECT Id FROM Account WHERE Key__c = 'ACME-0001'];");
      assert.equal((await runNow('accounts')).counts.created, 1);
      return told;
    };
    const { status, audited, counts } = await retail.run('stores');
    assert.deepEqual([status, audited!.records, counts.updated], ['succeeded', LARGE, LARGE / 2]);
    const filled = await retail.held("SELECT COUNT(Id) n FROM Store__c WHERE Account__r.Key__c = 'ACME-0001'");
    assert.deepEqual(filled, [{ n: LARGE / 2 }]);
  });
});
