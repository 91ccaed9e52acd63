/** What a run leaves for people: its three files, and what it would change. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { parse } from 'csv-parse/sync';
import { renderHtml, renderJson, renderText, type ToldRun } from '../../scripts/feeding/told.ts';
import { failedRows } from '../../src/feeds/db/rows.ts';
import { differencesOf } from '../../src/feeds/differences.ts';
import { writeFiles } from '../../src/feeds/files.ts';
import type { RunOutcome } from '../../src/feeds/run.ts';
import { account, Retail } from './support/retail.ts';

describe('what a run tells', () => {
  const folder = mkdtempSync(join(tmpdir(), 'concord-feeds-files-'));
  let retail: Retail;
  before(async () => {
    retail = await Retail.open();
  });
  after(async () => {
    retail.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const told = (outcome: RunOutcome, more: Partial<ToldRun> = {}): ToldRun => ({
    company: 'ACME',
    feed: 'accounts',
    outcome,
    differences: [],
    refused: [],
    files: [],
    ...more,
  });

  it('rows that succeeded, failed and were not processed, each in its file', async () => {
    retail.list('accounts', [account('1', { name: '=cmd()' }), account('2', { credit: '0.123456' }), account('', {})]);
    const outcome = await retail.run('accounts');
    const paths = await writeFiles(retail.db, outcome.run!, folder);
    const [succeeded, failed, unprocessed] = paths.map((path) => parse(readFileSync(path, 'utf8'), {}));
    assert.equal(succeeded!.length, 2);
    assert.equal(succeeded![1]![0], 'ACME-1');
    assert.deepEqual(failed![1]!.slice(0, 3), ['ACME-2', 'TOO_MANY_DECIMALS', 'Limit__c']);
    assert.deepEqual(unprocessed, [['External id', 'Why']]);
    for (const path of paths) assert.equal(statSync(path).mode & 0o077, 0, 'readable by others');
    const text = renderText([told(outcome)]);
    assert.match(text, /3 read, 1 created, 2 failed/);
    assert.match(text, /row 3: the key code is empty/);
    const run = told(outcome, { refused: await failedRows(retail.db, outcome.run!, '', 10) });
    assert.match(renderText([run]), /refused ACME-2: Limit__c has 0\.123456, .*; round it in the view/);
    assert.match(renderHtml([run]), /<td>ACME-2<\/td><td>Limit__c<\/td>/);
    const [{ refused }] = JSON.parse(renderJson([run])) as [{ refused: { externalId: string; code: string }[] }];
    assert.deepEqual(
      refused.map(({ externalId, code }) => [externalId, code]),
      [['ACME-2', 'TOO_MANY_DECIMALS']],
    );
  });

  it('a child that waits is named with its parent', async () => {
    retail.list('stores', [{ code: 's', name: 'store', account: '404' }]);
    const { run } = await retail.run('stores');
    const [, , path] = await writeFiles(retail.db, run!, folder);
    assert.match(readFileSync(path!, 'utf8'), /ACME-s,waits for ACME-404 of accounts/);
  });

  it('a dry run: old and new values, field by field, as text, JSON and one page', async () => {
    retail.list('accounts', [account('1', { name: '<b>new</b>', credit: '1000.5' }), account('3')]);
    const outcome = await retail.run('accounts', { isDry: true });
    const { client, db } = await retail.parts();
    const differences = await differencesOf({ client, db }, 'Account', { plan: outcome.plan!, run: outcome.run! });
    assert.deepEqual(differences.find(({ externalId }) => externalId === 'ACME-1')!.fields, [
      { field: 'Name', salesforce: '=cmd()', view: '<b>new</b>' },
    ]);
    assert.equal(differences.find(({ externalId }) => externalId === 'ACME-3')!.salesforceId, null);
    const run = told(outcome, { differences });
    assert.match(renderText([run]), /update ACME-1\n {4}Name: "=cmd\(\)" -> "<b>new<\/b>"/);
    assert.equal((JSON.parse(renderJson([run])) as { status: string }[])[0]!.status, 'dry run');
    assert.match(renderHtml([run]), /&lt;b&gt;new&lt;\/b&gt;/);
    assert.doesNotMatch(renderHtml([run]), /<b>new/);
  });

  it('a dry run of what would be held is no good news', async () => {
    retail.list('accounts', []);
    const run = told(await retail.run('accounts', { isDry: true }));
    assert.equal(run.outcome.status, 'dry run');
    assert.match(renderText([run]), /^ACME accounts: dry run: it would be held \(run /);
    assert.match(renderHtml([run]), /<p class="bad">dry run: it would be held<\/p>/);
    const [{ wouldBeHeld }] = JSON.parse(renderJson([run])) as [{ wouldBeHeld: boolean }];
    assert.equal(wouldBeHeld, true);
  });

  it('no folder is made, and none is guessed', async () => {
    const { run } = await retail.run('accounts');
    await assert.rejects(
      writeFiles(retail.db, run!, join(folder, 'missing')),
      /its folder does not exist; make it first/,
    );
  });
});
