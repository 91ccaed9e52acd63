import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import type { Locator, Page } from 'playwright-core';
import { openCaseOrg, type CaseOrg } from './support/case-org.ts';
import { startChromium, type Chromium } from './support/chromium.ts';
import { componentPage, type Viewer } from './support/component-page.ts';
import { readComponentModules } from './support/component-modules.ts';
import { openPage, type OpenPage } from './support/open-page.ts';
import { checkPage, perceivedBelow } from './support/page-checks.ts';

const MINUTE = 60_000;
const modules = readComponentModules();

let cases: CaseOrg;
let chromium: Chromium;
const pages = new Map<Viewer, OpenPage>();
let shown: OpenPage | undefined;
/** Refused until no attempt was left, which takes the org a day: before the other Cases are made. */
let givenUp: string;

before(async () => {
  cases = await openCaseOrg();
  givenUp = await cases.newCase('Given up');
  await cases.refuseForGood(givenUp, 'ZIP_UNKNOWN', 'There is no zip code 99999.');
  chromium = await startChromium();
});

afterEach(async (context) => {
  if (shown === undefined) return;
  const ended = shown;
  shown = undefined;
  await checkPage(ended, context.name);
});

after(async () => {
  await chromium?.close();
  cases?.org.close();
});

const openBadge = async (viewer: Viewer): Promise<OpenPage> =>
  openPage(chromium, await componentPage({ org: cases.org, modules, viewer, component: 'c/syncStatusBadge' }));

/** The badge of a Case as one of the people sees it two minutes later. */
const show = async (recordId: string, viewer: Viewer = cases.agent): Promise<Page> => {
  shown = pages.get(viewer) ?? (await openBadge(viewer));
  pages.set(viewer, shown);
  await shown.show(recordId, cases.clock.now() + 2 * MINUTE);
  await shown.page.locator('.meaning, .load-error').waitFor();
  return shown.page;
};

const perceived = (page: Page): Promise<string> => perceivedBelow(HEADER, page);
const HEADER = `- article:
  - heading "Sync Status" [level=2]
  - button "Refresh the sync status"
`;

const retryButton = (page: Page): Locator => page.getByRole('button', { name: 'Retry' });
const statusOf = (page: Page): Locator => page.getByRole('status');

describe('what an agent sees of a Case', () => {
  test('that waits for an answer', async () => {
    const page = await show(await cases.newCase('New'));
    assert.equal(
      await perceived(page),
      `- status:
  - text: In progress
  - paragraph: Waiting for the external system to answer.
  - paragraph:
    - strong: "What to do:"
    - text: Nothing. Without an answer it is sent again automatically.
- term: Waiting since
- definition:
  - text: Jan 06, 2026, 05:00 AM
  - paragraph: 2 minutes ago
- term: Version
- definition: "1"`,
    );
  });

  test('that the external system has, but did not confirm', async () => {
    const id = await cases.newCase('Answered');
    await cases.accept(id, { confirmed: false });
    const page = await show(id);
    await statusOf(page)
      .getByText('The external system has this version. Waiting for it to confirm the ID of this Case.')
      .waitFor();
    await page.getByText(`SR-${id.slice(-6)}`).waitFor();
  });

  test('that comes to agree while the page stands open', async () => {
    const id = await cases.newCase('Watched');
    const page = await show(id);
    await statusOf(page).getByText('In progress').waitFor();
    await cases.accept(id, { confirmed: true });
    // nobody refreshes: the badge reads again by itself
    await statusOf(page).getByText('Synced').waitFor();
  });

  test('that both sides agree on', async () => {
    const id = await cases.newCase('Agreed');
    await cases.accept(id, { confirmed: true });
    const page = await show(id);
    assert.equal(
      await perceived(page),
      `- status:
  - text: Synced
  - paragraph: Salesforce and the external system hold the same version.
- term: Last sent
- definition:
  - text: Jan 06, 2026, 05:00 AM
  - paragraph: 2 minutes ago
- term: External ID
- definition: SR-${id.slice(-6)}
- term: Version
- definition: "1"`,
    );
  });

  test('whose state a rule of the org refuses to store', async () => {
    const id = await cases.newCase('Locked');
    await cases.acceptUnsaved(id, 'A closed Case may not be changed.');
    assert.equal(
      await perceived(await show(id)),
      `- status:
  - text: Not stored
  - paragraph: In truth this Case is “Success”. A rule of this org does not let Concord store that on the Case.
  - paragraph:
    - strong: "Reason:"
    - text: A closed Case may not be changed.
  - paragraph:
    - strong: "What to do:"
    - text: "Tell your administrator: the rule should let Concord Sync pass. Then the state is stored by itself. A change that you save is sent as always."
- term: Waiting since
- definition:
  - text: Jan 06, 2026, 05:00 AM
  - paragraph: 2 minutes ago
- term: Version
- definition: "1"`,
    );
  });

  test('that was refused and is sent again', async () => {
    const id = await cases.newCase('Refused');
    await cases.refuse(id, 'BOROUGH_UNKNOWN', 'Borough and city disagree.');
    const page = await show(id);
    assert.equal(
      await perceived(page),
      `- status:
  - text: Failed
  - paragraph: The newest version did not get through. It is sent again automatically.
  - paragraph:
    - strong: "Reason:"
    - text: Borough and city disagree.
  - paragraph:
    - strong: "What to do:"
    - text: If the reason is a mistake in this Case, correct it and save. Otherwise wait, or select Retry.
- term: Failed at
- definition:
  - text: Jan 06, 2026, 05:00 AM
  - paragraph: 2 minutes ago
- term: Next attempt
- definition:
  - text: Jan 06, 2026, 05:05 AM
  - paragraph: in 3 minutes
- term: Version
- definition: "1"
- term: Error code
- definition: BOROUGH_UNKNOWN
- button "Retry"`,
    );
  });

  test('that was refused until no attempt was left', async () => {
    const text = await perceived(await show(givenUp));
    assert.match(text, /did not get through, and is not sent again automatically\./);
    assert.match(text, /correct it and save\. Otherwise select Retry\./);
    assert.match(text, /term: Attempts\n- definition: "5"/);
    assert.doesNotMatch(text, /Next attempt/);
  });

  test('that was there before Concord', async () => {
    assert.equal(
      await perceived(await show(await cases.oldCase('Old'))),
      `- status:
  - text: Not synced
  - paragraph: The external system does not know this Case.
  - paragraph:
    - strong: "What to do:"
    - text: Saving the Case brings it under sync.`,
    );
  });

  test('that is gone', async () => {
    const id = await cases.newCase('Gone');
    await cases.remove(id);
    const page = await show(id);
    const alert = await page.getByRole('alert').innerText();
    assert.match(alert, /^The sync status could not be read: \S+/);
    assert.equal(await statusOf(page).count(), 0);
  });
});

