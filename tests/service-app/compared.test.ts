/** What reconciliation asks of the service application: sums and bookings, repairs, and their undoing. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { bookAd, cancelAd, changeAd } from '../../src/service-app/booking.ts';
import { findAd } from '../../src/service-app/db/ads.ts';
import { stampOlder } from '../../src/service-app/db/bookings.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { entryElement } from '../../src/shared/usage-entry.ts';
import { type Office, officeOfEachTest, outcomeOf, TOKEN } from './support/office.ts';

const NUMBER = '00000100';
const CONTRACT = 'Line__r.Contract__r.ContractNumber';
const PRODUCT = 'Line__r.Product__r.ProductCode';

describe('bookings as they are compared', () => {
  const random = seededRandom(5);
  let db: Database;
  let office: Office;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));

  const ask = async (method: string, url: string, body?: object, token = TOKEN): Promise<any> => {
    const response = await office.app.handle({
      method,
      url,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return { status: response.status, body: JSON.parse(response.body) };
  };
  const wanted = (...units: string[]) => ({
    title: 'Banner',
    contractNumber: NUMBER,
    currency: 'EUR',
    uses: units.map((each, at) => ({ productNumber: ['SMALL', 'GIGANTIC'][at]!, units: each })),
  });
  const told = (adId: string, version: number, more: object = {}): Promise<unknown> =>
    office.tell([outcomeOf(randomUuid(random), adId, version, more)]);
  const applied = async (...units: string[]): Promise<string> => {
    const { id } = await bookAd(office.app.context, randomUuid(random), wanted(...units), 'klaus');
    await told(id, 1);
    return id;
  };
  const totals = async (): Promise<object> => (await ask('GET', '/v1/digest/totals')).body;
  const lookUp = async (body: object): Promise<any[]> => (await ask('POST', '/v1/bookings/lookup', body)).body.bookings;

  it('are for whoever has the secret', async () => {
    for (const [method, path] of [
      ['GET', '/v1/digest/totals'],
      ['GET', '/v1/bookings/unsettled'],
      ['POST', '/v1/bookings/lookup'],
      ['POST', '/v1/bookings/repair'],
      ['POST', '/v1/bookings/restore'],
      ['GET', '/v1/repairs?run=x'],
    ] as const)
      assert.equal((await ask(method, path, method === 'POST' ? {} : undefined, 'wrong')).status, 401, path);
  });

  it('are summed as Salesforce applied them: neither what waits, nor what is cancelled', async () => {
    const ad = await applied('1.250', '3');
    await bookAd(office.app.context, randomUuid(random), wanted('9'), 'klaus');
    const gone = await applied('2');
    await cancelAd(office.app.context, { id: gone, version: 1 }, 'klaus');
    await told(gone, 2);
    const elements = [
      entryElement(`${ad}#1`, { contractNumber: NUMBER, productNumber: 'SMALL', units: '1.25', version: 1 }),
      entryElement(`${ad}#2`, { contractNumber: NUMBER, productNumber: 'GIGANTIC', units: '3', version: 1 }),
    ];
    const sum = (name: 'k1' | 'k2' | 'd' | 'c'): number => elements.reduce((all, each) => all + each[name], 0);
    assert.deepEqual(await totals(), { count: 2, k1: sum('k1'), k2: sum('k2'), d: sum('d'), c: sum('c') });

    const [found] = await lookUp({ elements: [elements[1]] });
    assert.deepEqual(
      [found.key, found.applied, found.outcome, found.report],
      [`${ad}#2`, { contractNumber: NUMBER, productNumber: 'GIGANTIC', units: '3' }, 'APPLIED', null],
    );
    const [cancelled] = await lookUp({ keys: [`${gone}#1`, 'made up', `${randomUuid(random)}#1`] });
    assert.equal(cancelled.applied, null);
  });

  it('stay as the last applied version left them while a correction waits for a decision', async () => {
    const ad = await applied('1');
    const before = await totals();
    await changeAd(office.app.context, { id: ad, version: 1 }, wanted('2'), 'klaus');
    await told(ad, 2, { outcome: 'EXCEPTION', errorCode: 'FULFILLED', appliedVersion: 1 });
    assert.deepEqual(await totals(), before);
    assert.equal((await lookUp({ keys: [`${ad}#1`] }))[0].applied.units, '1');
  });

  it('of ads that were applied before there were digests get theirs at the next start', async () => {
    await applied('1');
    const before = await totals();
    await db.query('DELETE FROM booking');
    await db.query('UPDATE ad SET stamped_version = NULL');
    await stampOlder(db);
    assert.deepEqual(await totals(), before);
  });

  it('that have not settled are listed page by page', async () => {
    const { id } = await bookAd(office.app.context, randomUuid(random), wanted('1', '2'), 'klaus');
    const { bookings, next } = (await ask('GET', '/v1/bookings/unsettled')).body;
    const own = bookings.filter(({ adId }: { adId: string }) => adId === id);
    assert.deepEqual(
      own.map(({ key, report }: any) => [key, report.state]),
      [
        [`${id}#1`, 'queued'],
        [`${id}#2`, 'queued'],
      ],
    );
    assert.equal(next, null);
  });

  const repair = async (run: string, ad: object): Promise<any> =>
    (await ask('POST', '/v1/bookings/repair', { run, ads: [ad] })).body.results[0].problem;
  const said = (units: number) => ({ [CONTRACT]: NUMBER, [PRODUCT]: 'SMALL', Units__c: units, Cancelled__c: false });

  it('are repaired by a version above all that was seen, once a run, and not when the ad has moved on', async () => {
    const id = await applied('1');
    const run = randomUuid(random);
    const asked = {
      adId: id,
      isSame: false,
      ifVersion: 1,
      seenVersion: 6,
      replaced: [{ position: 1, before: said(4) }],
    };
    assert.equal(await repair(run, asked), null);
    assert.equal(await repair(run, asked), null, 'a repeat');
    assert.deepEqual([(await findAd(db, id))!.version, (await findAd(db, id))!.report?.state], [7, 'queued']);
    assert.match(await repair(randomUuid(random), asked), /moved on to version 7/);
  });

  it('that nobody made are taken back as a cancelled ad of their own', async () => {
    const id = randomUuid(random);
    const asked = {
      adId: id,
      isSame: false,
      ifVersion: null,
      seenVersion: 3,
      replaced: [{ position: 2, before: said(4) }],
    };
    assert.equal(await repair(randomUuid(random), asked), null);
    const ad = (await findAd(db, id))!;
    assert.deepEqual([ad.version, ad.cancelled, ad.contractNumber, ad.report?.state], [4, true, NUMBER, 'queued']);
    assert.deepEqual(ad.uses, [{ position: 2, productNumber: 'SMALL', units: '4' }]);
  });

  it('that nobody made take what was decided on them in Salesforce, and are taken back again with it', async () => {
    const id = randomUuid(random);
    const asked = {
      adId: id,
      isSame: false,
      ifVersion: null,
      seenVersion: 2,
      replaced: [{ position: 1, before: said(4) }],
    };
    assert.equal(await repair(randomUuid(random), asked), null);
    const decision = {
      kind: 'decision',
      id: randomUuid(random),
      adId: id,
      version: 1,
      decision: 'NEXT_CONTRACT',
      nextContractNumber: '00000101',
      reason: null,
      by: 'Ada Sales',
      at: '2026-11-27T09:00:00Z',
      appliedVersion: 2,
    };
    const { body } = await office.tell([decision, { ...decision, id: randomUuid(random), adId: randomUuid(random) }]);
    assert.deepEqual(
      (JSON.parse(body) as { results: { accepted: boolean }[] }).results.map(({ accepted }) => accepted),
      [true, false],
      'an ad that was never here takes none',
    );
    const ad = (await findAd(db, id))!;
    assert.deepEqual([ad.version, ad.cancelled, ad.contractNumber, ad.report?.state], [4, true, NUMBER, 'queued']);
    await office.report();
    const { version, decision: known } = office.received.findLast(({ adId }) => adId === id)!;
    assert.deepEqual([version, known?.version, known?.by], [4, 1, 'Ada Sales']);
  });

  it('get back what a run replaced, both of one ad, and a later change is not overwritten', async () => {
    const id = await applied('1', '2');
    const run = randomUuid(random);
    const gigantic = { ...said(8), [PRODUCT]: 'GIGANTIC' };
    await repair(run, {
      adId: id,
      isSame: false,
      ifVersion: 1,
      seenVersion: 1,
      replaced: [
        { position: 1, before: said(4) },
        { position: 2, before: gigantic },
      ],
    });
    const { repairs } = (await ask('GET', `/v1/repairs?run=${run}`)).body;
    assert.deepEqual(
      repairs.map(({ key, revision, undoneBy }: any) => [key, revision, undoneBy]),
      [
        [`${id}#1`, 2, null],
        [`${id}#2`, 2, null],
      ],
    );
    const undoing = randomUuid(random);
    const restore = (key: string, before: object, by = undoing): Promise<any> =>
      ask('POST', '/v1/bookings/restore', { key, before, ifVersion: 2, run: by, undoes: run });
    assert.equal((await restore(`${id}#1`, said(4))).status, 202);
    assert.equal((await restore(`${id}#2`, gigantic)).status, 202);
    const ad = (await findAd(db, id))!;
    assert.deepEqual(
      ad.uses.map(({ productNumber, units }) => [productNumber, units]),
      [
        ['SMALL', '4'],
        ['GIGANTIC', '8'],
      ],
    );
    assert.equal((await ask('GET', `/v1/repairs?run=${run}`)).body.repairs[0].undoneBy, undoing);
    assert.deepEqual((await ask('GET', `/v1/repairs?run=${undoing}`)).body.repairs[0].before.Units__c, 1);
    assert.equal((await restore(`${id}#1`, said(4), randomUuid(random))).status, 409);
  });

  it('are refused as they come when they are not of the documented form', async () => {
    const run = randomUuid(random);
    for (const body of [
      {},
      { run, ads: [{ adId: 'x' }] },
      { run, ads: [{ ...{ adId: run, isSame: false, ifVersion: null, seenVersion: 1 }, replaced: [] }] },
    ])
      assert.equal((await ask('POST', '/v1/bookings/repair', body)).status, 400, JSON.stringify(body));
    assert.equal((await ask('GET', '/v1/repairs')).status, 400);
  });
});
