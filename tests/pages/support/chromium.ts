import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { chromium, type BrowserContext } from 'playwright-core';

/** The browser that comes with its package brings the libraries it needs only where it believes to be. */
const PACKAGED_FOR = 'AWS_Lambda_nodejs22.x';

/** The package unpacks itself into the temporary folder at its first use: two test files must not do that at once. */
const UNPACKING = join(tmpdir(), 'concord-chromium-unpacking');
const UNPACKED_WITHIN_MS = 120_000;

const alone = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      mkdirSync(UNPACKING);
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      // left behind by a process that was killed
      const since = statSync(UNPACKING, { throwIfNoEntry: false })?.mtimeMs ?? 0;
      if (since > 0 && Date.now() - since > UNPACKED_WITHIN_MS) rmdirSync(UNPACKING);
      else await sleep(100);
    }
  }
  try {
    return await work();
  } finally {
    rmdirSync(UNPACKING);
  }
};

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
    executablePath: named ?? (await alone(() => packaged.executablePath())),
    args: [...packaged.args, '--disable-background-networking'],
    env: Object.fromEntries(env),
    headless: true,
  });
  const context = await browser.newContext({ locale: 'en-US', timezoneId: 'UTC', reducedMotion: 'reduce' });
  return { context, close: () => browser.close() };
};
