/**
 * Magic Ads Inc: ads are booked on the pages of the service application, and used units stand on the contract in
 * Salesforce. All parts are processes; each of them is away for a while.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { UsageInSystem } from '../../src/flows/usage/told/system.ts';
import { Desk } from '../../src/flows/usage/told/desk.ts';
import { executeAnonymous } from '../../src/story/org/connect.ts';
import { assignPermissionSet } from '../../src/story/org/set-up.ts';
import { LocalSystem } from '../../src/story/system.ts';
import { deployLocks } from '../support/usage-locks.ts';

let system: LocalSystem;
let klaus: Desk;
let petra: Desk;
let contractId: string;
let number: string;
/** Ads that Salesforce could not enter. */
let tooMany: string;
let late: string;
/** Number and line of the contract that follows. */
let nextNumber: string;
let nextLine: string;

const create = async (object: string, values: object): Promise<string> =>
  (await system.admin.sobject(object).create(values as Record<string, unknown>)).id!;

before(async () => {
  const usage = new UsageInSystem();
  system = await new LocalSystem([usage], { killableOrg: true }).start();
  await assignPermissionSet(system.admin, system.org.info.userId, 'Concord_Usage_Billing');
  const accountId = await create('Account', { Name: 'Magic Ads Inc' });
  contractId = await create('Contract', {
    AccountId: accountId,
    StartDate: '2026-11-01',
    ContractTerm: 12,
    Usage_Currency__c: 'EUR',
    Overbooking__c: 'Block',
  });
  for (const [code, units, price] of [
    ['GIGANTIC', 5, 900],
    ['SMALL', 3, 40],
  ] as const) {
    const product = await create('Product2', { Name: `${code} ad`, ProductCode: code, IsActive: true });
    await create('Contract_Line__c', {
      Contract__c: contractId,
      Product__c: product,
      Units__c: units,
      Unit_Price__c: price,
    });
  }
  await system.admin.sobject('Contract').update({ Id: contractId, Status: 'Activated' });
  number = (
    await system.admin.query<{ ContractNumber: string }>(
      `SELECT ContractNumber FROM Contract WHERE Id = '${contractId}'`,
    )
  ).records[0]!.ContractNumber;
  const url = (): string => usage.app(system).url;
  const [first, second] = usage.people;
  klaus = await new Desk(url).signIn(first!.name, first!.password);
  petra = await new Desk(url).signIn(second!.name, second!.password);
});

after(() => system.stop());

/** Consumed units by product, as Salesforce sums them up. */
const consumed = async (): Promise<Record<string, number>> => {
  const { records } = await system.admin.query<{ Product__r: { ProductCode: string }; Consumed_Units__c: number }>(
    `SELECT Product__r.ProductCode, Consumed_Units__c FROM Contract_Line__c WHERE Contract__c = '${contractId}'`,
  );
  return Object.fromEntries(records.map((line) => [line.Product__r.ProductCode, line.Consumed_Units__c]));
};

const until = async (what: string, holds: () => Promise<boolean>): Promise<void> => {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds().catch(() => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  assert.fail(`in a minute it did not come to pass that ${what}`);
};

const untilReported = (desk: Desk, path: string, words: RegExp): Promise<void> =>
  until(`the page of the ad says ${words}`, async () => words.test(await desk.get(path)));

/** The state of an ad: the form for a fulfilled contract says the like of what is booked on it. */
const WAITS_FOR_A_DECISION = /class="state-bad" href="\/exceptions">waits for a decision/;

test('an ad that is booked is usage of its contract, and a correction moves it', async () => {
  assert.match(await klaus.get('/?text=Magic'), new RegExp(number), 'contracts are read live');
  const path = await klaus.book('Autumn', number, { SMALL: '3' });
  await untilReported(klaus, path, /in Salesforce/);
  assert.deepEqual(await consumed(), { GIGANTIC: 0, SMALL: 3 });
  await petra.change(path, 'Autumn', number, { GIGANTIC: '1' });
  await untilReported(petra, path, /Version 2,\s*<span class="state-good">in Salesforce/);
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 0 });
  assert.match(await klaus.get(`/contracts/${number}`), /Available[\s\S]*GIGANTIC[\s\S]*4/);
});

