/** `npm start -- --flow usage`: the whole story of the usage flow, with Salesforce and the middle layer killed in it. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import type { UsageFigures } from '../../src/flows/usage/told/report.ts';
import { engineFlags } from '../../src/shared/engine-flags.ts';
import type { StoryReport } from '../../src/story/report.ts';

const START = resolve(import.meta.dirname, '../../scripts/start.ts');

test('the story ends with both sides equal, and what came too late waiting for a decision', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'concord-usage-story-'));
  const file = join(folder, 'report.json');
  const { stdout } = await promisify(execFile)(process.execPath, [
    ...engineFlags(),
    START,
    '--flow',
    'usage',
    '--once',
    '--report',
    file,
  ]);
  const report = JSON.parse(await readFile(file, 'utf8')) as UsageFigures & StoryReport;
  await rm(folder, { recursive: true });
  const { ads, entered, waiting, differences, left, faultsInjected } = report;
  assert.deepEqual(differences, []);
  assert.deepEqual([ads, entered, waiting], [6, 5, 1]);
  assert.equal(left, '3 of 5 GIGANTIC left, 0 of 3 SMALL left');
  assert.deepEqual(faultsInjected, { 'middle layer killed': 1, 'Salesforce killed': 1 });
  for (const told of [
    /Klaus booked 3 SMALL by mistake: 5 of 5 GIGANTIC left, 0 of 3 SMALL left/,
    /Petra made it 1 GIGANTIC, before anybody is billed: 4 of 5 GIGANTIC left, 3 of 3 SMALL left/,
    /the service application says that Salesforce cannot be reached/,
    /three times after that: no locked contract takes it, and each waits for a decision/,
    /Petra moves one of them to the next contract: 2 of 3 SMALL left/,
    /sales credits another one in Salesforce, and the service application follows/,
    /Petra made the invoice, and again after the account was renamed: byte-identical/,
    /fulfilled and locked; an administrator who changes a price is told: .*locked/,
  ])
    assert.match(stdout, told);
});
