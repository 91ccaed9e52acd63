import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { prepareInput } from '../../src/story/seeding/seed.ts';
import { UnusableInput } from 'kernel/command-line.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
let folder: string;
let files = 0;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'concord-seeding-'));
});

const file = async (content: string | object): Promise<string> => {
  const path = join(folder, `file-${files++}`);
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content));
  return path;
};

const prepare = async (csv: string, fields: object, more: object = {}): ReturnType<typeof prepareInput> =>
  prepareInput(await file(csv), await file({ object: 'Case', fields, ...more }));

test('all 100 real service requests map without a rejection', async () => {
  const { rows, rejected } = await prepareInput(join(root, 'data/nyc311-100.csv'), join(root, 'config/nyc311.json'));
  assert.equal(rows.length, 100);
  assert.deepEqual(rejected, []);
  assert.equal(rows[0]!.fields.Reported_At__c, '2019-04-19T01:55:45Z', 'New York time becomes UTC');
  assert.equal(rows[0]!.fields.Due_Date__c, '2019-04-19');
  assert.equal(rows[0]!.fields.Borough__c, 'Brooklyn');
});

test('a bad row is rejected by number, name, field and remedy, and the good rows go on', async () => {
  const { rows, rejected } = await prepare(
    'Id,Title,When,Size,Kind\n1,Good,2026-01-02,1.5,a\n2,,2026-01-02,1,a\n3,Bad date,tomorrow,1,a\n4,Bad size,2026-01-02,much,a\n5,Bad kind,2026-01-02,1,z\n6,too,many,columns,in,here\n7,Good,,,\n',
    {
      Subject: { column: 'Title', required: true },
      Due_Date__c: { column: 'When', type: 'date' },
      Latitude__c: { column: 'Size', type: 'number' },
      Status: { column: 'Kind', values: { A: 'New' }, otherwise: 'reject' },
    },
    { rowName: 'Id' },
  );
  assert.deepEqual(
    rows.map((row) => [row.row, row.name, row.fields]),
    [
      [1, '1', { Subject: 'Good', Due_Date__c: '2026-01-02', Latitude__c: 1.5, Status: 'New' }],
      [7, '7', { Subject: 'Good' }],
    ],
  );
  assert.deepEqual(
    rejected.map((row) => [row.row, row.field]),
    [
      [2, 'Subject'],
      [3, 'Due_Date__c'],
      [4, 'Latitude__c'],
      [5, 'Status'],
      [6, null],
    ],
  );
  assert.match(rejected[1]!.reason, /"tomorrow" is not a date of the form ISO 8601; correct it/);
  assert.match(rejected[4]!.reason, /malformed near line \d+: .*; correct the row/);
});

test('what makes the whole input unusable is told with its remedy', async () => {
  const good = await file({ object: 'Case', fields: { Subject: 'Title' } });
  const cases: [() => Promise<unknown>, RegExp][] = [
    [
      async () => prepareInput(join(folder, 'none.csv'), good),
      /input .*none\.csv cannot be read \(ENOENT\); check the path after --input/,
    ],
    [async () => prepareInput(await file(''), good), /is empty; its first line must name the columns/],
    [
      async () => prepareInput(await file('Name\nx\n'), good),
      /has no column "Title", which the mapping of Subject reads; its columns are: Name/,
    ],
    [async () => prepareInput(good, join(folder, 'none.json')), /mapping .*none\.json cannot be read/],
    [async () => prepareInput(good, await file('{')), /is not JSON/],
    [
      async () => prepareInput(good, await file({ object: 'Case', fields: { Subject: { colum: 'x' } } })),
      /at \/fields\/Subject.*additional properties \(colum\)/s,
    ],
    [async () => prepareInput(good, await file({ fields: {} })), /must have required property 'object'/],
  ];
  for (const [attempt, message] of cases) {
    await assert.rejects(
      attempt(),
      (error) => error instanceof UnusableInput && message.test(error.message),
      String(message),
    );
  }
});

test('templates join columns and are empty when all of them are', async () => {
  const { rows } = await prepare('A,B\nx,y\n,\n', { Subject: { template: '{A}: {B}' }, Origin: { constant: 'Web' } });
  assert.deepEqual(
    rows.map((row) => row.fields),
    [{ Subject: 'x: y', Origin: 'Web' }, { Origin: 'Web' }],
  );
});