test('while a part is away the others work on, and nothing is missing or doubled', async () => {
  await system.middleLayer.kill();
  const first = await klaus.book('While the middle layer is away', number, { SMALL: '1' });
  await system.crash('serviceApp');
  assert.match(await klaus.get(first), /waits to be reported/, 'what was booked is there after a crash');
  await system.crash('middleLayer');
  await untilReported(klaus, first, /in Salesforce/);

  // sales sells one more while the application is away, which it shows as soon as it is back
  await system.part('serviceApp').kill();
  const { records } = await system.admin.query<{ Id: string }>(
    `SELECT Id FROM Contract_Line__c WHERE Contract__c = '${contractId}' AND Product__r.ProductCode = 'GIGANTIC'`,
  );
  await system.admin.sobject('Contract_Line__c').update({ Id: records[0]!.Id, Units__c: 6 });
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 1 });
  await system.crash('serviceApp');
  assert.match(await klaus.get(`/contracts/${number}`), /GIGANTIC[\s\S]*?>6<[\s\S]*?>1<[\s\S]*?>5</);

  await system.org.kill();
  assert.match(await klaus.get('/'), /Salesforce cannot be reached/);
  const second = await klaus.book('While Salesforce is away', number, { SMALL: '1' });
  assert.match(await klaus.get(second), /waits to be reported/);
  await system.crash('org');
  await system.advance(10 * 60_000);
  await untilReported(klaus, second, /in Salesforce/);
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 2 });
  await klaus.cancel(second);
  await untilReported(klaus, second, /cancelled in Salesforce/);
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 1 });
});

test('what the contract does not have is an exception that somebody decides on', async () => {
  tooMany = await klaus.book('Too many', number, { SMALL: '3' });
  await untilReported(klaus, tooMany, WAITS_FOR_A_DECISION);
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 1 });
  const { records } = await system.admin.query<{ Reason__c: string; Units__c: number; Open__c: boolean }>(
    'SELECT Reason__c, Units__c, Open__c FROM Usage_Exception__c',
  );
  assert.deepEqual(
    records.map(({ Reason__c, Units__c, Open__c }) => [Reason__c, Units__c, Open__c]),
    [['Over-Booked', 3, true]],
  );
  assert.match(await petra.get('/queue'), /Too many/);
});

test('once the contract is fulfilled its usage is locked, for administrators too, and late bookings wait', async () => {
  await system.admin.sobject('Contract').update({ Id: contractId, Fulfilled__c: true });
  const { records } = await system.admin.query<{ Id: string }>(
    'SELECT Id FROM Usage_Entry__c WHERE Cancelled__c = FALSE',
  );
  for (const { Id } of records) {
    await assert.rejects(
      system.admin.sobject('Usage_Entry__c').update({ Id, Units__c: 2 }),
      /belong to the service application/,
    );
    await assert.rejects(system.admin.sobject('Usage_Entry__c').destroy(Id), /belong to the service application/);
  }
  late = await klaus.book('Late', number, { SMALL: '1' });
  await untilReported(klaus, late, WAITS_FOR_A_DECISION);
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 1 });
});

const usedOfNext = async (): Promise<number> =>
  ((await system.admin.sobject('Contract_Line__c').retrieve(nextLine)) as { Consumed_Units__c: number })
    .Consumed_Units__c;

