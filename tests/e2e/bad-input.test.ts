import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Report } from '../../src/flows/cases/told/report.ts';
import { startOrgService } from 'local-org/service.ts';
import { engineFlags } from '../../src/shared/engine-flags.ts';
import { connectTo } from '../../src/story/org/connect.ts';
import { checkAgainstOrg } from '../../src/story/seeding/seed.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

let folder: string;
let mapping: string;

const MAPPING = {
  object: 'Case',
  timeZone: 'America/New_York',
  rowName: 'Ticket',
  fields: {
    Subject: { template: '{Type}: {Title}', truncate: 255 },
    Status: { column: 'State', values: { open: 'New', done: 'Closed' }, otherwise: 'reject' },
    Reported_At__c: { column: 'Opened', type: 'datetime', format: 'MM/dd/yyyy hh:mm:ss a' },
    Incident_Address__c: 'Where',
    Incident_Zip__c: 'Zip',
    Borough__c: 'Boro',
  },
};

const ROWS = [
  'Ticket,Type,Title,State,Where,Zip,Opened,Boro',
  'T1,Noise,Loud music,open,5 Main St,11201,01/02/2024 10:00:00 AM,Brooklyn',
  'T2,Noise,Unknown borough,open,6 Main St,11201,01/02/2024 10:00:00 AM,Atlantis',
  'T3,Noise,Refused outside,open,7 Main St,ABC,01/02/2024 10:00:00 AM,Queens',
  'T4,Noise,Bad date,open,8 Main St,11201,yesterday,Queens',
  'T5,Noise',
  'T6,Noise,Bad state,weird,9 Main St,11201,01/02/2024 10:00:00 AM,Queens',
  `T7,Noise,Too long,open,${'x'.repeat(300)},11201,01/02/2024 10:00:00 AM,Queens`,
  'T8,Noise,Done,done,10 Main St,11201-1234,,',
];

const start = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    execFile(
      process.execPath,
      [...engineFlags(), join(root, 'scripts/start.ts'), '--flow', 'cases', '--once', '--no-faults', ...args],
      (error, out, err) => {
        resolve({ code: error ? Number(error.code) : 0, out, err });
      },
    );
  });

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-bad-input-'));
  mapping = join(folder, 'map.json');
  await writeFile(mapping, JSON.stringify(MAPPING));
  await writeFile(join(folder, 'rows.csv'), ROWS.join('\n'));
});

test('bad rows are told by number, field and reason; the good ones go all the way', async () => {
  const { code, err } = await start(
    '--input',
    join(folder, 'rows.csv'),
    '--map',
    mapping,
    '--report',
    join(folder, 'report.json'),
  );
  assert.equal(code, 0, err);
  const report = JSON.parse(await readFile(join(folder, 'report.json'), 'utf8')) as Report;
  assert.deepEqual(
    report.rejected.map(({ row, field }) => [row, field]),
    [
      [2, 'Borough__c'],
      [3, 'Incident_Zip__c'],
      [4, 'Reported_At__c'],
      [5, null],
      [6, 'Status'],
      [7, 'Incident_Address__c'],
    ],
  );
  for (const { reason } of report.rejected) assert.match(reason, /; |correct/, 'each names a remedy');
  assert.deepEqual(
    [report.cases, report.synced, report.failed, report.discrepanciesLeft, report.duplicates],
    [3, 2, 1, 0, 0],
  );
});

test('input that cannot be used at all ends with exit code 2 and says why', async () => {
  const wrong = join(folder, 'wrong.json');
  await writeFile(wrong, JSON.stringify({ ...MAPPING, fields: { ...MAPPING.fields, Nonsense__c: 'Zip' } }));
  for (const [args, message] of [
    [['--input', '/nowhere.csv', '--map', mapping], /cannot be read \(ENOENT\)/],
    [['--input', join(folder, 'rows.csv')], /--input needs --map/],
    [['--nonsense'], /Unknown option/],
    [['--flow', 'leads'], /--flow leads has no story; these have: cases, usage, feeds, or all/],
    [['--input', join(folder, 'rows.csv'), '--map', mapping, '--flow', 'usage'], /--flow usage takes no rows/],
    [['--input', join(folder, 'rows.csv'), '--map', wrong], /Case has no field Nonsense__c/],
  ] as const) {
    const { code, err } = await start(...args);
    assert.equal(code, 2, err);
    assert.match(err, message);
  }
});

test('a field that Salesforce lets nobody write is refused before anything is written', async () => {
  const org = await startOrgService({ projectDir: root });
  const admin = await connectTo({ instanceUrl: org.instanceUrl, accessToken: org.info.accessToken });
  const readOnly = { ...MAPPING, fields: { CaseNumber: { column: 'Zip' } } };
  await assert.rejects(checkAgainstOrg(admin, readOnly), {
    name: 'UnusableInput',
    message: /may not write Case\.CaseNumber/,
  });
  await org.stop();
});
