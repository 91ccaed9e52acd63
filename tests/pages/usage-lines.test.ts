import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { startChromium, type Chromium } from './support/chromium.ts';
import { readComponentModules } from './support/component-modules.ts';
import { componentPage, type Viewer } from './support/component-page.ts';
import { openPage, type OpenPage } from './support/open-page.ts';
import { checkPage, perceivedBelow } from './support/page-checks.ts';
import { openUsageOrg, type SoldContract, type UsageOrg } from './support/usage-org.ts';

const modules = readComponentModules();

let usage: UsageOrg;
let chromium: Chromium;
const pages = new Map<Viewer, OpenPage>();
let shown: OpenPage | undefined;

before(async () => {
  usage = await openUsageOrg();
  chromium = await startChromium();
});

afterEach(async (context) => {
  if (shown === undefined) return;
  const ended = shown;
  shown = undefined;
  await checkPage(ended, `usage-${context.name}`);
});

after(async () => {
  await chromium?.close();
  usage?.org.close();
});

/** The component on the page of a contract, as one of the people sees it. */
const show = async ({ id }: SoldContract, viewer: Viewer = usage.sales): Promise<Page> => {
  const { org } = usage;
  shown =
    pages.get(viewer) ??
    (await openPage(chromium, await componentPage({ org, modules, viewer, component: 'c/usageLines' })));
  pages.set(viewer, shown);
  await shown.show(id, usage.clock.now());
  await shown.page.locator('.meaning, .load-error').waitFor();
  return shown.page;
};

const perceived = (page: Page): Promise<string> => perceivedBelow(HEADER, page);
const HEADER = `- article:
  - heading "Usage" [level=2]
  - button "Refresh the usage"
`;

describe('what sales sees of a contract', () => {
  test('that ads are booked on', async () => {
    const contract = await usage.newContract([
      ['GIGANTIC', 5],
      ['SMALL', 3],
    ]);
    assert.equal(await usage.book(contract, 'GIGANTIC', '1.5'), 'APPLIED');
    assert.equal(
      await perceived(await show(contract)),
      `- status:
  - text: Open
  - paragraph: Usage is still booked and corrected in the service application.
- region "Lines":
  - heading "Lines" [level=3]
  - list:
    - listitem:
      - paragraph:
        - strong: GIGANTIC ad
        - text: GIGANTIC
      - meter "GIGANTIC ad"
      - paragraph: 5 sold, 1.5 consumed, 3.5 available
    - listitem:
      - paragraph:
        - strong: SMALL ad
        - text: SMALL
      - meter "SMALL ad"
      - paragraph: 3 sold, 0 consumed, 3 available
- region "Waiting for a decision":
  - heading "Waiting for a decision" [level=3]
  - paragraph: No booking waits for a decision.`,
    );
  });

  test('that is fulfilled, with an ad that came too late', async () => {
    const contract = await usage.newContract([['SMALL', 3]]);
    await usage.book(contract, 'SMALL', '2');
    await usage.fulfil(contract);
    assert.equal(await usage.book(contract, 'SMALL', '1'), 'EXCEPTION');
    const text = await perceived(await show(contract));
    assert.match(text, /text: Fulfilled, locked\n {2}- paragraph: Its usage and its lines are locked\./);
    assert.match(text, /term: Fulfilled at\n {2}- definition: Nov 27, 2026, 09:00 AM/);
    assert.match(text, /strong: 1 × SMALL\n {8}- text: Fulfilled\n/);
    assert.match(text, new RegExp(`paragraph: "Contract ${contract.number} is fulfilled: its usage is locked\\.`));
    assert.match(text, /term: Booked at\n {6}- definition: Nov 27, 2026, 09:00 AM/);
  });

  test('that is over-booked', async () => {
    const contract = await usage.newContract([['SMALL', 3]], 'Flag');
    assert.equal(await usage.book(contract, 'SMALL', '4'), 'APPLIED');
    const page = await show(contract);
    await page.getByText('Over-booked', { exact: true }).waitFor();
    await page.getByText('3 sold, 4 consumed, -1 available').waitFor();
    assert.equal(await page.getByRole('meter').getAttribute('aria-valuetext'), '4 of 3 units consumed');
  });

  test('that has no lines', async () => {
    const page = await show(await usage.newContract([]));
    await page.getByText('This contract has no lines yet.').waitFor();
  });

  test('that has more lines than are listed', async () => {
    const lines = Array.from({ length: 202 }, (_, at): [string, number] => [`P${at}`, 1]);
    const page = await show(await usage.newContract(lines));
    await page.getByText('2 more lines are in the related list Contract Lines.').waitFor();
    assert.equal(await page.getByRole('meter').count(), 200);
  });

  test('whose usage changes while the page stands open', async () => {
    const contract = await usage.newContract([['SMALL', 3]]);
    const page = await show(contract);
    await page.getByText('3 sold, 0 consumed, 3 available').waitFor();
    // Screen readers announce changes within a region, not a new region.
    const region = await page.getByRole('status').elementHandle();
    await usage.book(contract, 'SMALL', '2');
    await usage.fulfil(contract);
    // nobody refreshes: the component reads again by itself
    await page.getByText('3 sold, 2 consumed, 1 available').waitFor();
    await page.getByText('Fulfilled, locked').waitFor();
    assert.equal(await region.evaluate((element) => element.isConnected), true);
  });

  test('that is gone', async () => {
    const contract = await usage.newContract([]);
    const page = await show(contract);
    await usage.describe(contract, 'not needed any more');
    assert.equal(await page.getByRole('alert').count(), 0);
    await page.getByRole('button', { name: 'Refresh the usage' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('This contract has no lines yet.').waitFor();
    await show({ id: '800000000000999AAA', number: '' });
    assert.match(
      await page.getByRole('alert').innerText(),
      /The usage could not be read: There is no such contract, or you may not see it\.\s+What to do: Select Refresh\./,
    );
  });
});

test('whoever may not see exceptions is told so, and sees the rest', async () => {
  const contract = await usage.newContract([['SMALL', 3]]);
  const text = await perceived(await show(contract, usage.reader));
  assert.match(text, /paragraph: "You may not see: Usage Exceptions\."/);
  assert.match(text, /Ask your administrator for the permission set Concord Usage Sales or Concord Usage Billing\./);
  assert.match(text, /3 sold, 0 consumed, 3 available/);
  assert.doesNotMatch(text, /Waiting for a decision/);
});

test('whoever may not see anything of usage is told all of it', async () => {
  const contract = await usage.newContract([['SMALL', 3]]);
  const text = await perceived(await show(contract, usage.clerk));
  assert.match(text, /text: Lock not visible/);
  assert.match(text, /You may not see: Fulfilled, Fulfilled At, Contract Lines, Usage Exceptions\./);
  assert.doesNotMatch(text, /meter/);
});
