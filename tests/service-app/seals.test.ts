import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { bookAd, cancelAd, changeAd } from '../../src/service-app/booking.ts';
import { findSeal } from '../../src/service-app/db/seals.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { sealOf, sha256, type SealedEntry } from '../../src/shared/usage-seal.ts';
import { type Office, officeOfEachTest, outcomeOf } from './support/office.ts';

const NUMBER = '00000100';

describe('seals in the service application', () => {
  const random = seededRandom(4);
  let db: Database;
  let office: Office;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));

  const wanted = (units: string, contractNumber = NUMBER) => ({
    title: 'Banner',
    contractNumber,
    currency: 'EUR',
    uses: [{ productNumber: 'SMALL', units }],
  });
  const book = async (units: string, contractNumber = NUMBER): Promise<string> =>
    (await bookAd(office.app.context, randomUuid(random), wanted(units, contractNumber), 'klaus')).id;
  const outcome = (adId: string, version: number, more: object = {}): object =>
    outcomeOf(randomUuid(random), adId, version, more);
  const seal = (entries: SealedEntry[], more: object = {}): object => ({
    kind: 'seal',
    id: randomUuid(random),
    contractNumber: NUMBER,
    ...sealOf(entries),
    amount: '40',
    basis: '{}',
    basisDigest: sha256('{}'),
    sealedAt: '2026-11-27T09:00:00Z',
    ...more,
  });
  const entry = (adId: string, version: number, units: string): SealedEntry => ({
    key: `${adId}#1`,
    version,
    units,
    productNumber: 'SMALL',
  });
  const tell = async (...messages: object[]): Promise<any[]> => JSON.parse((await office.tell(messages)).body).results;
  const agrees = async (): Promise<boolean> => {
    const found = (await findSeal(db, NUMBER))!;
    return found.own.digest === found.digest;
  };

  it('come to what Salesforce applied: not to what it has not, what is cancelled, and what moved away', async () => {
    const [applied, late, cancelled, moved] = [await book('1'), await book('2'), await book('3'), await book('4')];
    await tell(...[applied, cancelled, moved].map((id) => outcome(id, 1)));
    await changeAd(office.app.context, { id: moved, version: 1 }, wanted('4', '00000200'), 'klaus');
    await cancelAd(office.app.context, { id: cancelled, version: 1 }, 'klaus');
    await tell(
      outcome(moved, 2),
      outcome(cancelled, 2),
      outcome(late, 1, { outcome: 'EXCEPTION', errorCode: 'FULFILLED', appliedVersion: null }),
    );
    await tell(seal([entry(applied, 1, '1.000')]));
    assert.equal(await agrees(), true);
  });

  it('keep the version that the entries say where a later one had to wait', async () => {
    const ad = await book('1');
    await changeAd(office.app.context, { id: ad, version: 1 }, wanted('2'), 'klaus');
    await tell(outcome(ad, 2, { outcome: 'EXCEPTION', errorCode: 'FULFILLED', appliedVersion: 1 }));
    await tell(seal([entry(ad, 1, '1')]));
    assert.equal(await agrees(), true);
  });

  it('are compared again when an outcome comes later than they, and the middle layer hears both', async () => {
    const ad = await book('1');
    await tell(seal([entry(ad, 1, '1')]));
    assert.equal(await agrees(), false);
    await office.report();
    await tell(outcome(ad, 1));
    assert.equal(await agrees(), true);
    await office.report();
    await office.report();
    assert.deepEqual(
      office.ownSeals.map(({ entries }) => entries),
      [0, 1],
    );
    const [first, second] = office.ownSeals.map(({ since }) => Date.parse(since));
    assert.ok(second! > first!, 'the later statement says so');
  });

  it('say that they are later also where the clock was put back', async () => {
    const ad = await book('1');
    await tell(seal([entry(ad, 1, '1')]));
    await office.report();
    await office.report();
    await db.query(`UPDATE contract_seal SET own_since = own_since + interval '1 hour', told_since = NULL`);
    await office.report();
    await tell(outcome(ad, 1));
    await office.report();
    await office.report();
    const said = office.ownSeals.map(({ entries, since }) => [entries, Date.parse(since)]);
    assert.equal(said.at(-1)![0], 1);
    assert.equal(said.at(-1)![1], said.at(-2)![1]! + 1);
  });

  it('are told once more where one was asked for, later than before, and what another one says replaces nothing', async () => {
    const ad = await book('1');
    await tell(outcome(ad, 1), seal([entry(ad, 1, '1')]));
    await office.report();
    await tell(seal([entry(ad, 1, '1')]));
    await office.report();
    assert.equal(office.ownSeals.length, 1, 'a repeat alone says nothing new');
    await tell(seal([entry(ad, 1, '1')], { again: true }));
    await office.report();
    assert.deepEqual(
      office.ownSeals.map(({ digest }) => digest),
      Array(2).fill(sealOf([entry(ad, 1, '1')]).digest),
    );
    assert.ok(Date.parse(office.ownSeals[1]!.since) > Date.parse(office.ownSeals[0]!.since));
    await tell(seal([entry(ad, 1, '2')], { again: true }));
    assert.equal(await agrees(), true);
  });

  it('stay as they came first, and a basis that is another is refused', async () => {
    const [first] = await tell(seal([]));
    assert.equal(first.accepted, true);
    await tell(seal([], { amount: '99' }));
    assert.equal((await findSeal(db, NUMBER))!.amount, '40');
    const [broken, malformed] = await tell(seal([], { basis: '{"a":1}' }), seal([], { digest: 'x' }));
    assert.match(broken.message, /basisDigest must be of the basis/);
    assert.match(malformed.message, /digest must be 64 hex digits/);
  });
});