test('whoever may not see the sync fields is told whom to ask', async () => {
  const page = await show(givenUp, cases.clerk);
  assert.equal(
    await perceived(page),
    `- status:
  - text: No access
  - paragraph: You may not see how the sync of this Case stands.
  - paragraph:
    - strong: "What to do:"
    - text: Ask your administrator for the permission set Concord Agent.`,
  );
});

test('whoever may not retry is told whom to ask', async () => {
  const page = await show(givenUp, cases.administrator);
  await statusOf(page).getByText('ask a colleague with the permission Retry Case Sync').waitFor();
  assert.equal(await retryButton(page).count(), 0);
});

test('a long reason without a space stays within the card', async () => {
  const id = await cases.newCase('Long');
  await cases.refuse(id, 'C'.repeat(80), 'x'.repeat(255));
  const page = await show(id);
  const overflow = await page
    .getByRole('article')
    .evaluate(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth);
  assert.equal(overflow, 0);
});

test('refreshing shows what happened since', async () => {
  const id = await cases.newCase('Refreshed');
  const page = await show(id);
  await statusOf(page).getByText('In progress').waitFor();
  // Screen readers announce changes within a region, not a new region.
  const region = await statusOf(page).elementHandle();
  await cases.accept(id, { confirmed: true });
  await page.getByRole('button', { name: 'Refresh the sync status' }).click();
  await statusOf(page).getByText('Synced').waitFor();
  assert.equal(await region.evaluate((element) => element.isConnected), true);
});

test('retrying sends the Case again, by keyboard alone', async () => {
  const id = await cases.newCase('Retried');
  await cases.refuse(id, 'BOROUGH_UNKNOWN', 'Borough and city disagree.');
  const page = await show(id);
  await page.keyboard.press('Tab');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  await statusOf(page).getByText('In progress').waitFor();
  assert.equal(await page.getByRole('log').innerText(), 'Sync requested: This Case is sent again.');
  const text = await perceived(page);
  assert.match(
    text,
    /term: Attempts\n- definition: "2"\n- term: Last error\n- definition: Borough and city disagree\./,
  );
  assert.equal(await retryButton(page).count(), 0);
  const focused = await page.evaluate('document.activeElement.shadowRoot.activeElement.localName');
  assert.equal(focused, 'lightning-button-icon', 'the focus is on Refresh, as Retry is gone');
  assert.equal((await cases.stateOf(id)).Sync_Status__c, 'In Progress');
});

test('retrying what somebody else retried tells so and shows where the Case stands', async () => {
  const id = await cases.newCase('Raced');
  await cases.refuse(id, 'BOROUGH_UNKNOWN', 'Borough and city disagree.');
  const page = await show(id);
  await cases.correct(id, 'Raced, corrected');
  await retryButton(page).click();
  await statusOf(page).getByText('In progress').waitFor();
  assert.equal(
    await page.getByRole('log').innerText(),
    'The sync could not be requested: Only a failed Case can be sent again; this one is not.',
  );
  assert.equal((await cases.stateOf(id)).Sync_Attempt__c, 0, 'the correction is a version of its own');
});
