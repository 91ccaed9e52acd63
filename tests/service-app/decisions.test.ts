import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import type { HttpResponse } from 'kernel/http.ts';
import { bookAd, cancelAd, changeAd } from '../../src/service-app/booking.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import type { AdMessage } from '../../src/shared/usage-messages.ts';
import { MAGIC, NEXT, type Office, officeOfEachTest } from './support/office.ts';

const AD = '0a1b2c3d-0000-4000-8000-000000000001';
const WANTED = {
  title: 'Late <b>',
  contractNumber: MAGIC.number,
  currency: 'EUR',
  uses: [{ productNumber: 'SMALL', units: '2' }],
};
const MESSAGE = 'Contract 00000100 is fulfilled.';

describe('decisions on what Salesforce could not enter', () => {
  let db: Database;
  let office: Office;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));
  beforeEach(async () => {
    await bookAd(office.app.context, AD, WANTED, 'klaus');
    await office.report();
  });

  const tell = async (version: number, outcome: string, appliedVersion: number | null = null): Promise<void> => {
    const isHeld = outcome === 'EXCEPTION';
    const { status } = await office.tell([
      {
        kind: 'outcome',
        id: `o${version}${outcome}`,
        adId: AD,
        version,
        outcome,
        errorCode: isHeld ? 'FULFILLED' : null,
        message: isHeld ? MESSAGE : null,
        appliedVersion,
        at: '2026-11-27T08:00:01Z',
      },
    ]);
    assert.equal(status, 202);
  };

  const hidden = (body: string): Record<string, string> => {
    const [form = ''] = body.match(/<form method="post" action="\/exceptions\/[\s\S]*?<\/form>/) ?? [];
    const inputs = form.matchAll(/type="hidden"\s+name="(\w+)"\s+value="([^"]*)"/g);
    return Object.fromEntries([...inputs].map(([, name, value]) => [name!, value!]));
  };
  const open = async (): Promise<Record<string, string>> => hidden((await office.get('/exceptions')).body);
  const decide = (form: Record<string, string>, fields: Record<string, string>): Promise<HttpResponse> =>
    office.post(`/exceptions/${AD}`, { ...form, contract: '', reason: '', ...fields });
  const lastReported = async (): Promise<AdMessage> => {
    await office.report();
    return office.received.at(-1)!;
  };

  it('show what waits to everybody, with forms for supervisors alone', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn('klaus');
    const { body } = await office.get('/exceptions');
    assert.match(body, /Late &lt;b&gt;/);
    assert.match(body, /2 × SMALL of contract 00000100, since\s+<time datetime="2026-11-27T08:00:01.000Z">/);
    assert.match(body, /FULFILLED: Contract 00000100 is fulfilled\./);
    assert.doesNotMatch(body, /action="\/exceptions/);
    const { formToken } = await office.hidden('/ads/new');
    const sent = { formToken: formToken!, version: '1' };
    assert.equal((await decide(sent, { kind: 'DROP', reason: 'mine' })).status, 403);
    assert.deepEqual(await db.query('SELECT ad_id FROM ad_decision'), []);
    await office.signIn();
    assert.deepEqual(Object.keys(await open()), ['formToken', 'version']);
  });

  it('move an ad to the next contract, and tell Salesforce who decided', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    const { status, headers } = await decide(await open(), { kind: 'NEXT_CONTRACT', contract: NEXT.number });
    assert.deepEqual([status, headers.location], [303, '/exceptions?done']);
    const waiting = (await office.get('/exceptions?done')).body;
    assert.match(waiting, /role="status">The decision is saved/);
    assert.match(waiting, /Next contract 00000101[\s\S]*petra, [\s\S]*waits to be reported/);
    const { version, contractNumber, cancelled, decision } = await lastReported();
    assert.deepEqual([version, contractNumber, cancelled], [2, NEXT.number, false]);
    assert.deepEqual(decision, {
      version: 1,
      kind: 'NEXT_CONTRACT',
      reason: null,
      by: 'petra',
      at: '2026-11-27T08:00:00.000Z',
      carriedOut: 2,
    });
    await tell(2, 'APPLIED', 2);
    assert.match((await office.get('/exceptions')).body, /<h2>Wait for a decision<\/h2>\s*<p>None[\s\S]*in Salesforce/);
    const [change] = await db.query('SELECT what, by_user FROM ad_change WHERE version = 2');
    assert.deepEqual(change, { what: 'moved', by_user: 'petra' });
  });

  it('warn once of a next contract that would not take it', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    const wanted = { kind: 'NEXT_CONTRACT', contract: '00000999' };
    const warned = await decide(await open(), wanted);
    assert.equal(warned.status, 422);
    assert.match(warned.body, /Salesforce has no contract 00000999/);
    assert.match(warned.body, /value="NEXT_CONTRACT" required checked/);
    assert.deepEqual(await db.query('SELECT ad_id FROM ad_decision'), [], 'nothing is saved yet');
    assert.equal((await decide(hidden(warned.body), wanted)).status, 303);
    await tell(2, 'EXCEPTION');
    const { body } = await office.get('/exceptions');
    assert.match(body, /of contract 00000999, since/, 'it waits for another decision');
    assert.match(body, /could not be entered either/);
  });

  it('take a contract by its number while Salesforce is away', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    office.salesforceIsAway = true;
    assert.equal((await decide(await open(), { kind: 'NEXT_CONTRACT', contract: NEXT.number })).status, 303);
  });

  it('need a reason for a credit and a drop, and another contract for the next', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    const form = await open();
    for (const [fields, problem] of [
      [{ kind: 'CREDIT', reason: ' ' }, /reason must be a text that is not empty/],
      [{ kind: 'DROP' }, /reason must be a text that is not empty/],
      [{ kind: 'DROP', reason: 'x'.repeat(151) }, /reason must be a text of at most 150 characters/],
      [{ kind: 'NEXT_CONTRACT' }, /contract must be the number of the next contract/],
      [{ kind: 'NEXT_CONTRACT', contract: MAGIC.number }, /contract must be another one/],
      [{ kind: 'toString', reason: 'x' }, /decision must be one of those that are offered/],
    ] as const) {
      const { status, body } = await decide(form, fields);
      assert.equal(status, 422, JSON.stringify(fields));
      assert.match(body, problem);
    }
    assert.deepEqual(await db.query('SELECT ad_id FROM ad_decision'), []);
  });

  it('cancel what was never entered', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    assert.equal((await decide(await open(), { kind: 'DROP', reason: 'booked twice' })).status, 303);
    const { version, cancelled, decision } = await lastReported();
    assert.deepEqual([version, cancelled, decision?.kind, decision?.reason], [2, true, 'DROP', 'booked twice']);
    await tell(2, 'APPLIED');
    assert.match((await office.get('/exceptions')).body, /Drop: booked twice[\s\S]*in Salesforce/);
  });

  it('take a change back to what Salesforce has', async () => {
    await tell(1, 'APPLIED', 1);
    const corrected = { ...WANTED, title: 'Larger', uses: [{ productNumber: 'SMALL', units: '9' }] };
    await changeAd(office.app.context, { id: AD, version: 1 }, corrected, 'klaus');
    await office.report();
    await tell(2, 'EXCEPTION', 1);
    await office.signIn();
    assert.equal((await decide(await open(), { kind: 'CREDIT', reason: 'agreed' })).status, 303);
    const { version, title, uses, cancelled } = await lastReported();
    assert.deepEqual([version, title, cancelled], [3, WANTED.title, false]);
    assert.deepEqual(uses, [{ position: 1, productNumber: 'SMALL', units: '2' }]);
    assert.match((await office.get('/exceptions')).body, /9 × SMALL/, 'what was decided on stays visible');
  });

  it('take a cancellation back that came too late, and move no cancelled ad', async () => {
    await tell(1, 'APPLIED', 1);
    await cancelAd(office.app.context, { id: AD, version: 1 }, 'klaus');
    await office.report();
    await tell(2, 'EXCEPTION', 1);
    await office.signIn();
    const form = await open();
    assert.doesNotMatch((await office.get('/exceptions')).body, /value="NEXT_CONTRACT"/);
    const moved = await decide(form, { kind: 'NEXT_CONTRACT', contract: NEXT.number });
    assert.match(moved.body, /a cancelled ad moves nowhere/);
    assert.equal((await decide(form, { kind: 'CREDIT', reason: 'credit note 7' })).status, 303);
    const { version, cancelled, decision } = await lastReported();
    assert.deepEqual([version, cancelled, decision?.version], [3, false, 2]);
  });

  it('are made once: the second person hears who decided what', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn('paul');
    const pauls = await open();
    await office.signIn();
    assert.equal((await decide(await open(), { kind: 'DROP', reason: 'booked twice' })).status, 303);
    await office.signIn('paul');
    const { formToken } = await office.hidden('/ads/new');
    const { status, body } = await decide(
      { ...pauls, formToken: formToken! },
      { kind: 'NEXT_CONTRACT', contract: '00000999' },
    );
    assert.equal(status, 409);
    assert.match(body, /petra has decided this already, at 2026-11-27T08:00:00.000Z: Drop \(booked twice\)/);
    assert.deepEqual(await db.query('SELECT by_user AS by FROM ad_decision'), [{ by: 'petra' }]);
    assert.deepEqual(await db.query('SELECT version FROM ad'), [{ version: 2 }]);
  });

  it('are about what waits now', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    const form = await open();
    await changeAd(office.app.context, { id: AD, version: 1 }, { ...WANTED, title: 'Changed' }, 'klaus');
    assert.match((await decide(form, { kind: 'DROP', reason: 'x' })).body, /somebody else changed this ad meanwhile/);
    await office.report();
    await tell(2, 'APPLIED', 2);
    const applied = await decide({ ...form, version: '2' }, { kind: 'DROP', reason: 'x' });
    assert.deepEqual([applied.status, /waits for no decision/.test(applied.body)], [409, true]);
  });

  it('go with every later version too, for the one before may never have arrived', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    await decide(await open(), { kind: 'NEXT_CONTRACT', contract: NEXT.number });
    await changeAd(office.app.context, { id: AD, version: 2 }, { ...WANTED, contractNumber: NEXT.number }, 'klaus');
    const { version, decision } = await lastReported();
    assert.deepEqual([version, decision?.version, decision?.by], [3, 1, 'petra']);
  });

  /** What sales has decided on version 1 in Salesforce. */
  const decideInSalesforce = async (more: object = {}): Promise<{ accepted: boolean }[]> => {
    const { status, body } = await office.tell([
      {
        kind: 'decision',
        id: 'd1',
        adId: AD,
        version: 1,
        decision: 'CREDIT',
        nextContractNumber: null,
        reason: 'agreed by phone',
        by: 'Ada Sales',
        at: '2026-11-27T09:00:00Z',
        appliedVersion: null,
        ...more,
      },
    ]);
    assert.equal(status, 202);
    return (JSON.parse(body) as { results: { accepted: boolean }[] }).results;
  };

  it('come from Salesforce too: the ad follows by itself, and nobody is asked any more', async () => {
    await tell(1, 'EXCEPTION');
    assert.deepEqual(await decideInSalesforce(), [{ id: 'd1', accepted: true }]);
    await office.signIn();
    const { body } = await office.get('/exceptions');
    assert.match(body, /<h2>Wait for a decision<\/h2>\s*<p>None/);
    assert.match(body, /Credit: agreed by phone[\s\S]*Ada Sales in Salesforce/);
    const { version, cancelled, decision } = await lastReported();
    assert.deepEqual([version, cancelled], [2, true], 'nothing of it was ever entered');
    assert.deepEqual(decision, {
      version: 1,
      kind: 'CREDIT',
      reason: 'agreed by phone',
      by: 'Ada Sales',
      at: '2026-11-27T09:00:00.000Z',
      carriedOut: 2,
      inSalesforce: true,
    });
    await decideInSalesforce();
    assert.deepEqual(await db.query('SELECT version, by_user AS by FROM ad_change ORDER BY version DESC LIMIT 1'), [
      { version: 2, by: 'Ada Sales (Salesforce)' },
    ]);
  });

  it('of Salesforce name the next contract', async () => {
    await tell(1, 'EXCEPTION');
    await decideInSalesforce({ decision: 'NEXT_CONTRACT', nextContractNumber: NEXT.number, reason: null });
    const { version, contractNumber, cancelled, decision } = await lastReported();
    assert.deepEqual([version, contractNumber, cancelled], [2, NEXT.number, false]);
    assert.deepEqual([decision?.kind, decision?.reason, decision?.inSalesforce], ['NEXT_CONTRACT', null, true]);
  });

  it('that were made on both sides at once: that of Salesforce stands, and people see what was set aside', async () => {
    await tell(1, 'EXCEPTION');
    await office.signIn();
    await decide(await open(), { kind: 'NEXT_CONTRACT', contract: NEXT.number });
    assert.equal((await lastReported()).version, 2);
    const [answer] = (await office
      .tell([
        {
          kind: 'outcome',
          id: 'o2',
          adId: AD,
          version: 2,
          outcome: 'IGNORED',
          errorCode: 'DECIDED',
          message: 'Ada Sales has decided on version 1 in Salesforce: Credit.',
          appliedVersion: null,
          at: '2026-11-27T09:00:01Z',
        },
      ])
      .then(({ body }) => JSON.parse(body).results)) as { accepted: boolean }[];
    assert.equal(answer!.accepted, true);
    assert.match((await office.get(`/ads/${AD}`)).body, /not entered<\/span>: Ada Sales has decided on version 1/);
    await decideInSalesforce({ reason: null });
    const { version, contractNumber, cancelled, decision } = await lastReported();
    assert.deepEqual([version, contractNumber, cancelled], [3, MAGIC.number, true], 'it is taken back');
    assert.deepEqual(
      [decision?.version, decision?.kind, decision?.reason, decision?.carriedOut, decision?.inSalesforce],
      [1, 'CREDIT', 'no reason given', 3, true],
    );
    const { body } = await office.get('/exceptions');
    assert.match(body, /Credit: no reason given[\s\S]*Ada Sales in Salesforce[\s\S]*set aside: Next contract by petra/);
    assert.equal(body.match(/<td>Ada Sales/g)?.length, 1, 'one decision is shown');
  });

  it('set a correction aside that was made without them, and take back what Salesforce has', async () => {
    await tell(1, 'APPLIED', 1);
    await changeAd(office.app.context, { id: AD, version: 1 }, { ...WANTED, title: 'Larger' }, 'klaus');
    await office.report();
    await tell(2, 'EXCEPTION', 1);
    await changeAd(office.app.context, { id: AD, version: 2 }, { ...WANTED, title: 'Once more' }, 'klaus');
    await decideInSalesforce({ version: 2, appliedVersion: 1 });
    const { version, title, decision } = await lastReported();
    assert.deepEqual([version, title, decision?.version, decision?.carriedOut], [4, WANTED.title, 2, 4]);
  });

  it('are not sent with a version that was made without them', async () => {
    await tell(1, 'EXCEPTION');
    await decideInSalesforce();
    await db.query('UPDATE ad SET version = 1');
    await db.query('UPDATE report SET version = 1');
    assert.equal((await lastReported()).decision, undefined);
  });

  it('on an ad or version that nobody knows here are refused, so that people see them', async () => {
    const [unknown] = await decideInSalesforce({ version: 7 });
    assert.equal(unknown!.accepted, false);
    const [stranger] = await decideInSalesforce({ adId: '0a1b2c3d-0000-4000-8000-00000000000f' });
    assert.equal(stranger!.accepted, false);
    assert.deepEqual(await db.query('SELECT ad_id FROM ad_decision'), []);
  });
});
