/**
 * The story of the usage flow on the pages of the service application, in Chromium and by keyboard alone: all parts are
 * processes, and the org is killed in it.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { fulfil, sellAds, type SoldContract } from '../../src/flows/usage/told/sales.ts';
import { UsageInSystem, type Booker } from '../../src/flows/usage/told/system.ts';
import { assignPermissionSet } from '../../src/story/org/set-up.ts';
import { LocalSystem } from '../../src/story/system.ts';
import { deployLocks } from '../support/usage-locks.ts';
import { startChromium, type Chromium } from './support/chromium.ts';
import { accessibilityProblems, saveScreenshot } from './support/page-checks.ts';

const WIDE = { width: 1100, height: 800 };
const NARROW = { width: 360, height: 740 };
/** Far more often than a page has things to tab to. */
const MAX_TABS = 80;
const LOADED_WITHIN_MS = 60_000;

let system: LocalSystem;
let usage: UsageInSystem;
let contract: SoldContract;
let chromium: Chromium;
let page: Page;
/** What the browser complained about. */
const problems: string[] = [];

before(async () => {
  usage = new UsageInSystem();
  system = await new LocalSystem([usage], { killableOrg: true }).start();
  await assignPermissionSet(system.admin, system.org.info.userId, 'Concord_Usage_Billing');
  contract = await sellAds(system.admin);
  chromium = await startChromium();
  page = await chromium.context.newPage();
  page.setDefaultTimeout(LOADED_WITHIN_MS);
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) problems.push(`${message.text()} at ${page.url()}`);
  });
});

after(async () => {
  await chromium?.close();
  await system?.stop();
});

const url = (path: string): string => usage.app(system).url + path;

/** What has the focus, by the name that a screen reader says. */
const focused = (): Promise<string> =>
  page.evaluate(`(() => {
    const element = document.activeElement;
    return (element.labels?.[0]?.textContent ?? element.getAttribute('aria-label') ?? element.textContent).trim();
  })()`);

/** Presses Tab until something of that name has the focus. */
const tabTo = async (name: string): Promise<void> => {
  for (let tabs = 0; tabs < MAX_TABS; tabs++) {
    await page.keyboard.press('Tab');
    if ((await focused()) === name) return;
  }
  assert.fail(`Tab does not lead to ${name} on ${page.url()}`);
};

const write = async (label: string, text: string): Promise<void> => {
  await tabTo(label);
  await page.keyboard.press('ControlOrMeta+A');
  await page.keyboard.type(text);
};

/** Presses a button or follows a link, by keyboard. */
const enter = async (name: string): Promise<void> => {
  await tabTo(name);
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
};

/** What holds for every page: no complaint, axe clean, nothing beyond the edge; wide and narrow, light and dark. */
const look = async (name: string): Promise<void> => {
  for (const [size, viewport] of Object.entries({ wide: WIDE, narrow: NARROW }))
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.setViewportSize(viewport);
      await page.emulateMedia({ colorScheme });
      await saveScreenshot(page, `app-${name}-${size}-${colorScheme}`);
      const where = `${name}, ${size}, ${colorScheme}`;
      assert.deepEqual(await accessibilityProblems(page), [], where);
      const beyond = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
      assert.equal(await page.evaluate(beyond), 0, `${where}: nothing is wider than the screen`);
    }
  assert.deepEqual(problems.splice(0), [], `${name}: the browser has nothing to complain about`);
};

const main = (): Promise<string> => page.getByRole('main').innerText();

const signIn = async ({ name, password }: Booker): Promise<void> => {
  await page.goto(url('/sign-in'));
  await write('Name', name);
  await write('Password', password);
  await enter('Sign in');
  await page.getByRole('heading', { name: 'Contracts' }).waitFor();
};

/** Loads the page until it says so. */
const until = async (words: RegExp): Promise<void> => {
  for (let tries = 0; tries < 300; tries++) {
    if (words.test(await main())) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
    await page.reload();
  }
  assert.fail(`the page never says ${words}: ${await main()}`);
};

let ad: string;

