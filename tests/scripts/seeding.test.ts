import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { describeDoubts, describeRejection, prepareInput } from '../../src/story/seeding/seed.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { SAMPLE } from '../../src/shared/sample.ts';

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
  const { rows, rejected } = await prepareInput(SAMPLE.rows, SAMPLE.mapping);
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

const bytes = async (content: Uint8Array): Promise<string> => {
  const path = join(folder, `file-${files++}`);
  await writeFile(path, content);
  return path;
};
const TITLE = { Subject: { column: 'Title' } };
const mapOf = (more: object = {}): Promise<string> => file({ object: 'Case', fields: TITLE, ...more });
const refused = (attempt: Promise<unknown>, message: RegExp): Promise<void> =>
  assert.rejects(attempt, (error) => error instanceof UnusableInput && message.test(error.message), String(message));

test('bytes that are no text are refused with their place; a named encoding and a byte order mark are heard', async () => {
  const latin1 = await bytes(Buffer.from('Title\nok\nCaf\xe9\n', 'latin1'));
  await refused(
    prepareInput(latin1, await mapOf()),
    /is not utf-8: byte 4 of line 3 is 0xE9; save it as UTF-8, or name its encoding in the mapping/,
  );
  const { rows } = await prepareInput(latin1, await mapOf({ encoding: 'iso-8859-1' }));
  assert.deepEqual(
    rows.map(({ fields }) => fields.Subject),
    ['ok', 'Café'],
  );
  const marked = await bytes(Buffer.from('\ufeffTitle\nCafé\n', 'utf16le'));
  assert.equal((await prepareInput(marked, await mapOf())).rows[0]!.fields.Subject, 'Café');
  await refused(prepareInput(latin1, await mapOf({ encoding: 'klingon' })), /encoding klingon is not known/);
});

test('a column that the mapping reads stands in the header once', async () => {
  await refused(
    prepareInput(await file('Title,Size,Title\na,1,b\n'), await mapOf()),
    /has 2 columns "Title", which the mapping of Subject reads \(columns 1, 3\); rename all but one/,
  );
  const { rows } = await prepareInput(await file('Title,Size,Size\na,1,2\n'), await mapOf());
  assert.equal(rows.length, 1);
  await refused(prepareInput(await file('Title;Size\na;1\n'), await mapOf()), /it seems to be delimited by ";"/);
});

test('a quote that is not closed takes one row, and every row is read or rejected', async () => {
  const csv = 'Title,Size\n1,a\n2,"open\n3,c\n4,"d"\n\n5,"e\ne"\n6,"open again\n7,g\n';
  const { rows, rejected } = await prepare(csv, { Subject: { column: 'Title' }, Description: { column: 'Size' } });
  assert.deepEqual(
    rows.map(({ row, fields }) => [row, fields.Subject, fields.Description]),
    [
      [1, '1', 'a'],
      [3, '3', 'c'],
      [4, '4', 'd'],
      [5, '5', 'e\ne'],
      [7, '7', 'g'],
    ],
  );
  assert.deepEqual(
    rejected.map(({ row, reason }) => [row, reason.replace(/:.*/, '')]),
    [
      [2, 'malformed near line 3'],
      [6, 'malformed near line 9'],
    ],
  );
});

test('a file without rows, or of which no row can be used, is no input', async () => {
  await refused(prepareInput(await file('Title\n'), await mapOf()), /has a header and no rows/);
  await refused(
    prepare('Title\nyesterday\n', { Due_Date__c: { column: 'Title', type: 'date' } }),
    /none of its 1 rows can be used\n {2}row 1, Due_Date__c: "yesterday" is not a date/,
  );
  await refused(prepare('Title\na\n', TITLE, { timeZone: 'Mars/Olympus' }), /timeZone Mars\/Olympus is not known/);
});

test('a row that has the name of an earlier one is rejected', async () => {
  const { rows, rejected } = await prepare('Title\na\nb\na\n', TITLE, { rowName: 'Title' });
  assert.deepEqual(
    [rows.length, rejected.map(({ row, reason }) => [row, reason])],
    [2, [[3, 'row 1 has the same name; take one of them out, or correct it']]],
  );
});

