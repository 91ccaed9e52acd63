import type { Page } from 'playwright-core';
import type { Handler } from 'kernel/http.ts';
import type { Chromium } from './chromium.ts';

export interface OpenPage {
  page: Page;
  /** What the browser complained about: errors and warnings of scripts, requests that led elsewhere. */
  problems: string[];
  /** Goes to the page of a record, at this time (epoch milliseconds) by the browser's clock. */
  show(recordId: string, now: number): Promise<void>;
}

/** Nothing listens there: every request is answered by `handler`, or it is a problem. */
const ORIGIN = 'http://page.test';
/** What the org refuses is an answer like others, although the browser reports it. */
const ANSWERS = /^http:\/\/page\.test\/(services|apex)\//;
/** A screen on which SLDS lays out as on a desk. */
const SCREEN = { width: 1024, height: 700 };

export const openPage = async ({ context }: Chromium, handler: Handler): Promise<OpenPage> => {
  const page = await context.newPage();
  await page.setViewportSize(SCREEN);
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (!['error', 'warning'].includes(message.type()) || ANSWERS.test(message.location().url)) return;
    problems.push(`${message.text()} (${message.location().url})`);
  });
  await page.route('**/*', async (route) => {
    const request = route.request();
    const url = request.url();
    if (!url.startsWith(`${ORIGIN}/`)) {
      problems.push(`request to ${url}`);
      return route.abort();
    }
    try {
      const body = request.postData() ?? '';
      await route.fulfill(
        await handler({ method: request.method(), url: url.slice(ORIGIN.length), headers: {}, body }),
      );
    } catch (error) {
      problems.push((error as Error).message);
      await route.abort();
    }
  });
  await page.goto(ORIGIN);
  return {
    page,
    problems,
    async show(recordId, now) {
      await page.clock.setFixedTime(now);
      await page.evaluate(`showRecord('${recordId}')`);
    },
  };
};
