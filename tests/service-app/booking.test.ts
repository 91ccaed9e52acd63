import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { bookAd, cancelAd, changeAd, BadForm, type Wanted } from '../../src/service-app/booking.ts';
import { findAd } from '../../src/service-app/db/ads.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { type Office, officeOfEachTest } from './support/office.ts';

const random = seededRandom(1);
const wanted = (more: Partial<Wanted> = {}): Wanted => ({
  title: 'Banner',
  contractNumber: '00000100',
  currency: 'eur',
  uses: [{ productNumber: 'SMALL', units: '3' }],
  ...more,
});

describe('ads', () => {
  let db: Database;
  let office: Office;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));
  const context = () => office.app.context;
  const reports = (): Promise<object[]> => db.query('SELECT ad_id, version, state FROM report ORDER BY place');

  it('are booked, corrected, moved and cancelled, each change with who made it and a report of its own', async () => {
    const id = randomUuid(random);
    await bookAd(context(), id, wanted(), 'klaus');
    await changeAd(
      context(),
      { id, version: 1 },
      wanted({ uses: [{ productNumber: 'GIGANTIC', units: '1.250' }] }),
      'petra',
    );
    await changeAd(context(), { id, version: 2 }, wanted({ contractNumber: '00000200' }), 'petra');
    const last = await cancelAd(context(), { id, version: 3 }, 'klaus');
    assert.deepEqual([last.version, last.cancelled, last.contractNumber], [4, true, '00000200']);
    assert.deepEqual(await db.query('SELECT version, by_user, what FROM ad_change ORDER BY version'), [
      { version: 1, by_user: 'klaus', what: 'booked' },
      { version: 2, by_user: 'petra', what: 'corrected' },
      { version: 3, by_user: 'petra', what: 'moved' },
      { version: 4, by_user: 'klaus', what: 'cancelled' },
    ]);
    assert.deepEqual(await reports(), [{ ad_id: id, version: 4, state: 'queued' }]);
  });

  it('are saved with their report, or not at all', async () => {
    await db.script(`ALTER TABLE report ADD CONSTRAINT full_disk CHECK (version < 1)`);
    await assert.rejects(bookAd(context(), randomUuid(random), wanted(), 'klaus'));
    await db.script('ALTER TABLE report DROP CONSTRAINT full_disk');
    assert.deepEqual(await db.query('SELECT id FROM ad'), []);
  });

  it('keep exact decimals', async () => {
    const id = randomUuid(random);
    await bookAd(context(), id, wanted({ uses: [{ productNumber: 'A', units: '123456789012.345' }] }), 'klaus');
    assert.equal((await findAd(db, id))!.uses[0]!.units, '123456789012.345');
  });

  it('are booked once, however often their form is sent', async () => {
    const id = randomUuid(random);
    for (let times = 0; times < 3; times++) await bookAd(context(), id, wanted(), 'klaus');
    assert.deepEqual(await reports(), [{ ad_id: id, version: 1, state: 'queued' }]);
  });

  it('are not changed over what somebody else saved, nor after they were cancelled', async () => {
    const id = randomUuid(random);
    await bookAd(context(), id, wanted(), 'klaus');
    await changeAd(context(), { id, version: 1 }, wanted({ title: 'Skyscraper' }), 'petra');
    await assert.rejects(changeAd(context(), { id, version: 1 }, wanted(), 'klaus'), /somebody else changed this ad/);
    await cancelAd(context(), { id, version: 2 }, 'petra');
    await assert.rejects(changeAd(context(), { id, version: 3 }, wanted(), 'klaus'), /this ad is cancelled/);
    assert.equal((await findAd(db, id))!.title, 'Skyscraper');
  });

  it('tell all that is wrong with a form at once, and save nothing', async () => {
    const bad: [Partial<Wanted>, RegExp][] = [
      [{ title: ' ' }, /^title must be a text that is not empty/],
      [{ title: 'a\0b' }, /^title has a control character \(U\+0000\) at position 2/],
      [{ contractNumber: 'x'.repeat(31) }, /^contract must be a text of at most 30/],
      [{ currency: 'Euro' }, /^currency must be three capital letters/],
      [{ uses: [] }, /^products must be at least one/],
      [{ uses: [{ productNumber: 'A', units: '0' }] }, /^units 1 must be above 0; to take an ad back, cancel it/],
      [{ uses: [{ productNumber: 'A', units: '0.000' }] }, /^units 1 must be above 0/],
      [{ uses: [{ productNumber: 'A', units: '-1' }] }, /^units 1 must be above 0/],
      [{ uses: [{ productNumber: 'A', units: '1.2345' }] }, /^units 1 must be a decimal with at most twelve digits/],
      [{ uses: [{ productNumber: 'A', units: '1e3' }] }, /^units 1 must be a decimal/],
      [{ uses: [{ productNumber: 'A', units: '9'.repeat(13) }] }, /^units 1 must be a decimal/],
      [{ uses: [{ productNumber: '', units: '1' }] }, /^product 1 must be a text that is not empty/],
      [
        {
          uses: [
            { productNumber: 'A', units: '1' },
            { productNumber: 'A', units: '2' },
          ],
        },
        /^products names "A" twice; add their units up/,
      ],
    ];
    for (const [more, message] of bad)
      await assert.rejects(
        bookAd(context(), randomUuid(random), wanted(more), 'klaus'),
        (error) => error instanceof BadForm && message.test(error.message),
        String(message),
      );
    await assert.rejects(
      bookAd(context(), randomUuid(random), wanted({ title: '', currency: '1' }), 'klaus'),
      (error) => error instanceof BadForm && error.problems.length === 2,
    );
    assert.deepEqual(await db.query('SELECT id FROM ad'), []);
  });
});