test('a time that no clock of the zone ever showed is rejected', async () => {
  const times = ['2026-03-08 02:30', '2026-03-08 03:30', '2026-11-01 01:30'];
  const { rows, rejected } = await prepare(
    `Title\n${times.join('\n')}\n`,
    { Reported_At__c: { column: 'Title', type: 'datetime', format: 'yyyy-MM-dd HH:mm' } },
    { timeZone: 'America/New_York' },
  );
  assert.deepEqual(
    rows.map(({ fields }) => fields.Reported_At__c),
    ['2026-03-08T07:30:00Z', '2026-11-01T06:30:00Z'],
  );
  assert.match(
    rejected[0]!.reason,
    /"2026-03-08 02:30" does not exist in America\/New_York: clocks went forward over it/,
  );
  const own = await prepare('Title\n2026-03-08T02:30:00Z\n', { Reported_At__c: { column: 'Title', type: 'datetime' } });
  assert.equal(own.rows.length, 1);
});

test('a time that clocks showed twice is taken and told; one with its offset is in no doubt', async () => {
  const { rows } = await prepare(
    'Title\n2026-11-01T01:30\n2026-11-01T01:30:00-04:00\n2026-11-01T02:30\n',
    { Reported_At__c: { column: 'Title', type: 'datetime' } },
    { timeZone: 'America/New_York' },
  );
  const taken = rows.map(({ fields }) => fields.Reported_At__c);
  assert.deepEqual(taken.slice(1), ['2026-11-01T05:30:00Z', '2026-11-01T07:30:00Z']);
  const [told, ...others] = describeDoubts(rows);
  assert.deepEqual(others, []);
  assert.equal(
    told,
    'doubtful: row 1, Reported_At__c: "2026-11-01T01:30" was shown twice in America/New_York, at ' +
      `2026-11-01T05:30:00Z and 2026-11-01T06:30:00Z; ${taken[0]} is taken: write its offset if it is the other`,
  );
  const many = rows.concat(Array.from({ length: 30 }, () => rows[0]!));
  assert.equal(describeDoubts(many).at(-1), 'doubtful: 11 more values as these');
});

test('what nobody can store is named, and no message repeats a long text whole', async () => {
  const long = 'x'.repeat(32_000);
  const { rejected } = await prepare(`Id,Title\nok,fine\n${long},a\0b\n`, TITLE, { rowName: 'Id' });
  const [rejection] = rejected;
  assert.match(rejection!.reason, /has a NUL character \(U\+0000\) at position 2; remove it/);
  assert.ok(describeRejection(rejection!).length < 200);
});

test('lines that end in several ways are lines, and are counted', async () => {
  const { rows, rejected } = await prepare('Id,Title\r\n1,a\n2,b\r3,"c\nc"\r\n4,d"\r5,e\n\r\n6,"f\r7,g', TITLE, {
    rowName: 'Id',
  });
  assert.deepEqual(
    rows.map(({ row, name, fields }) => [row, name, fields.Subject]),
    [
      [1, '1', 'a'],
      [2, '2', 'b'],
      [3, '3', 'c\nc'],
      [5, '5', 'e'],
      [7, '7', 'g'],
    ],
  );
  assert.deepEqual(
    rejected.map(({ row, reason }) => [row, /near line (\d+)/.exec(reason)?.[1]]),
    [
      [4, '6'],
      [6, '9'],
    ],
  );
});

test('a column that only looks like the one that is read is told, and a long header is not told whole', async () => {
  for (const twin of ['title', 'TITLE', 'Ti\u00a0tle'])
    await refused(
      prepare(`${twin}\na\n`, { Subject: { column: twin.includes('\u00a0') ? 'Ti tle' : 'Title' } }),
      /differs in case or in its blanks alone: write it in the mapping as the file has it/,
    );
  const wide = Array.from({ length: 5_000 }, (_, at) => `Column ${at} ${'x'.repeat(100)}`).join(',');
  await refused(prepare(`${wide}\na\n`, TITLE), /^.{1,4000} and 4940 more$/s);
});

test('a column that differs in what is not seen is told with it', async () => {
  await refused(prepare('\u200bTitle\na\n', TITLE), /"\\u200bTitle" differs in case or in its blanks alone/);
});

test('JSON, pages, documents and a line for Excel are told as what they are', async () => {
  for (const text of ['[{"Title":"a"}]\n', '{\n  "rows": []}', '[]'])
    await refused(prepare(text, TITLE), /is JSON, not a CSV file; export it as CSV/);
  for (const text of ['<!doctype html><html>', '<?xml version="1.0"?>', '\n<html lang="en">'])
    await refused(prepare(text, TITLE), /is a page or XML, not a CSV file/);
  await refused(prepare('%PDF-1.7\n', TITLE), /is a document, not a CSV file/);
  for (const text of ['sep=,\nTitle\na\n', '"sep=;"\r\nTitle\r\na\r\n'])
    await refused(prepare(text, TITLE), /begins with a line for Excel \(sep=\); take it out/);
  assert.equal((await prepare('[Title],x\na,b\n', { Subject: { column: '[Title]' } })).rows.length, 1);
});

