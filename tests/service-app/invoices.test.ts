import assert from 'node:assert/strict';
import { beforeEach, describe, it } from 'node:test';
import { randomUuid, seededRandom } from 'kernel/random.ts';
import { bookAd } from '../../src/service-app/booking.ts';
import { bytesOf } from '../../src/service-app/invoices/formats.ts';
import { invoiceOf } from '../../src/service-app/invoices/invoice.ts';
import type { Basis } from '../../src/service-app/invoices/basis.ts';
import type { LiveEntry } from '../../src/service-app/contracts.ts';
import type { Database } from '../../src/shared/sql/types.ts';
import { sealOf, sha256 } from '../../src/shared/usage-seal.ts';
import { type Office, officeOfEachTest } from './support/office.ts';

const NUMBER = '00000100';
const LINE = 'a0B000000000001AAA';

const basis = (more: Partial<Basis> = {}): Basis => ({
  contract: { id: '800000000000001AAA', number: NUMBER, currency: 'EUR', fulfilledAt: '2026-11-27T09:00:00Z' },
  account: {
    name: 'Magic Ads Inc',
    street: 'Main 1\nYard',
    city: 'Köln',
    state: '',
    postalCode: '50667',
    country: 'DE',
  },
  lines: [
    { id: LINE, productNumber: 'SMALL', productName: 'Small ad', sold: '3', price: '9.99', units: '1.125', entries: 1 },
  ],
  ...more,
});

const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');

/** What each font of a PDF says a glyph stands for, by its number in the file. */
const glyphTexts = (pdf: string): Map<number, string>[] =>
  [...pdf.matchAll(/beginbfrange\n([\s\S]*?)endbfrange/g)].map(([, ranges]) => {
    const texts = new Map<number, string>();
    for (const [, from, list] of ranges!.matchAll(/<([0-9a-f]+)> <[0-9a-f]+> \[([^\]]*)\]/g))
      [...list!.matchAll(/<([0-9a-f ]+)>/g)].forEach(([, units], at) =>
        texts.set(
          parseInt(from!, 16) + at,
          Buffer.from(units!.replaceAll(' ', ''), 'hex').swap16().toString('utf16le'),
        ),
      );
    return texts;
  });

/** What stands on the pages, a line for each that is set; read by each font, so that those of the others are nonsense. */
const wordsIn = (pdf: string): string =>
  glyphTexts(pdf)
    .flatMap((texts) =>
      [...pdf.matchAll(/\[(.*)\] TJ/g)].map(([, set]) =>
        [...set!.matchAll(/<([0-9a-f]+)>/g)]
          .flatMap(([, glyphs]) => glyphs!.match(/.{4}/g)!)
          .map((glyph) => texts.get(parseInt(glyph, 16)) ?? '?')
          .join(''),
      ),
    )
    .join('\n');

