import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, it } from 'node:test';
import { UnusableInput } from 'kernel/command-line.ts';
import { readFeedConfig, secretOf, type FeedConfig } from '../../src/feeds/config.ts';
import { CONFIG } from './support/retail.ts';

const folder = mkdtempSync(join(tmpdir(), 'concord-feeds-config-'));
after(() => rmSync(folder, { recursive: true, force: true }));

type Text = typeof CONFIG;

const read = (change: (text: Text) => void): Promise<FeedConfig> => {
  const text = structuredClone(CONFIG);
  change(text);
  const path = join(folder, 'feeds.json');
  writeFileSync(path, JSON.stringify(text));
  return readFeedConfig(path);
};

const refused = (change: (text: Text) => void, words: RegExp): Promise<void> =>
  assert.rejects(read(change), (error) => error instanceof UnusableInput && words.test(error.message));

describe('the configuration of feeds', () => {
  it('puts parents before their children, whatever order they are written in', async () => {
    const config = await read((text) => {
      const { accounts, stores } = text.feeds;
      text.feeds = { stores, accounts };
    });
    assert.deepEqual(config.feeds, ['accounts', 'stores']);
  });

  it('names the companies and feeds that there are, to whoever asks for another', async () => {
    const config = await read(() => {});
    assert.throws(() => config.company('ITALCOL'), /no company is called "ITALCOL"; name one of ACME/);
    assert.throws(() => config.company('constructor'), /name one of ACME/);
    assert.throws(() => config.feed('ACME', 'agreements'), /name one of accounts, stores/);
  });

  it('takes a view of the company instead of the common one', async () => {
    const config = await read((text) => {
      Object.assign(text.companies.ACME, { views: { accounts: { name: 'own_view', where: { kind: 'A' } } } });
    });
    assert.deepEqual(config.feed('ACME', 'accounts').view, { name: 'own_view', where: { kind: 'A' } });
    assert.deepEqual(config.feed('ACME', 'stores').view, { name: 'stores_view', where: {} });
  });

  it('refuses what would be SQL, a circle, a parent that is no feed, a schedule that is none', async () => {
    await refused((text) => (text.feeds.accounts.view.name = 'a; DROP TABLE b'), /\/feeds\/accounts\/view\/name/);
    await refused(
      (text) => Object.assign(text.feeds.accounts.fields, { Parent: { column: 'c', parent: 'stores' } }),
      /accounts needs stores needs accounts|stores needs accounts needs stores/,
    );
    await refused(
      (text) => Object.assign(text.feeds.stores.fields, { X__c: { column: 'c', parent: 'nothing' } }),
      /has the parent nothing/,
    );
    await refused((text) => (text.feeds.stores.schedule = '0 5 * * ? nonsense'), /schedule of stores is no cron/);
    await refused(
      (text) => (text.feeds.stores.schedule = '0 5 31 2 *'),
      /schedule of stores, 0 5 31 2 \*, never comes/,
    );
    await refused(
      (text) => Object.assign(text.feeds.stores, { scheduleTimeZone: 'Bogota' }),
      /scheduleTimeZone of stores, Bogota, is not known/,
    );
    await refused((text) => (text.companies.ACME.source.timeZone = 'Bogota'), /timeZone of ACME, Bogota, is not known/);
    await refused((text) => (text.feeds.stores.policy.hold.fewerRows = 7), /fewerRows/);
  });

  it('refuses a secret in the file, and does not repeat it', async () => {
    const change = (text: Text): void => void Object.assign(text.companies.ACME.source, { password: 'hunter2' });
    await refused(change, /a secret does not belong into this file/);
    await assert.rejects(read(change), (error: Error) => !error.message.includes('hunter2'));
  });

  it('reads a secret from a variable, or from a file that nobody else may read', async () => {
    const company = (secret: object) => ({ name: 'ACME', source: {}, secret });
    assert.equal(secretOf(company({ environment: 'ACME_PASSWORD' }), { ACME_PASSWORD: 's' }), 's');
    assert.throws(() => secretOf(company({ environment: 'ACME_PASSWORD' }), {}), /ACME_PASSWORD is not set/);
    const path = join(folder, 'secret');
    writeFileSync(path, 'hunter2\n', { mode: 0o600 });
    assert.equal(secretOf(company({ file: path }), {}), 'hunter2');
    chmodSync(path, 0o640);
    assert.throws(
      () => secretOf(company({ file: path }), {}),
      (error: Error) => /can be read by others; chmod 600/.test(error.message) && !error.message.includes('hunter2'),
    );
    assert.throws(() => secretOf(company({ file: join(folder, 'none') }), {}), /cannot be read \(ENOENT\)/);
  });
});
