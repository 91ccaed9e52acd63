import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpResponse } from 'kernel/http.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { MAGIC, type Office, officeOfEachTest, PASSWORD } from './support/office.ts';

const HOUR = 60 * 60_000;

describe('the pages of the service application', () => {
  let db: Database;
  let office: Office;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));

  const book = async (more: [string, string][] = []): Promise<string> => {
    const { formToken, id } = await office.hidden('/ads/new?contract=00000100');
    const { status, headers } = await office.post('/ads', [
      ['formToken', formToken!],
      ['id', id!],
      ['title', 'Banner <script>'],
      ['contract', '00000100'],
      ['currency', 'EUR'],
      ['product', 'SMALL'],
      ['units', '2'],
      ['product', ''],
      ['units', ''],
      ...more,
    ]);
    assert.equal(status, 303);
    return headers.location!.split('?')[0]!;
  };

  it('are for those who are signed in', async () => {
    for (const path of ['/', '/ads', '/ads/new', '/queue', '/contracts/1'])
      assert.equal((await office.get(path)).headers.location, '/sign-in', path);
    assert.equal((await office.signIn('petra', 'wrong')).status, 401);
    assert.equal((await office.signIn('nobody')).status, 401);
    const signedIn = await office.signIn();
    assert.equal(signedIn.status, 303);
    assert.match(signedIn.headers['set-cookie']!, /HttpOnly; SameSite=Lax/);
    assert.match((await office.get('/')).body, /petra, supervisor/);
    assert.doesNotMatch(JSON.stringify(await db.query('SELECT * FROM app_user, session')), new RegExp(PASSWORD));
  });

  it('keep the password of somebody who is added at the costs that OWASP names', async () => {
    await office.app.addPerson({ name: 'olga', role: 'booker' }, PASSWORD);
    const [{ secret }] = (await db.query<{ secret: string }>("SELECT secret FROM app_user WHERE name = 'olga'")) as [
      { secret: string },
    ];
    assert.match(secret, /^32768\$8\$3\$/);
    assert.equal((await office.signIn('olga', 'wrong')).status, 401);
    assert.equal((await office.signIn('olga')).status, 303);
  });

  it('let nobody guess passwords', async () => {
    for (let tries = 0; tries < 5; tries++) await office.signIn('petra', 'wrong');
    assert.match((await office.signIn()).body, /Too many wrong passwords/);
    await office.clock.advance(15 * 60_000);
    assert.equal((await office.signIn()).status, 303);
  });

  it('end a session that nobody uses, and one that is signed out', async () => {
    await office.signIn();
    await office.clock.advance(9 * 60 * 60_000);
    assert.equal((await office.get('/ads')).headers.location, '/sign-in');
    await office.signIn();
    await office.post('/sign-out', {});
    assert.equal((await office.get('/ads')).headers.location, '/sign-in');
  });

  it('show contracts as Salesforce has them now', async () => {
    await office.signIn();
    assert.match((await office.get('/?text=Magic')).body, /Magic Ads Inc/);
    const { body } = await office.get('/contracts/00000100');
    assert.match(body, /Gigantic ad/);
    assert.match(body, /Small ad &lt;b&gt;/);
    assert.equal((await office.get('/contracts/42')).status, 404);
  });

  it('say how far the seal of a fulfilled contract is, and where it does not go on', async () => {
    await office.signIn();
    const moved = { counted: 20_000, expected: 43_000, movedAt: office.clock.now(), notice: null };
    office.found = { ...MAGIC, fulfilled: true, sealing: moved };
    const going = (await office.get('/contracts/00000100')).body;
    assert.match(going, /It is being sealed: 20000 of 43000 usage entries/);
    assert.match(going, /href="\/invoices\/00000100"/, 'from here to the invoice');
    assert.doesNotMatch(going, /does not go on/);
    office.found = { ...office.found, sealing: { ...moved, movedAt: moved.movedAt - 3 * 3_600_000 } };
    assert.match((await office.get('/contracts/00000100')).body, /role="alert">\s*<strong>The sealing does not go on/);
    office.found = { ...office.found, sealing: { ...moved, notice: 'Entry <x> changed.' } };
    const stopped = (await office.get('/contracts/00000100')).body;
    assert.match(stopped, /The sealing does not go on/);
    assert.match(stopped, /Entry &lt;x&gt; changed\./);
  });

  it('say at once that Salesforce cannot be reached, and take bookings by number all the same', async () => {
    await office.signIn();
    office.salesforceIsAway = true;
    const { status, body } = await office.get('/');
    assert.equal(status, 200);
    assert.match(body, /Salesforce cannot be reached/);
    assert.doesNotMatch(body, new RegExp(MAGIC.account), 'nothing is shown from memory');
    const place = await book();
    assert.match((await office.get(place)).body, /waits to be reported/);
    assert.match((await office.get('/contracts/00000100')).body, /Banner &lt;script&gt;/);
  });

  it('book, correct and cancel an ad', async () => {
    await office.signIn();
    const place = await book();
    const form = await office.hidden(place);
    assert.equal(form.version, '1');
    const corrected = await office.post(place, [
      ...Object.entries(form),
      ['title', 'Banner'],
      ['contract', '00000100'],
      ['currency', 'EUR'],
      ['product', 'GIGANTIC'],
      ['units', '1'],
    ]);
    assert.equal(corrected.status, 303);
    const stale = await office.post(`${place}/cancel`, { ...form });
    assert.deepEqual([stale.status, /somebody else changed this ad/.test(stale.body)], [409, true]);
    assert.equal((await office.post(`${place}/cancel`, await office.hidden(place))).status, 303);
    assert.match((await office.get(place)).body, /This ad is cancelled. It used 1 × GIGANTIC/);
    assert.deepEqual(await db.query('SELECT version, state FROM report'), [{ version: 3, state: 'queued' }]);
  });

  it('show a form that cannot be saved once more, with what was written', async () => {
    await office.signIn();
    const { formToken, id } = await office.hidden('/ads/new');
    const { status, body } = await office.post('/ads', {
      formToken: formToken!,
      id: id!,
      title: 'Kept',
      contract: '00000100',
      currency: 'EUR',
      product: 'SMALL',
      units: '-3',
    });
    assert.equal(status, 422);
    assert.match(body, /units 1 must be above 0/);
    assert.match(body, /value="Kept"/);
    assert.match(body, /value="-3"/);
  });

  it('take no units but decimals above zero that Salesforce can keep, and take those', async () => {
    await office.signIn();
    const send = async (units: string): Promise<HttpResponse> => {
      const { formToken, id } = await office.hidden('/ads/new');
      const fields = { formToken: formToken!, id: id!, title: 'Banner', contract: '00000100', currency: 'EUR' };
      return office.post('/ads', { ...fields, product: 'SMALL', units });
    };
    for (const [units, problem] of [
      ['0', 'must be above 0; to take an ad back, cancel it'],
      ['-1', 'must be above 0; to take an ad back, cancel it'],
      ['1000000000000', 'must be a decimal with at most twelve digits before the point'],
      ['0.0001', 'must be a decimal with at most twelve digits before the point'],
      ['1,5', 'must be a decimal with at most twelve digits before the point'],
      ['NaN', 'must be a decimal with at most twelve digits before the point'],
    ] as const) {
      const { status, body } = await send(units);
      assert.equal(status, 422, units);
      assert.ok(body.includes(`units 1 ${problem}`), units);
      assert.ok(body.includes(`value="${units}"`), 'what was written is still there');
    }
    assert.deepEqual(await db.query('SELECT id FROM ad'), [], 'nothing is saved');
    for (const units of ['0.125', '999999999999.999']) {
      const { status, headers } = await send(units);
      assert.equal(status, 303);
      assert.ok((await office.get(headers.location!)).body.includes(`value="${units}"`), units);
    }
  });

  it('work on while clocks are an hour apart: the ad is reported, and its state is right', async () => {
    await office.signIn();
    for (const [skewMs, name] of [
      [HOUR, 'ahead'],
      [-HOUR, 'behind'],
    ] as const) {
      office.skewMs = 0;
      const place = await book();
      office.skewMs = skewMs;
      await office.report();
      const adId = place.split('/').at(-1)!;
      assert.ok(
        office.received.some((message) => message.adId === adId),
        `${name}: it is reported`,
      );
      const said = { outcome: 'APPLIED', errorCode: null, message: null, appliedVersion: 1 };
      await office.tell([{ kind: 'outcome', id: `o ${name}`, adId, version: 1, at: '2026-11-27T08:00:01Z', ...said }]);
      assert.match((await office.get(place)).body, /class="state-good">in Salesforce/, name);
    }
  });

  it('warn of what the contract would not take, and save it all the same', async () => {
    await office.signIn();
    const warned = async (contract: string, currency: string, product: string): Promise<string> => {
      const { formToken, id } = await office.hidden('/ads/new');
      const fields = { formToken: formToken!, id: id!, title: 'Banner', contract, currency, product, units: '1' };
      const { status, headers } = await office.post('/ads', fields);
      assert.equal(status, 303);
      return (await office.get(headers.location!)).body;
    };
    assert.match(await warned('00000999', 'EUR', 'SMALL'), /Salesforce has no contract 00000999/);
    assert.match(await warned('00000100', 'USD', 'SMALL'), /The contract is in EUR, the ad in USD/);
    assert.match(await warned('00000100', 'EUR', 'LARGE'), /The contract has no line of product LARGE/);
    assert.doesNotMatch(await warned('00000100', 'EUR', 'SMALL'), /has no line|has no contract|The contract is in/);
    assert.equal((await db.query('SELECT ad_id FROM report')).length, 4, 'each is reported');
  });

  it('say that a form came too late for its session, and save nothing', async () => {
    await office.signIn();
    const { formToken, id } = await office.hidden('/ads/new');
    await office.clock.advance(9 * 60 * 60_000);
    const fields = { formToken: formToken!, id: id!, title: 'Late', contract: '00000100', currency: 'EUR' };
    const { status, headers } = await office.post('/ads', { ...fields, product: 'SMALL', units: '1' });
    assert.deepEqual([status, headers.location], [303, '/sign-in?ended']);
    assert.match((await office.get('/sign-in?ended')).body, /Your session had ended, so nothing was saved/);
    assert.deepEqual(await db.query('SELECT id FROM ad'), []);
  });

  it('say what was done, and no more than they know of', async () => {
    await office.signIn();
    const place = await book();
    assert.match((await office.get(`${place}?done=booked`)).body, /role="status">\s*The ad is booked\./);
    assert.doesNotMatch((await office.get(`${place}?done=toString`)).body, /role="status"/);
    const { headers } = await office.post(`${place}/cancel`, await office.hidden(place));
    assert.equal(headers.location, `${place}?done=cancelled`);
    assert.match((await office.get(headers.location)).body, /role="status">\s*The ad is cancelled\./);
  });

  it('say of each ad where its report stands', async () => {
    await office.signIn();
    const place = await book();
    office.answer = ({ id }) => ({ id, accepted: false, retryable: true, errorCode: 'BUSY', message: 'later' });
    await office.report();
    assert.match((await office.get(place)).body, /waits to be reported: not taken once, and sent again by itself/);
    office.answer = ({ id }) => ({ id, accepted: true });
    await office.clock.advance(600_000);
    await office.report();
    assert.match((await office.get('/ads')).body, /waits to be reported: sent, and Salesforce has not answered yet/);
    const second = await book();
    office.answer = ({ id }) => ({ id, accepted: false, retryable: false, errorCode: 'BAD', message: 'never' });
    await office.report();
    for (const path of [second, '/queue', '/ads'])
      assert.match((await office.get(path)).body, /cannot be reported as it is<\/span>: BAD: never/, path);
  });

  it('refuse a form of another site', async () => {
    await office.signIn();
    const { id } = await office.hidden('/ads/new');
    const { status } = await office.post('/ads', { id: id!, title: 'x', formToken: 'guess' });
    assert.equal(status, 403);
    assert.deepEqual(await db.query('SELECT id FROM ad'), []);
  });

  it('show what waits, and what somebody has to look at', async () => {
    await office.signIn();
    const place = await book();
    assert.match((await office.get('/queue')).body, /Wait to be sent<\/dt>\s*<dd>\s*1,/);
    await office.report();
    assert.match(
      (await office.get('/queue')).body,
      /Wait to be sent<\/dt>\s*<dd>\s*0\s*<\/dd>/,
      'none waits, and since no time',
    );
    await office.tell([
      {
        kind: 'outcome',
        id: 'o1',
        adId: place.split('/').at(-1),
        version: 1,
        outcome: 'EXCEPTION',
        errorCode: 'LATE',
        message: 'the contract is fulfilled',
        appliedVersion: null,
        at: '2026-11-27T08:00:01Z',
      },
    ]);
    const { body } = await office.get('/queue');
    assert.match(body, /href="\/exceptions">waits for a decision<\/a>: the contract is fulfilled/);
    assert.equal((await office.post(`${place}/report`, await office.hidden(place))).status, 303);
    assert.deepEqual(await db.query('SELECT state FROM report'), [{ state: 'queued' }]);
  });
});