describe('an invoice', () => {
  it('charges units times price, rounded half up to two digits, and sums what it charges', () => {
    const line = (productNumber: string, units: string, price: string) => ({
      ...basis().lines[0]!,
      productNumber,
      units,
      price,
    });
    const { lines, total } = invoiceOf(
      basis({
        lines: [line('B', '999999999999.999', '9999999999999.99'), line('A', '1.125', '9.99'), line('C', '0', '5')],
      }),
    );
    assert.deepEqual(
      lines.map(({ productNumber, unitPrice, amount }) => [productNumber, unitPrice, amount]),
      [
        ['A', '9.99', '11.24'],
        ['B', '9999999999999.99', product()],
        ['C', '5.00', '0.00'],
      ],
    );
    assert.equal(total, sum(product(), '11.24'));
  });

  /** 999999999999.999 × 9999999999999.99, rounded to cents, by whole numbers. */
  const product = (): string => cents((999_999_999_999_999n * 999_999_999_999_999n + 500n) / 1_000n);
  const cents = (value: bigint): string => `${value / 100n}.${(value % 100n).toString().padStart(2, '0')}`;
  const sum = (...amounts: string[]): string =>
    cents(amounts.reduce((all, amount) => all + BigInt(amount.replace('.', '')), 0n));

  it('comes out the same however often it is made, and whatever script its names are in', async () => {
    const invoice = invoiceOf(
      basis({ account: { ...basis().account, name: 'Größe 東京 – שלום – लाभ – 🚑', street: '한국\r\nعمان' } }),
    );
    const [one, other] = [await bytesOf(invoice), await bytesOf(structuredClone(invoice))];
    for (const format of ['json', 'csv', 'pdf'] as const) assert.deepEqual(one[format], other[format], format);
    assert.match(text(one.json), /Größe 東京/);
    const pdf = Buffer.from(one.pdf).toString('latin1');
    assert.match(pdf, /^%PDF-1\.\d/);
    assert.match(pdf, /UnifontEX/i, 'the font that has what the other one has not');
    assert.doesNotMatch(pdf, /\.notdef/);
    assert.ok(one.pdf.length < 400_000, 'only the glyphs that it needs');
  });

  it('says on paper which texts it cannot show as they are written, and of no others', async () => {
    const { account, lines } = basis();
    const [line] = lines;
    const wordsOf = async (more: Parameters<typeof basis>[0]): Promise<string> => {
      const pdf = Buffer.from((await bytesOf(invoiceOf(basis(more)))).pdf).toString('latin1');
      return wordsIn(pdf);
    };
    assert.doesNotMatch(await wordsOf({}), /Not shown as written/);
    for (const name of ['Größe', 'Αθήνα', 'Москва', '東京', 'שלום', '🚑'])
      assert.doesNotMatch(await wordsOf({ account: { ...account, name } }), /Not shown as written/, name);
    for (const name of ['Magic שלום', 'عمان 7', 'लाभ', '\u{12345}'])
      assert.match(await wordsOf({ account: { ...account, name } }), /missing: customer\./, name);
    const odd = await wordsOf({
      account: { ...account, city: 'Köln קלן' },
      lines: [line!, { ...line!, productNumber: 'X', productName: 'ภาษา' }],
    });
    assert.match(odd, /missing: city, name of line 2\./);
  });

  it('has as many pages as it needs', async () => {
    const lines = Array.from({ length: 200 }, (_, at) => ({ ...basis().lines[0]!, productNumber: `P${at}` }));
    const { pdf, csv } = await bytesOf(invoiceOf(basis({ lines })));
    const pages = Number(/\/Count (\d+)/.exec(Buffer.from(pdf).toString('latin1'))![1]);
    assert.ok(pages >= 4 && pages <= 8, `${pages} pages`);
    assert.equal(text(csv).split('\r\n').length, 203, 'a head, the lines, a total, and the end');
  });

  it('makes no formula of a name in a spreadsheet', async () => {
    const lines = [{ ...basis().lines[0]!, productName: '=HYPERLINK("x"),y' }];
    const { csv } = await bytesOf(invoiceOf(basis({ lines })));
    assert.match(text(csv), /,"'=HYPERLINK\(""x""\),y",/);
  });
});

