import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { contentOf, type ContentType } from '../../../src/shared/digest/content.ts';
import { rowsOfCsv } from '../../../src/shared/salesforce/csv-rows.ts';
import { queryJobs } from '../../../packages/local-org/tests/api/support/query-jobs.ts';
import { widgetOrg } from '../../../packages/local-org/tests/api/support/widget-org.ts';

const widgets = widgetOrg();
after(() => widgets.org.close());

const TYPES: Record<string, ContentType> = {
  Name: 'text',
  Group__c: 'text',
  Size__c: 'number',
  Active__c: 'boolean',
  Made_On__c: 'date',
  Made_At__c: 'datetime',
};

const AWKWARD = [
  { Name: 'plain', Size__c: 5, Active__c: true, Made_On__c: '2026-02-28', Made_At__c: '2026-02-28T23:59:59.999Z' },
  { Name: '"', Group__c: '""', Size__c: 0 },
  { Name: 'comma, semicolon; tab\tend', Group__c: ',"', Size__c: -0.01 },
  { Name: 'ünïcode ✓ 漢字 🎉 e\u0301 \u2028', Group__c: '\ufeffmark', Size__c: 9_999_999.99 },
  { Name: "'=1+1", Group__c: '', Size__c: null, Made_At__c: null },
  { Name: '  blanks around  ', Group__c: '   ', Size__c: 1.1 },
  { Name: 'null', Group__c: 'NULL', Size__c: 1_000_000 },
  { Name: '1.0E7', Group__c: '007', Size__c: 0.1, Made_At__c: '1969-12-31T23:59:59Z' },
];

test('a record has one canonical content, whether its values came as JSON or as CSV', async () => {
  const { status, body } = await widgets.send('POST', '/composite/sobjects', {
    records: AWKWARD.map((values) => ({ attributes: { type: 'Widget__c' }, ...values })),
  });
  assert.equal(status, 200);
  assert.ok(
    body.every(({ success }: { success: boolean }) => success),
    JSON.stringify(body),
  );
  const soql = `SELECT ${Object.keys(TYPES).join(', ')} FROM Widget__c ORDER BY Id`;
  const asJson = (await widgets.query(soql)).map((row) => contentOf(row, TYPES));
  const rows = rowsOfCsv(await queryJobs(widgets).run(soql), TYPES);
  assert.deepEqual(
    rows.map((row) => contentOf(row, TYPES)),
    asJson,
  );
  assert.deepEqual(rows[0], {
    Name: 'plain',
    Group__c: null,
    Size__c: 5,
    Active__c: true,
    Made_On__c: '2026-02-28',
    Made_At__c: '2026-02-28T23:59:59.000Z',
  });
});

test('line ends, quotes and large numbers within values are read as Salesforce writes them', () => {
  const text = '"A","B","C"\n"one\r\ntwo\nthree\rfour","say ""hi"", twice","1.6147805824397E13"\n"","  ","-2.5E-4"\n';
  assert.deepEqual(rowsOfCsv(text, { C: 'number' }), [
    { A: 'one\r\ntwo\nthree\rfour', B: 'say "hi", twice', C: 16_147_805_824_397 },
    { A: null, B: '  ', C: -0.00025 },
  ]);
  assert.deepEqual(rowsOfCsv('"A"\n""\n"x"\n', {}), [{ A: null }, { A: 'x' }], 'a line of one empty value is a record');
  assert.deepEqual(rowsOfCsv('"A"\n', {}), []);
});
