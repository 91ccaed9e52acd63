/** Runs and refusals as people see them in Salesforce, and what they decide there. */
import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { account, accounts, Retail } from './support/retail.ts';

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

  it('an org without it is fed all the same', async () => {
    const plain = await Retail.open();
    plain.list('accounts', accounts(3));
    const outcome = await plain.run('accounts');
    await plain.close();
    assert.equal(outcome.status, 'succeeded');
    assert.deepEqual(outcome.reasons, []);
  });
});
