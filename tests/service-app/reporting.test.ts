import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { bookAd, changeAd } from '../../src/service-app/booking.ts';
import { findAd } from '../../src/service-app/db/ads.ts';
import { queueState } from '../../src/service-app/db/reports.ts';
import { MAX_COUNTED } from '../../src/shared/sql/count-along.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { RowsRead } from '../support/rows-read.ts';
import { type Office, officeOfEachTest, outcomeOf } from './support/office.ts';

const HOUR = 60 * 60_000;

describe('the queue of reports', () => {
  const random = seededRandom(2);
  let db: Database;
  let office: Office;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));

  const wanted = (title: string) => ({
    title,
    contractNumber: '00000100',
    currency: 'EUR',
    uses: [{ productNumber: 'SMALL', units: '1' }],
  });
  const book = async (title: string): Promise<string> =>
    (await bookAd(office.app.context, randomUuid(random), wanted(title), 'klaus')).id;
  const titles = (): string[] => office.received.map(({ title, version }) => `${title} ${version}`);
  const states = async (): Promise<Record<string, string>> =>
    Object.fromEntries(
      (
        await db.query<{ title: string; state: string }>(
          'SELECT title, state FROM report JOIN ad ON ad.id = ad_id ORDER BY place',
        )
      ).map(({ title, state }) => [title, state]),
    );
  const outcome = (adId: string, version: number, more: object = {}): object =>
    outcomeOf(`o-${adId}-${version}`, adId, version, more);

  it('is sent in its order, and each ad waits for its outcome', async () => {
    const [a, b] = [await book('a'), await book('b')];
    await office.report();
    assert.deepEqual(titles(), ['a 1', 'b 1']);
    assert.deepEqual(await states(), { a: 'taken', b: 'taken' });
    assert.equal((await office.tell([outcome(a, 1)])).status, 202);
    assert.deepEqual(await states(), { b: 'taken' });
    assert.deepEqual([(await findAd(db, a))!.outcome, (await findAd(db, b))!.outcome], ['APPLIED', null]);
  });

  it('puts one that fails at its end, later and later; the others go on', async () => {
    office.answer = ({ id, title }) =>
      title === 'poison'
        ? { id, accepted: false, retryable: true, errorCode: 'NOT_STORED', message: 'no' }
        : { id, accepted: true };
    await book('poison');
    await book('good');
    await office.report();
    assert.deepEqual(await states(), { good: 'taken', poison: 'queued' });
    await book('later');
    for (let hours = 0; hours < 24; hours++) {
      await office.report();
      await office.clock.advance(HOUR / 4);
    }
    const tries = titles().filter((title) => title.startsWith('poison')).length;
    assert.equal(titles().filter((title) => title.startsWith('later')).length >= 1, true);
    assert.ok(tries > 2 && tries <= 25, `it was tried ${tries} times in 6 hours`);
    assert.deepEqual(Object.keys(await states()).at(-1), 'poison', 'it is the last one');
  });

  it('keeps what the middle layer will never take, and says why', async () => {
    office.answer = ({ id }) => ({ id, accepted: false, retryable: false, errorCode: 'MALFORMED', message: 'units …' });
    const id = await book('odd');
    await office.report();
    assert.deepEqual(await db.query('SELECT state, error FROM report'), [
      { state: 'rejected', error: 'MALFORMED: units …' },
    ]);
    office.answer = (message) => ({ id: message.id, accepted: true });
    await changeAd(office.app.context, { id, version: 1 }, wanted('even'), 'petra');
    await office.report();
    assert.deepEqual(await states(), { even: 'taken' });
  });

  it('loses no place while nothing gets through, and takes an answer of somebody else for none', async () => {
    await book('a');
    await book('b');
    office.middleLayerIsAway = true;
    assert.equal(await office.app.report(), 0);
    office.middleLayerIsAway = false;
    office.answer = () => ({ hello: 'I am a proxy' });
    assert.equal(await office.app.report(), 0);
    assert.deepEqual(
      await db.query('SELECT attempts, state FROM report'),
      [0, 0].map((attempts) => ({ attempts, state: 'queued' })),
    );
  });

  it('sends the newest version of an ad, and no outcome of an older one ends its report', async () => {
    const id = await book('first');
    await office.report();
    await changeAd(office.app.context, { id, version: 1 }, wanted('second'), 'petra');
    await office.tell([outcome(id, 1)]);
    assert.deepEqual(await states(), { second: 'queued' });
    assert.equal((await findAd(db, id))!.outcome, null, 'of this version nothing is known yet');
    await office.report();
    await office.tell([outcome(id, 2), outcome(id, 1, { outcome: 'REFUSED' })]);
    assert.deepEqual([await states(), (await findAd(db, id))!.outcome], [{}, 'APPLIED']);
  });

  it('asks again when an outcome does not come', async () => {
    await book('a');
    await office.report();
    await office.report();
    assert.deepEqual(titles(), ['a 1']);
    await office.clock.advance(HOUR + 1);
    await office.report();
    assert.deepEqual(titles(), ['a 1', 'a 1']);
    assert.notEqual(
      office.received[0]!.id,
      office.received[1]!.id,
      'the first one was taken: it is not looked at again',
    );
  });

  it('lets nobody tell outcomes but the middle layer, and takes a malformed one alone for malformed', async () => {
    const id = await book('a');
    await office.report();
    assert.equal((await office.tell([outcome(id, 1)], 'guess')).status, 401);
    const { body } = await office.tell([
      outcome(id, 1, { version: 'x' }),
      outcome(id, 1),
      outcome(randomUuid(random), 9),
    ]);
    assert.deepEqual(
      JSON.parse(body).results.map(({ accepted }: { accepted: boolean }) => accepted),
      [false, true, true],
    );
  });

  it('costs its readiness the same, however much there is to count', async () => {
    const many = MAX_COUNTED + 200;
    await db.query(
      `WITH booked AS (
         INSERT INTO ad (id, version, title, contract_number, currency, booked_at)
         SELECT 'many-' || n, 1, 'many', '00000100', 'EUR', $1 FROM generate_series(1, $2::int) AS n RETURNING id)
       INSERT INTO report (ad_id, version, message_id, state, not_before, queued_at)
       SELECT id, 1, id, (ARRAY['queued', 'taken', 'rejected'])[1 + substr(id, 6)::int % 3], $1, $1 + (4 * $2 - substr(id, 6)::int) * interval '1 second' FROM booked`,
      [new Date(office.clock.now()), 3 * many],
    );
    const asked = new RowsRead(db);
    const oldest = new Date(office.clock.now() + 9 * many * 1_000);
    const { oldest: first, ...counts } = await queueState(asked);
    assert.deepEqual(counts, { queued: MAX_COUNTED, taken: MAX_COUNTED, rejected: MAX_COUNTED });
    assert.equal(first!.getTime(), oldest.getTime());
    assert.ok(asked.most <= MAX_COUNTED + 10, `${asked.most} rows: ${asked.where}`);
    assert.match((await office.get('/ready')).body, /"queued":1000,"taken":1000,"rejected":1000/);
    await office.signIn();
    assert.match((await office.get('/queue')).body, /<dd>\s*1,000 or more, the oldest since /);
  });
});
