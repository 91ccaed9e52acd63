/** What holds for every page, whatever it shows. */
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { OpenPage } from './open-page.ts';

const axe = createRequire(import.meta.url).resolve('axe-core/axe.min.js');
const STYLE_SHEET = 'lwc-tests/platform/slds.css';

/** What axe finds, as `rule: element`. */
export const accessibilityProblems = async (page: Page): Promise<string[]> => {
  // not as a script of the page, whose policy may let none in
  if (!(await page.evaluate(`'axe' in globalThis`))) await page.evaluate(`${readFileSync(axe, 'utf8')};`);
  return page.evaluate(`axe.run().then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => id + ': ' + html)))`);
};

/** Classes with the prefix of SLDS that the style sheet does not know: misspelt, or to be added there. */
export const unstyledClasses = async (page: Page): Promise<string[]> => {
  // A locator looks into shadows, which the document's own selectors do not.
  const used = await page
    .locator('[class*=slds-]')
    .evaluateAll((elements) => elements.flatMap(({ classList }) => [...classList]));
  const known = new Set(readFileSync(STYLE_SHEET, 'utf8').match(/slds-[\w-]+/g));
  return [...new Set<string>(used)].filter((name) => name.startsWith('slds-') && !known.has(name));
};

/** Into the folder that CONCORD_SCREENSHOTS names, to be looked at. */
export const saveScreenshot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['CONCORD_SCREENSHOTS'];
  if (folder === undefined) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name.replaceAll(/\W+/g, '-')}.png`) });
};

/** What must hold of a component's page whatever it shows: nothing to complain about for the browser, for axe, and for SLDS. */
export const checkPage = async ({ page, problems }: OpenPage, name: string): Promise<void> => {
  await saveScreenshot(page, name);
  assert.deepEqual(problems.splice(0), [], 'the browser has nothing to complain about');
  assert.deepEqual(await accessibilityProblems(page), []);
  assert.deepEqual(await unstyledClasses(page), [], 'all classes are of SLDS, and in lwc-tests/platform/slds.css');
};

/** What people perceive of a card, seeing or not: the roles, names and texts below its header, which is checked. */
export const perceivedBelow = async (header: string, page: Page): Promise<string> => {
  const card = await page.getByRole('article').ariaSnapshot();
  assert.ok(card.startsWith(header), card);
  return card.slice(header.length).replaceAll('\n  ', '\n').trim();
};