describe('invoices on the pages', () => {
  const random = seededRandom(6);
  let db: Database;
  let office: Office;
  let adId: string;
  officeOfEachTest((opened, over) => ([office, db] = [opened, over]));
  beforeEach(async () => {
    await office.signIn();
    const wanted = {
      title: 'Banner',
      contractNumber: NUMBER,
      currency: 'EUR',
      uses: [{ productNumber: 'SMALL', units: '1.125' }],
    };
    adId = (await bookAd(office.app.context, randomUuid(random), wanted, 'klaus')).id;
    const said = { errorCode: null, message: null, appliedVersion: 1, at: '2026-11-27T08:00:01Z' };
    await office.tell([{ kind: 'outcome', id: randomUuid(random), adId, version: 1, outcome: 'APPLIED', ...said }]);
    const body = JSON.stringify(basis());
    const sealed = {
      ...sealOf([{ key: `${adId}#1`, version: 1, units: '1.125', productNumber: 'SMALL' }]),
      amount: '11.23875',
      basis: body,
      basisDigest: sha256(body),
    };
    office.audited = sealed;
    office.sealed = { seal: sealed, entries: [live()] };
    await office.tell([
      { kind: 'seal', id: randomUuid(random), contractNumber: NUMBER, sealedAt: '2026-11-27T09:00:00Z', ...sealed },
    ]);
  });

  const live = (more: Partial<LiveEntry> = {}): LiveEntry => ({
    key: `${adId}#1`,
    version: 1,
    units: '1.125',
    lineId: LINE,
    ...more,
  });
  const page = async (): Promise<string> => (await office.get(`/invoices/${NUMBER}`)).body;
  const make = async (): Promise<string> => {
    const [, formToken = ''] = /name="formToken" value="([^"]*)"/.exec(await page())!;
    return (await office.post(`/invoices/${NUMBER}`, { formToken })).body;
  };

  it('are made where all agree, downloaded, and made again byte by byte', async () => {
    assert.match((await office.get('/invoices')).body, /agrees with the bookings here/);
    assert.match(await page(), /agree on what was used/);
    assert.match(await make(), /The invoice is made/);
    const first = await office.get(`/invoices/${NUMBER}/pdf`);
    assert.equal(first.headers['content-type'], 'application/pdf');
    assert.match(JSON.parse(text((await office.get(`/invoices/${NUMBER}/json`)).bytes!)).total, /^11\.24$/);
    await office.clock.advance(400 * 24 * 60 * 60_000);
    await office.signIn();
    assert.match(await make(), /byte-identical in every format/);
    assert.deepEqual((await office.get(`/invoices/${NUMBER}/pdf`)).bytes, first.bytes);
    assert.equal((await office.get(`/invoices/${NUMBER}/xml`)).status, 404);
  });

  const cases: [name: string, change: () => void | Promise<unknown>, words: RegExp][] = [
    [
      'an entry was changed in Salesforce',
      () => void (office.sealed!.entries = [live({ units: '2' })]),
      /Booking [^:]*#1: 1\.125 × SMALL \(version 1\) was booked here, 2 × SMALL \(version 1\) stands in Salesforce/,
    ],
    [
      'an entry was deleted in Salesforce',
      () => void (office.sealed!.entries = []),
      /1\.125 × SMALL \(version 1\) was booked here, nothing stands in Salesforce/,
    ],
    [
      'an entry was added in Salesforce',
      () => void office.sealed!.entries.push(live({ key: 'other#1' })),
      /Booking other#1: nothing was booked here, 1\.125 × SMALL/,
    ],
    [
      'an entry was moved to another line',
      () => void (office.sealed!.entries = [live({ lineId: 'a0B000000000009AAA' })]),
      /Line a0B000000000001AAA \(SMALL\): 1\.125 units were sealed, 0 stand in Salesforce/,
    ],
    [
      'the seal was changed in Salesforce',
      () => void (office.sealed!.seal = { ...office.sealed!.seal, units: '2' }),
      /The seal in Salesforce was changed: units 2 instead of 1\.125/,
    ],
    [
      'the basis was changed in Salesforce',
      () => void (office.sealed!.seal = { ...office.sealed!.seal, basis: '{}' }),
      /The basis of the seal in Salesforce was changed/,
    ],
    [
      'the audit has another seal',
      () => void (office.audited = { ...office.audited!, amount: '12' }),
      /another seal: amount 12/,
    ],
    ['the audit has none', () => void (office.audited = null), /no seal of this contract in its audit/],
    ['Salesforce has none', () => void (office.sealed = null), /has no seal of this contract any more/],
    [
      'a booking here was changed behind the application',
      () => db.query('UPDATE ad SET applied_version = NULL'),
      /bookings here do not come to what was sealed[\s\S]*nothing was booked here/,
    ],
    [
      'the basis here was changed',
      () => db.query(`UPDATE contract_seal SET basis = replace(basis, '9.99', '0.99')`),
      /basis that is kept here was changed/,
    ],
  ];
  for (const [name, change, words] of cases)
    it(`are refused where ${name}`, async () => {
      const [, formToken = ''] = /name="formToken" value="([^"]*)"/.exec(await page())!;
      await change();
      const { body } = await office.post(`/invoices/${NUMBER}`, { formToken });
      assert.match(body, words);
      assert.doesNotMatch(body, /Make the invoice/);
      assert.deepEqual(await db.query('SELECT * FROM invoice'), []);
    });

  describe('of a contract whose bookings this application has lost', () => {
    const takeOver = async (): Promise<string> => {
      const [, formToken = ''] = /name="formToken" value="([^"]*)"/.exec(await page())!;
      return (await office.post(`/invoices/${NUMBER}/take-over`, { formToken })).body;
    };
    const history = (): Promise<{ version: number; what: string; by: string }[]> =>
      db.query('SELECT version, what, by_user AS by FROM ad_change WHERE ad_id = $1 ORDER BY version', [adId]);
    beforeEach(() => {
      office.liveAds = [
        {
          ...{ id: adId, version: 1, title: 'Banner', contractNumber: NUMBER, currency: 'EUR', cancelled: false },
          bookedAt: new Date('2026-11-27T08:00:00Z'),
          uses: [{ position: 1, productNumber: 'SMALL', units: '1.125' }],
        },
      ];
    });

    it('are made once a supervisor has taken the bookings over from Salesforce', async () => {
      await db.script('TRUNCATE report, booking, booking_repair, ad_decision, ad_change, ad_use, ad');
      await office.signIn('klaus');
      assert.match(await page(), /or are others here:\s+1\.[\s\S]*A supervisor can do that/);
      const [, formToken = ''] = /name="formToken" value="([^"]*)"/.exec(await page())!;
      assert.equal((await office.post(`/invoices/${NUMBER}/take-over`, { formToken })).status, 403);
      await office.signIn();
      assert.match(await takeOver(), /taken over from Salesforce: 1\.[\s\S]*agree on what was used/);
      assert.deepEqual(await history(), [{ version: 1, what: 'taken over', by: 'petra' }]);
      assert.match(
        (await office.get(`/ads/${adId}`)).body,
        /Banner[\s\S]*History[\s\S]*taken over[\s\S]*1\.125 × SMALL[\s\S]*petra/,
      );
      await office.report();
      assert.deepEqual(office.received.filter(({ adId: id }) => id === adId).length, 0, 'Salesforce has it');
      assert.equal(office.ownSeals.at(-1)!.digest, office.sealed!.seal.digest);
      assert.match(await make(), /The invoice is made/);
    });

    it('keep what was booked since under the same version, as a new version', async () => {
      await db.query("UPDATE ad_change SET state = jsonb_set(state, '{uses,0,units}', '\"7\"') WHERE ad_id = $1", [
        adId,
      ]);
      await db.query('UPDATE ad_use SET units = 7 WHERE ad_id = $1', [adId]);
      assert.match(await takeOver(), /taken over from Salesforce: 1/);
      assert.deepEqual(await history(), [
        { version: 1, what: 'taken over', by: 'petra' },
        { version: 2, what: 'repaired', by: 'petra' },
      ]);
      const [row] = await db.query<{ was: string; by: string }>(
        "SELECT state #>> '{replaced,state,uses,0,units}' AS was, state #>> '{replaced,by}' AS by FROM ad_change WHERE ad_id = $1 AND version = 1",
        [adId],
      );
      assert.deepEqual(row, { was: '7', by: 'klaus' });
      await office.report();
      assert.deepEqual(
        office.received.filter(({ version }) => version === 2).map(({ uses }) => uses[0]!.units),
        ['7'],
      );
      assert.match(await make(), /The invoice is made/);
    });

    it('are not made of what Salesforce holds otherwise than it was sealed', async () => {
      await db.script('TRUNCATE report, booking, booking_repair, ad_decision, ad_change, ad_use, ad');
      office.sealed!.entries = [live({ units: '2' })];
      assert.doesNotMatch(await page(), /take-over/);
      await takeOver();
      assert.deepEqual(await history(), []);
    });
  });

  it('say which side is away, and make nothing meanwhile', async () => {
    const [, formToken = ''] = /name="formToken" value="([^"]*)"/.exec(await page())!;
    office.salesforceIsAway = true;
    assert.match((await office.post(`/invoices/${NUMBER}`, { formToken })).body, /Salesforce cannot be reached/);
    office.salesforceIsAway = false;
    office.middleLayerIsAway = true;
    assert.match((await office.post(`/invoices/${NUMBER}`, { formToken })).body, /The middle layer does not answer/);
    assert.deepEqual(await db.query('SELECT * FROM invoice'), []);
  });

  it('are made by supervisors alone', async () => {
    await office.signIn('klaus');
    const body = await page();
    assert.match(body, /Supervisors make invoices/);
    const [, formToken = ''] = /name="formToken" value="([^"]*)"/.exec(body)!;
    assert.equal((await office.post(`/invoices/${NUMBER}`, { formToken })).status, 403);
  });

  it('keep what was made first where it would come out otherwise', async () => {
    await make();
    await db.query(`UPDATE invoice SET sha256 = 'another' WHERE format = 'csv'`);
    assert.match(await make(), /The CSV comes out otherwise than on 2026-11-27/);
  });

  it('wait for a seal', async () => {
    const { body } = await office.get('/invoices/00000999');
    assert.match(body, /No seal of this contract has come yet/);
  });
});