test('a supervisor decides on what could not be entered: one booking goes to the next contract, one is dropped', async () => {
  const { AccountId } = (await system.admin.sobject('Contract').retrieve(contractId)) as { AccountId: string };
  const next = await create('Contract', { AccountId, StartDate: '2027-11-01', ContractTerm: 12 });
  const { records: products } = await system.admin.query<{ Id: string }>(
    "SELECT Id FROM Product2 WHERE ProductCode = 'SMALL'",
  );
  nextLine = await create('Contract_Line__c', {
    Contract__c: next,
    Product__c: products[0]!.Id,
    Units__c: 3,
    Unit_Price__c: 45,
  });
  nextNumber = ((await system.admin.sobject('Contract').retrieve(next)) as { ContractNumber: string }).ContractNumber;

  await assert.rejects(klaus.decide(late, { kind: 'DROP', reason: 'mine' }), /no form/, 'a booker decides nothing');
  await petra.decide(late, { kind: 'NEXT_CONTRACT', contract: nextNumber });
  await petra.decide(tooMany, { kind: 'DROP', reason: 'nobody needs three' });
  await untilReported(petra, late, /Version 2,\s*<span class="state-good">in Salesforce/);
  await untilReported(petra, tooMany, /cancelled in Salesforce/);

  assert.equal(await usedOfNext(), 1);
  assert.deepEqual(await consumed(), { GIGANTIC: 1, SMALL: 1 }, 'the fulfilled contract is as it was');
  const { records } = await system.admin.query<{ Decision__c: string; Decision_Reason__c: string; Open__c: boolean }>(
    'SELECT Decision__c, Decision_Reason__c, Open__c FROM Usage_Exception__c ORDER BY Booked_At__c',
  );
  assert.deepEqual(
    records.map(({ Decision__c, Open__c }) => [Decision__c, Open__c]),
    [
      ['Drop', false],
      ['Next Contract', false],
    ],
  );
  assert.match(records[0]!.Decision_Reason__c, /^nobody needs three \(petra, /);
  assert.match(await klaus.get('/exceptions'), /<p>None\.<\/p>[\s\S]*Too many[\s\S]*Drop: nobody needs three/);
});

/** As sales does on the record of the exception. */
const decideInSalesforce = async (path: string, fields: object): Promise<void> => {
  const { records } = await system.admin.query<{ Id: string }>(
    `SELECT Id FROM Usage_Exception__c WHERE Open__c = TRUE AND Ad_Id__c = '${path.split('/').at(-1)}'`,
  );
  assert.equal(records.length, 1);
  await system.admin.sobject('Usage_Exception__c').update({ Id: records[0]!.Id, ...fields });
};

test('what sales decides in Salesforce reaches the application, and stands where both decide at once', async () => {
  const credited = await klaus.book('Later', number, { SMALL: '1' });
  const disputed = await klaus.book('Latest', number, { SMALL: '2' });
  for (const path of [credited, disputed]) await untilReported(klaus, path, WAITS_FOR_A_DECISION);

  await system.middleLayer.kill();
  await petra.decide(disputed, { kind: 'NEXT_CONTRACT', contract: nextNumber });
  await decideInSalesforce(disputed, { Decision__c: 'Drop', Decision_Reason__c: 'the customer never asked for it' });
  await decideInSalesforce(credited, { Decision__c: 'Credit' });
  await system.crash('middleLayer');

  for (const path of [credited, disputed]) await untilReported(klaus, path, /cancelled in Salesforce/);
  assert.match(await klaus.get(disputed), /Version 3/);
  assert.equal(await usedOfNext(), 1, 'what was dropped is not charged on the next contract');
  const page = await klaus.get('/exceptions');
  assert.match(page, /<p>None\.<\/p>[\s\S]*Latest[\s\S]*Drop: the customer never asked for it/);
  assert.match(page, / in Salesforce, [\s\S]*set aside: Next contract by petra/);
  // the middle layer says that it took a decision when it has kept it, and the application may be quicker
  await until('Salesforce hears that all decisions were taken', async () => {
    const { totalSize } = await system.admin.query('SELECT Id FROM Usage_Exception__c WHERE Pending__c != NULL');
    return totalSize === 0;
  });
});

const FORMATS = ['json', 'csv', 'pdf'] as const;
type Files = Record<(typeof FORMATS)[number], Buffer>;
const savedInvoice = async (): Promise<Files> =>
  Object.fromEntries(
    await Promise.all(FORMATS.map(async (format) => [format, await petra.download(`/invoices/${number}/${format}`)])),
  ) as Files;

/** Made again, it is what it was first. */
const sameInvoice = async (first: Files): Promise<void> => {
  assert.match(await petra.makeInvoice(number), /byte-identical in every format/);
  assert.deepEqual(await savedInvoice(), first);
};

/** Sales changes what the price books say of a product. */
const changePrices = async (Product2Id: string): Promise<void> => {
  const { records } = await system.admin.query<{ Id: string }>('SELECT Id FROM Pricebook2 WHERE IsStandard = TRUE');
  const standard = records[0]!.Id;
  await system.admin.sobject('Pricebook2').update({ Id: standard, IsActive: true });
  const price = await create('PricebookEntry', { Pricebook2Id: standard, Product2Id, UnitPrice: 40, IsActive: true });
  const book = await create('Pricebook2', { Name: 'Spring', IsActive: true });
  await create('PricebookEntry', { Pricebook2Id: book, Product2Id, UseStandardPrice: true, IsActive: true });
  await system.admin.sobject('Contract').update({ Id: contractId, Pricebook2Id: book });
  await system.admin.sobject('PricebookEntry').update({ Id: price, UnitPrice: 99 });
};

test('the invoice is made where all agree, and is the same after account, product and price book changed', async () => {
  await until('all agree on the seal', async () =>
    /agree on what was used/.test(await petra.get(`/invoices/${number}`)),
  );
  await assert.rejects(klaus.makeInvoice(number), /no form/, 'a booker makes none');
  assert.match(await petra.makeInvoice(number), /The invoice is made/);
  const first = await savedInvoice();
  const { account, lines, total } = JSON.parse(first.json.toString()) as {
    account: { name: string };
    lines: { productNumber: string; units: string; amount: string }[];
    total: string;
  };
  assert.equal(account.name, 'Magic Ads Inc');
  assert.deepEqual(
    lines.map(({ productNumber, units, amount }) => [productNumber, units, amount]),
    [
      ['GIGANTIC', '1', '900.00'],
      ['SMALL', '1', '40.00'],
    ],
  );
  assert.equal(total, '940.00');

  const { AccountId } = (await system.admin.sobject('Contract').retrieve(contractId)) as { AccountId: string };
  await system.admin.sobject('Account').update({ Id: AccountId, Name: 'Wonder Ads Ltd' });
  const { records } = await system.admin.query<{ Id: string }>("SELECT Id FROM Product2 WHERE ProductCode = 'SMALL'");
  await system.admin.sobject('Product2').update({ Id: records[0]!.Id, Name: 'Tiny ad', ProductCode: 'TINY' });
  await sameInvoice(first);

  await changePrices(records[0]!.Id);
  await sameInvoice(first);

  const kept = await create('Account', { Name: 'Group of Wonders' });
  await executeAnonymous(system.admin, `merge new Account(Id = '${kept}') new Account(Id = '${AccountId}');`);
  const merged = (await system.admin.sobject('Contract').retrieve(contractId)) as { AccountId: string };
  assert.equal(merged.AccountId, kept);
  await sameInvoice(first);
});

test('where a trigger was switched off and an entry changed, no invoice is made, and the entry is named', async () => {
  const { records } = await system.admin.query<{ Id: string; Booking_Key__c: string; Units__c: number }>(
    `SELECT Id, Booking_Key__c, Units__c FROM Usage_Entry__c WHERE Cancelled__c = FALSE AND Line__r.Product__r.ProductCode = 'TINY' AND Line__r.Contract__c = '${contractId}'`,
  );
  const [{ Id, Booking_Key__c: key }] = records as [(typeof records)[0]];
  await deployLocks(system.admin, false);
  await system.admin.sobject('Usage_Entry__c').update({ Id, Units__c: 2 });
  await deployLocks(system.admin, true);
  const page = await petra.get(`/invoices/${number}`);
  assert.match(page, /No invoice can be made of this contract now/);
  assert.match(
    page,
    new RegExp(`Booking ${key}: 1 × SMALL [^.]* was booked here, 2 × SMALL [^.]* stands in Salesforce`),
  );
  await assert.rejects(petra.makeInvoice(number), /no form/);
});

const HOUR = 60 * 60_000;
/** What is written into the form: contract, product, units, currency. */
type Written = readonly [contract: string, product: string, units: string, currency?: string];

const bookWritten = (title: string, [contract, product, units, currency]: Written): Promise<string> =>
  klaus.book(title, contract, { [product]: units }, currency);

test('bad input is told on the pages and counted, and harms nothing else, also while clocks are an hour apart', async () => {
  const { Contract__c: Id } = (await system.admin.sobject('Contract_Line__c').retrieve(nextLine)) as {
    Contract__c: string;
  };
  await system.admin.sobject('Contract').update({ Id, Usage_Currency__c: 'EUR', Overbooking__c: 'Block' });
  for (const units of ['0', '-1', '0.0001', '1000000000000', 'one'])
    await assert.rejects(bookWritten('Never saved', [nextNumber, 'TINY', units]), /422: .*units 1 must be/);
  const wrong: readonly (readonly [reason: string, words: RegExp, written: Written])[] = [
    ['Unknown Contract', /There is no contract 99999999/, ['99999999', 'TINY', '1']],
    ['Unknown Product', /has no line of product LARGE/, [nextNumber, 'LARGE', '1']],
    ['Fulfilled', /is fulfilled: its usage is locked/, [number, 'TINY', '1']],
    ['Currency Mismatch', /The ad is booked in USD, contract \d+ in EUR/, [nextNumber, 'TINY', '1', 'USD']],
    ['Over-Booked', /left; the ad changes what is used by 2\.001/, [nextNumber, 'TINY', '2.001']],
    ['Over-Booked', /changes what is used by 999999999999\.999/, [nextNumber, 'TINY', '999999999999.999']],
  ];
  // the middle layer is ahead of both others; then Salesforce is ahead of it, and the sessions there have expired
  for (const [round, skew] of [
    () => system.middleLayer.control.post('/control/clock', { advanceMs: HOUR }),
    () => system.orgControl.post('/control/clock', { advanceMs: 2 * HOUR }),
  ].entries()) {
    await skew();
    const bad = await Promise.all(wrong.map(([reason, , written]) => bookWritten(`${reason} ${round}`, written)));
    const good = await bookWritten(`Good ${round}`, [nextNumber, 'TINY', '0.125']);
    await untilReported(klaus, good, /in Salesforce/);
    for (const [at, path] of bad.entries()) {
      await untilReported(klaus, path, WAITS_FOR_A_DECISION);
      assert.match(await klaus.get(path), wrong[at]![1]);
    }
    assert.equal(await usedOfNext(), 1 + 0.125 * (round + 1), 'the good ones are entered, and nothing of the others');
    const { records } = await system.admin.query<{ Reason__c: string; n: number }>(
      'SELECT Reason__c, COUNT(Id) n FROM Usage_Exception__c WHERE Open__c = TRUE GROUP BY Reason__c',
    );
    const counted = Object.fromEntries(records.map(({ Reason__c, n }) => [Reason__c, n]));
    for (const reason of new Set(wrong.map(([name]) => name)))
      assert.equal(counted[reason], wrong.filter(([name]) => name === reason).length * (round + 1), reason);
    const waiting = await petra.get('/exceptions');
    for (const [reason] of wrong) assert.match(waiting, new RegExp(`${reason} ${round}`));
  }
});
