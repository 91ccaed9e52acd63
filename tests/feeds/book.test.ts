/** Runs and refusals as people see them in Salesforce, and what they decide there. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { TransportError } from 'kernel/http.ts';
import { FeedConfig } from '../../src/feeds/config.ts';
import { account, accounts, CONFIG, Retail } from './support/retail.ts';

const RUNS =
  'SELECT Status__c, Read__c, Created__c, Failed__c, Held__c, Reasons__c FROM Feed_Run__c ORDER BY Name DESC LIMIT 1';
const REFUSALS = 'SELECT External_Id__c, Reason__c, Field__c, Attempts__c FROM Feed_Refusal__c ORDER BY External_Id__c';

describe('the book of runs', () => {
  let retail: Retail;
  const lastRun = async (): Promise<Record<string, unknown>> => (await retail.held(RUNS))[0]!;
  const heldRun = async (): Promise<string> => {
    retail.list('accounts', accounts(10));
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'held', outcome.reasons.join());
    return outcome.run!.key;
  };
  before(async () => {
    retail = await Retail.open({ hasBook: true });
  });
  after(() => retail.close());

  it('has a run with its counts, and refused rows with field, reason and remedy', async () => {
    retail.list('accounts', [...accounts(50), account('0051', { credit: '0.000001' })]);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'rows failed', outcome.reasons.join());
    assert.deepEqual(await lastRun(), {
      Status__c: 'Rows Failed',
      Read__c: 51,
      Created__c: 50,
      Failed__c: 1,
      Held__c: 0,
      Reasons__c: null,
    });
    assert.deepEqual(await retail.held(REFUSALS), [
      { External_Id__c: 'ACME-0051', Reason__c: 'TOO_MANY_DECIMALS', Field__c: 'Limit__c', Attempts__c: 0 },
    ]);
  });

  it('forgets a refusal when its row passes, and when it vanishes', async () => {
    retail.list('accounts', [...accounts(50), account('0051'), account('0052', { credit: 'x' })]);
    assert.equal((await retail.run('accounts')).status, 'rows failed');
    assert.deepEqual(
      (await retail.held(REFUSALS)).map((row) => row.External_Id__c),
      ['ACME-0052'],
    );
    retail.list('accounts', [...accounts(50), account('0051')]);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    assert.deepEqual(await retail.held(REFUSALS), []);
  });

  it('takes a release in Salesforce: the next start writes what was planned, signed by whoever decided', async () => {
    const key = await heldRun();
    assert.match(String((await lastRun()).Reasons__c), /are no longer in the view/);
    assert.equal((await retail.run('accounts')).status, 'busy');
    retail.apex(
      `update new Feed_Run__c(Id = [SELECT Id FROM Feed_Run__c WHERE Run_Key__c = '${key}'].Id, Decision__c = 'Release');`,
    );
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.equal(outcome.run!.key, key);
    assert.equal((await lastRun()).Status__c, 'Succeeded');
    retail.list('accounts', [...accounts(50), account('0051')]);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
  });

  it('takes a rejection in Salesforce: the next start begins a run of its own', async () => {
    const key = await heldRun();
    retail.apex(
      `update new Feed_Run__c(Id = [SELECT Id FROM Feed_Run__c WHERE Run_Key__c = '${key}'].Id, Decision__c = 'Reject');`,
    );
    retail.list('accounts', [...accounts(50), account('0051')]);
    const outcome = await retail.run('accounts');
    assert.equal(outcome.status, 'succeeded', outcome.reasons.join());
    assert.notEqual(outcome.run!.key, key);
  });

  it('is told of a decision at the command line, and wins against it where it has one', async () => {
    const first = await heldRun();
    assert.equal((await retail.decide(first, 'reject')).status, 'rejected');
    assert.deepEqual(await retail.held(`SELECT Status__c FROM Feed_Run__c WHERE Run_Key__c = '${first}'`), [
      { Status__c: 'Rejected' },
    ]);
    const second = await heldRun();
    retail.apex(
      `update new Feed_Run__c(Id = [SELECT Id FROM Feed_Run__c WHERE Run_Key__c = '${second}'].Id, Decision__c = 'Reject');`,
    );
    const late = await retail.decide(second, 'release');
    assert.equal(late.status, 'busy');
    assert.match(late.reasons.join(), /Salesforce does not take the decision.*decided already/);
  });

  it('shows how a run ended although its process, or the way to Salesforce, ended first', async () => {
    retail.list('accounts', [...accounts(50), account('0051', { phone: '1' })]);
    let isShut = false;
    retail.intercept = async ({ method, url }) => {
      isShut ||= method === 'PATCH' && url.includes('/composite/');
      if (isShut) throw new TransportError('the way is shut');
      return null;
    };
    assert.equal((await retail.run('accounts')).status, 'interrupted');
    retail.intercept = async () => null;
    assert.equal((await lastRun()).Status__c, 'Running');
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    assert.deepEqual(await retail.held("SELECT Id FROM Feed_Run__c WHERE Status__c = 'Running'"), []);
    assert.equal((await retail.held("SELECT Id FROM Feed_Run__c WHERE Status__c = 'Interrupted'")).length, 1);
  });

  it('a run that is held, and was not shown so, takes a decision at the command line, also when it is said twice', async () => {
    retail.list('accounts', accounts(10));
    retail.intercept = async ({ method, url }) =>
      method === 'PATCH' && url.includes('/Feed_Run__c/') ? { status: 503, headers: {}, body: '' } : null;
    const { run, status } = await retail.run('accounts');
    assert.equal(status, 'held');
    assert.equal((await lastRun()).Status__c, 'Running');
    let answers = 0;
    retail.intercept = async (request) => {
      if (!request.body.includes('Decision__c') || answers++ > 0) return null;
      await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      throw new TransportError('no answer');
    };
    assert.equal((await retail.decide(run!.key, 'reject')).status, 'rejected');
    retail.intercept = async () => null;
    assert.equal((await lastRun()).Status__c, 'Rejected');
  });

  it('a refusal whose id is unknown, since its answer was lost, goes when its row passes', async () => {
    retail.list('accounts', [...accounts(50), account('0051', { credit: 'x' })]);
    retail.intercept = async (request) => {
      if (!request.url.includes('/Feed_Refusal__c/')) return null;
      await retail.org.handle({ ...request, headers: { ...request.headers, host: 'org.test' } });
      throw new TransportError('no answer');
    };
    assert.equal((await retail.run('accounts')).status, 'rows failed');
    retail.intercept = async () => null;
    assert.equal((await retail.held(REFUSALS)).length, 1);
    retail.list('accounts', [...accounts(50), account('0051')]);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    assert.deepEqual(await retail.held(REFUSALS), []);
  });

  /** A run whose process ends while it waits for an answer to such a request; its key, null where Salesforce has none. */
  const killedAt = async (path: string, options: { isDry?: boolean } = {}): Promise<string> => {
    const reached = Promise.withResolvers<void>();
    retail.intercept = ({ url }) =>
      url.includes(path) ? (reached.resolve(), new Promise(() => {})) : Promise.resolve(null);
    void retail.run('accounts', options);
    await reached.promise;
    retail.intercept = async () => null;
    const [row] = await retail.db.query<{ key: string }>(`SELECT key FROM feed_run WHERE status = 'running'`);
    return row!.key;
  };
  const standing = (key: string): Promise<Record<string, unknown>[]> =>
    retail.held(`SELECT Status__c, Company__c, Object__c, Reasons__c FROM Feed_Run__c WHERE Run_Key__c = '${key}'`);
  const ofAcme = { Company__c: 'ACME', Object__c: 'Account' };
  const PROCESS_ENDED = 'its process ended before the run did';

  it('says of a killed run that it was interrupted, once another run has taken it over', async () => {
    retail.list('accounts', [...accounts(50), account('0060')]);
    const key = await killedAt('/composite/sobjects/Account/');
    assert.deepEqual(await standing(key), [{ Status__c: 'Running', ...ofAcme, Reasons__c: null }]);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    assert.deepEqual(await standing(key), [{ Status__c: 'Interrupted', ...ofAcme, Reasons__c: PROCESS_ENDED }]);
    const [{ Ended_At__c: endedAt }] = (await retail.held(
      `SELECT Ended_At__c FROM Feed_Run__c WHERE Run_Key__c = '${key}'`,
    )) as [Record<string, unknown>];
    assert.notEqual(endedAt, null);
    const quiet = retail.sent.filter((sent) => sent.includes('/Feed_Run__c')).length;
    await retail.run('accounts');
    assert.deepEqual([quiet, retail.sent.filter((sent) => sent.includes('/Feed_Run__c')).length], [3, 2]);
  });

  it('has no run that was dry, also where it is killed or breaks off', async () => {
    const before = await retail.held('SELECT Id FROM Feed_Run__c');
    await killedAt('/deleted', { isDry: true });
    retail.intercept = async ({ url }) => (url.includes('/deleted') ? { status: 503, headers: {}, body: '' } : null);
    const broken = await retail.run('accounts', { isDry: true });
    retail.intercept = async () => null;
    assert.equal(broken.status, 'interrupted');
    assert.deepEqual(await retail.held('SELECT Id FROM Feed_Run__c'), before);
    assert.equal((await retail.run('accounts')).status, 'succeeded');
    assert.equal((await retail.held('SELECT Id FROM Feed_Run__c')).length, before.length + 1);
  });

  it('has what the audit read and cost, and the warnings of the run, of which none is a refusal', async () => {
    const config = structuredClone(CONFIG);
    Object.assign(config.feeds.accounts.policy, { audit: { everyDays: 1, maxCalls: 20 } });
    retail.config = new FeedConfig('feeds.json', config);
    retail.list('accounts', [...accounts(50), account('0061', { name: 'EspaÃ±a' })]);
    const { status, counts, vouchedSince } = await retail.run('accounts');
    const [run] = await retail.held(
      'SELECT Checked__c, Check_Calls__c, Check_Budget__c, Vouched_Since__c, Reasons__c FROM Feed_Run__c ORDER BY Name DESC LIMIT 1',
    );
    const { Reasons__c: reasons, Vouched_Since__c: since, ...audit } = run!;
    assert.deepEqual([status, counts.failed], ['succeeded', 0]);
    assert.deepEqual(audit, { Checked__c: 52, Check_Calls__c: 1, Check_Budget__c: 20 });
    assert.equal(Date.parse(String(since)), Math.floor(vouchedSince!.getTime() / 1000) * 1000);
    assert.match(String(reasons), /^warning: Account\.Name: 1 row has a text that looks like UTF-8/m);
    retail.config = new FeedConfig('feeds.json', CONFIG);
  });

  it('tells of runs that broke off, also beside one that Salesforce refuses to show', async () => {
    const keys = [(await retail.run('accounts')).run!.key, await killedAt('/deleted')];
    await retail.db.query('UPDATE feed_run SET is_told = false WHERE key = $1', [keys[0]!]);
    const untold = (): Promise<unknown[]> => retail.db.query('SELECT key FROM feed_run WHERE NOT is_told');
    const body = '[{"errorCode":"FIELD_CUSTOM_VALIDATION_EXCEPTION","message":"not this one"}]';
    retail.intercept = async ({ url }) => (url.endsWith(keys[0]!) ? { status: 400, headers: {}, body } : null);
    const { status, reasons } = await retail.run('accounts');
    retail.intercept = async () => null;
    assert.equal(status, 'succeeded');
    assert.match(reasons.join(), /not up to date: .*not this one/);
    assert.equal((await standing(keys[1]!))[0]!.Status__c, 'Interrupted');
    assert.deepEqual(await untold(), [{ key: keys[0] }]);
    await retail.run('accounts');
    assert.deepEqual(await untold(), []);
  });
});

describe('an org without the book of runs', () => {
  it('is fed all the same', async () => {
    const plain = await Retail.open();
    plain.list('accounts', accounts(3));
    const outcome = await plain.run('accounts');
    plain.close();
    assert.equal(outcome.status, 'succeeded');
    assert.deepEqual(outcome.reasons, []);
  });
});