test('a booker signs in, finds the contract, and is told what is wrong with a form', async () => {
  const [klaus] = usage.people;
  await page.goto(url('/sign-in'));
  await look('sign-in');
  await write('Name', klaus!.name);
  await write('Password', 'guess');
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')]);
  await page.getByRole('alert').getByText('Name or password is wrong.').waitFor();
  // the browser reports the status of the page that says so
  assert.match(problems.splice(0).join(), /401/);
  await look('sign-in-refused');
  await signIn(klaus!);
  await page.getByText('klaus, booker').waitFor();
  await look('contracts');
  await write('Number or account', 'Magic');
  await enter('Search');
  await enter(contract.number);
  assert.match(await main(), /GIGANTIC ad GIGANTIC\s+900\s+5\s+0\s+5/);
  await look('contract');
  await enter('Book an ad');
  await write('Title', 'Autumn');
  await write('Product number 1', 'SMALL');
  await write('Units 1', '-3');
  await enter('Book');
  await page.getByRole('alert').getByText('units 1 must be above 0').waitFor();
  assert.match(problems.splice(0).join(), /422/);
  await look('form-refused');
});

test('three small ads are booked by mistake', async () => {
  await write('Units 1', '3');
  await enter('Book');
  assert.match(await page.getByRole('status').innerText(), /The ad is booked\./);
  ad = new URL(page.url()).pathname;
  await look('ad-booked');
  await until(/Version 1, in Salesforce/);
});

test('a supervisor corrects that to one gigantic ad', async () => {
  const [, petra] = usage.people;
  await enter('Sign out');
  await signIn(petra!);
  await page.getByText('petra, supervisor').waitFor();
  await enter('Ads');
  await enter('Autumn');
  await write('Product number 1', 'GIGANTIC');
  await write('Units 1', '1');
  await enter('Save');
  assert.match(await page.getByRole('status').innerText(), /The ad is saved\./);
  await until(/Version 2, in Salesforce/);
  await look('ad-corrected');
  await page.goto(url(`/contracts/${contract.number}`));
  assert.match(await main(), /GIGANTIC ad GIGANTIC\s+900\s+5\s+1\s+4/);
});

test('while Salesforce is away the pages say so, and an ad is booked by known numbers', async () => {
  await system.whileOrgDown(async () => {
    await page.goto(url('/'));
    await page.getByRole('alert').getByText('Salesforce cannot be reached.').waitFor();
    await look('contracts-away');
    await write('Book on a contract by its number', contract.number);
    await enter('Book');
    await look('form-away');
    await write('Title', 'Winter');
    await write('Currency', 'EUR');
    await write('Product number 1', 'SMALL');
    await write('Units 1', '2');
    await enter('Book');
    assert.match(await main(), /Version 1, waits to be reported/);
    await look('ad-away');
    await enter('Queue');
    await look('queue');
  });
  await system.advance(10 * 60_000);
  await enter('Ads');
  await enter('Winter');
  await until(/Version 1, in Salesforce/);
});

test('an ad is cancelled, and stays visible', async () => {
  await enter('Cancel the ad');
  assert.match(await page.getByRole('status').innerText(), /The ad is cancelled\./);
  await until(/cancelled in Salesforce/);
  await look('ad-cancelled');
});

test('what is booked on a fulfilled contract waits for a decision', async () => {
  await fulfil(system.admin, contract);
  await page.goto(url(`/contracts/${contract.number}`));
  assert.match(await main(), /This contract is fulfilled and locked\./);
  await look('contract-fulfilled');
  await page.goto(url(`/ads/new?contract=${contract.number}`));
  await write('Title', 'Too late');
  await write('Product number 1', 'SMALL');
  await write('Units 1', '1');
  await enter('Book');
  await until(/Version 1, waits for a decision: Contract \d+ is fulfilled/);
  await look('ad-too-late');
  await enter('Queue');
  await page.getByRole('link', { name: 'Too late' }).waitFor();
  await look('queue-with-trouble');
  await page.goto(url(ad));
  await look('ad-of-a-fulfilled-contract');
  await enter('Ads');
  await look('ads');
});

