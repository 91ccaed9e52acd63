import { chromium, type BrowserContext } from 'playwright-core';

/** The browser that comes with its package brings the libraries it needs only where it believes to be. */
const PACKAGED_FOR = 'AWS_Lambda_nodejs22.x';

export interface Chromium {
  /** The one context: the packaged browser is a single process, which does not outlive the end of a context. */
  context: BrowserContext;
  close(): Promise<void>;
}

/** Starts the Chromium of the development packages, or the one that CHROME_PATH names; fails with the reason. */
export const startChromium = async (): Promise<Chromium> => {
  const named = process.env['CHROME_PATH'];
  if (named === undefined && process.platform !== 'linux') {
    throw new Error('the packaged Chromium is for Linux: name another one in CHROME_PATH');
  }
  // Looked at when the package is imported.
  process.env['AWS_EXECUTION_ENV'] ??= PACKAGED_FOR;
  const { default: packaged } = await import('@sparticuz/chromium');
  // Pages draw nothing in three dimensions.
  packaged.setGraphicsMode = false;
  const env = Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const browser = await chromium.launch({
    executablePath: named ?? (await packaged.executablePath()),
    args: [...packaged.args, '--disable-background-networking'],
    env: Object.fromEntries(env),
    headless: true,
  });
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce' });
  return { context, close: () => browser.close() };
};