test('a mapping that would mean another thing than it seems to is refused', async () => {
  const input = await file('Title\na\n');
  const refusedMapping = async (mapping: string | object, problem: RegExp): Promise<void> =>
    refused(prepareInput(input, await file(mapping)), problem);
  await refusedMapping(
    '{"object":"Case","fields":{"Subject":"Title","Subject":"Other"}}',
    /says "Subject" twice in one place; take one of them out/,
  );
  const template = (text: string): object => ({ object: 'Case', fields: { Subject: { template: text } } });
  await refusedMapping(
    template('same'),
    /the template of Subject, "same", names no \{Column\}; name one, or say "constant"/,
  );
  for (const text of ['{Title', 'Title}', '{Title} {', '{}'])
    await refusedMapping(template(text), /has a brace that belongs to no \{Column\}; correct it/);
  await refusedMapping({ object: 'Case', fields: { At__c: { column: 'Title', type: 'date', format: '' } } }, /format/);
  const latin = await bytes(Buffer.from('{"object":"Case","fields":{"Subject":{"constant":"caf\u00e9"}}}', 'latin1'));
  await refused(prepareInput(input, latin), /is not UTF-8; save it as UTF-8/);
  const marked = await file(`\ufeff${JSON.stringify({ object: 'Case', fields: TITLE })}`);
  assert.equal((await prepareInput(input, marked)).rows.length, 1);
});

test('numbers and years that nothing keeps, and commas that are no thousands, reject their row', async () => {
  const numbers = '"0,125"\n"1.234,567"\n"12,34"\n12345678901234567\n"1,234,567.5"\n999999999999999\n';
  const { rows, rejected } = await prepare(`Title\n${numbers}`, { Amount__c: { column: 'Title', type: 'number' } });
  assert.deepEqual(
    rows.map(({ fields }) => fields.Amount__c),
    [1234567.5, 999999999999999],
  );
  assert.deepEqual(
    rejected.map(({ row }) => row),
    [1, 2, 3, 4],
  );
  assert.match(rejected[3]!.reason, /more than 15 digits before the point/);
  const dates = await prepare('Title\n01/02/0026\n01/02/9999\n01/02/1700\n', {
    Happened_At__c: { column: 'Title', type: 'datetime', format: 'MM/dd/yyyy' },
  });
  assert.deepEqual(
    dates.rejected.map(({ row, reason }) => [
      row,
      /of the year (\d+), and Salesforce keeps 1700 to 4000/.exec(reason)?.[1],
    ]),
    [
      [1, '26'],
      [2, '9999'],
    ],
  );
});

test('a workbook, a packed file and UTF-16 without a mark are told as what they are', async () => {
  const zip = await bytes(Buffer.from([0x50, 0x4b, 0x03, 0x04, 0x14, 0x00, 0x06]));
  await refused(prepareInput(zip, await mapOf()), /is a workbook or a zip file.*; export the sheet as CSV/);
  await refused(
    prepareInput(await bytes(gzipSync('Title\na\n')), await mapOf()),
    /is compressed \(gzip\).*; unpack it/,
  );
  const wide = await bytes(Buffer.from('Title\na\n', 'utf16le'));
  await refused(prepareInput(wide, await mapOf()), /NUL characters in its first line: .*"encoding": "utf-16le"/);
  assert.equal((await prepareInput(wide, await mapOf({ encoding: 'utf-16le' }))).rows.length, 1);
});

test('a text is cut off between characters, and a number is what people write', async () => {
  const cut = await prepare('Title\nab😀\n', { Subject: { column: 'Title', truncate: 3 } });
  assert.equal(cut.rows[0]!.fields.Subject, 'ab');
  const { rows, rejected } = await prepare('Title\n"1,234.5"\n-.5\n1e3\n0x1F\n0b1\n1.2.3\n', {
    Latitude__c: { column: 'Title', type: 'number' },
  });
  assert.deepEqual(
    rows.map(({ fields }) => fields.Latitude__c),
    [1234.5, -0.5, 1000],
  );
  assert.equal(rejected.length, 3);
});