test('a supervisor decides on it, by keyboard, and is told what is missing', async () => {
  const next = await sellAds(system.admin);
  await enter('Exceptions');
  await page.getByRole('heading', { name: 'Too late' }).waitFor();
  await look('exceptions');
  await tabTo('Next contract: the ad moves there');
  await page.keyboard.press('Space');
  await enter('Decide');
  await page.getByRole('alert').getByText('contract must be the number of the next contract').waitFor();
  assert.match(problems.splice(0).join(), /422/);
  await write('Number of the next contract', '99999999');
  await enter('Decide');
  await page.getByRole('alert').getByText('Salesforce has no contract 99999999').waitFor();
  assert.match(problems.splice(0).join(), /422/);
  await look('exceptions-warned');
  await write('Number of the next contract', next.number);
  await enter('Decide');
  assert.match(await page.getByRole('status').innerText(), /The decision is saved\./);
  await until(new RegExp(`Wait for a decision\\s+None\\.[\\s\\S]*Next contract ${next.number}[\\s\\S]*in Salesforce`));
  await look('exceptions-decided');
});

test('the supervisor makes the invoice, makes it again, and saves its files', async () => {
  await enter('Invoices');
  // its seal has arrived
  await until(new RegExp(contract.number));
  await enter(contract.number);
  await until(/agree on what was used/);
  await look('invoice');
  await enter('Make the invoice');
  assert.match(await page.getByRole('status').innerText(), /The invoice is made\./);
  assert.match(
    await main(),
    /GIGANTIC ad GIGANTIC\s+1\s+900\.00\s+900\.00\s+SMALL ad SMALL\s+0\s+40\.00\s+0\.00\s+Total\s+900\.00/,
  );
  await look('invoice-made');
  for (const [format, begins] of [
    ['PDF', '%PDF-'],
    ['CSV', ''],
    ['JSON', '{'],
  ] as const) {
    await tabTo(format);
    const [download] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('Enter')]);
    assert.equal(download.suggestedFilename(), `INV-${contract.number}.${format.toLowerCase()}`);
    const text = readFileSync(await download.path(), 'latin1');
    assert.ok(text.startsWith(begins) && text.includes('900.00') === (format !== 'PDF'), `${format}: ${text}`);
  }
  await enter('Make it again and compare');
  assert.match(await page.getByRole('status').innerText(), /byte-identical in every format/);
});

test('a booker sees the invoice and its files, and is told who makes one', async () => {
  const [klaus] = usage.people;
  await enter('Sign out');
  await signIn(klaus!);
  await enter('Invoices');
  await enter(contract.number);
  await page.getByText('Supervisors make invoices.').waitFor();
  assert.equal(await page.getByRole('button', { name: /Make/ }).count(), 0);
  await tabTo('PDF');
  await look('invoice-of-a-booker');
});

test('where the seal is broken no invoice is made, and the entry is named', async () => {
  const [, petra] = usage.people;
  const { records } = await system.admin.query<{ Id: string; Booking_Key__c: string }>(
    `SELECT Id, Booking_Key__c FROM Usage_Entry__c WHERE Cancelled__c = FALSE AND Line__r.Contract__r.ContractNumber = '${contract.number}'`,
  );
  const [{ Id, Booking_Key__c: key }] = records as [(typeof records)[0]];
  await deployLocks(system.admin, false);
  await system.admin.sobject('Usage_Entry__c').update({ Id, Units__c: 2 });
  await deployLocks(system.admin, true);
  await enter('Sign out');
  await signIn(petra!);
  await page.goto(url(`/invoices/${contract.number}`));
  const alert = await page.getByRole('alert').innerText();
  assert.match(alert, /No invoice can be made of this contract now/);
  assert.match(alert, new RegExp(`Booking ${key}: 1 × GIGANTIC [^.]* was booked here, 2 × GIGANTIC`));
  assert.equal(await page.getByRole('button', { name: /Make/ }).count(), 0);
  await look('invoice-refused');
});
