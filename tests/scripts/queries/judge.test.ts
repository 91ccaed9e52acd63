import assert from 'node:assert/strict';
import { describe, it, test } from 'node:test';
import { findings } from '../../../scripts/queries/check.ts';
import { queriesOfApex } from '../../../scripts/queries/apex.ts';
import { indexedFields } from '../../../scripts/queries/indexes.ts';
import { judge } from '../../../scripts/queries/judge.ts';
import { queriesOfTypeScript } from '../../../scripts/queries/typescript.ts';

const INDEXES = new Map([['Case', new Set(['id', 'createddate', 'sync_key__c', 'sync_pending__c'])]]);
const judged = (rest: string): string | null => judge(`SELECT Id FROM Case ${rest}`, INDEXES);

describe('a query keeps to an index', () => {
  for (const rest of [
    "WHERE Sync_Key__c = 'x'",
    'WHERE Id IN :ids WITH USER_MODE',
    'WHERE Sync_Key__c IN :keys OR Id IN :ids WITH SYSTEM_MODE FOR UPDATE',
    "WHERE (Sync_Key__c < 'M' OR Sync_Key__c >= 'M') AND Status != 'New'",
    "WHERE Sync_Pending__c IN ('Request') AND (Status != 'New' OR Priority = NULL)",
    "WHERE ((Id > 'x')) AND Priority = null ORDER BY Id LIMIT 10",
    'ORDER BY CreatedDate LIMIT 1',
    "WHERE Sync_Key__c LIKE 'a%'",
    "WHERE Sync_Key__c = 'a != b OR Status'",
  ])
    it(rest, () => assert.equal(judged(rest), null));
  it('an object that does not grow', () => assert.equal(judge('SELECT Id FROM Other__c', INDEXES), null));
});

describe('a query that no index serves is refused', () => {
  for (const [rest, why] of [
    ['', /reads all records/],
    ['ORDER BY Id', /reads all records/],
    ['LIMIT 10', /reads all records/],
    ['ORDER BY Status LIMIT 1', /reads all records/],
    ['WHERE Sync_Key__c != NULL', /no index serves/],
    ['WHERE Sync_Key__c = NULL', /no index serves/],
    ["WHERE Sync_Pending__c NOT IN ('x')", /no index serves/],
    ["WHERE Sync_Key__c LIKE '%a'", /no index serves/],
    ["WHERE NOT Sync_Key__c = 'x'", /not positive/],
    ["WHERE Sync_Status__c = 'Failed'", /Sync_Status__c, which has no index/],
    ["WHERE Sync_Status__c = 'Failed' AND Sync_Key__c = 'x'", /Sync_Status__c/],
    ["WHERE Sync_Key__c = 'x' OR Sync_Status__c = 'Failed'", /Sync_Status__c/],
    ["WHERE (Sync_Key__c = 'x' OR Status = 'y') AND Id = 'z'", /Status/],
  ] as const)
    it(rest || 'no filter', () => assert.match(judged(rest) ?? 'taken', why));
});

test('queries of Apex are found inline and in texts, and not in comments', () => {
  const source = [
    '/* [SELECT Id FROM A] */',
    "x = [SELECT Id FROM B WHERE Name = 'a]b'];",
    '// [SELECT Id FROM C]',
    "y = Database.query('SELECT Id FROM D');",
  ].join('\n');
  assert.deepEqual(queriesOfApex(source), [
    { line: 2, soql: "SELECT Id FROM B WHERE Name = 'a]b'" },
    { line: 4, soql: 'SELECT Id FROM D' },
  ]);
});

describe('queries of TypeScript', () => {
  const problemOf = (source: string): (string | null)[] =>
    queriesOfTypeScript('x.ts', source).map(({ soql }) => judge(soql, INDEXES));

  it('are judged with what stands in their holes', () => {
    assert.deepEqual(
      problemOf("const q = `SELECT ${columns} FROM ${object} WHERE ${isOneOf('Sync_Key__c', part)} AND A__c = ${b}`;"),
      [null],
    );
    assert.deepEqual(problemOf('const q = `SELECT Id FROM Case WHERE ${isOneOf(inside.key, part)}`;'), [null]);
    assert.match(problemOf("const q = `SELECT Id FROM Case WHERE ${isOneOf('Status', x)}`;")[0]!, /Status/);
    assert.match(problemOf('const q = `SELECT Id FROM Case WHERE ${anything()}`;')[0]!, /not positive/);
    assert.match(problemOf('const q = `SELECT Id FROM Case`;')[0]!, /reads all/);
  });

  it('conditions that are put into a query elsewhere are judged where they are written', () => {
    assert.match(problemOf('const unsettled = ["Sync_Status__c = \'Failed\'"];')[0]!, /Sync_Status__c/);
    assert.deepEqual(problemOf('const unsettled = ["Sync_Pending__c IN (\'Request\')"];'), [null]);
    assert.deepEqual(
      problemOf('const isOneOf = (field, x) => `${field} IN (${x})`;'),
      [],
      "a helper's: its callers are judged",
    );
  });
});

test('indexes are read from the metadata of the project', () => {
  const fields = indexedFields('.', 'Case');
  for (const name of ['id', 'accountid', 'sync_key__c', 'sync_pending__c', 'digest_k1__c', 'sync_error_code__c'])
    assert.ok(fields.has(name), name);
  for (const name of ['sync_status__c', 'sync_requested_at__c', 'digest_large_1__c', 'status'])
    assert.equal(fields.has(name), false, name);
});

test('every query of the product keeps to an index', () => {
  const { found, queries } = findings('.');
  assert.deepEqual(found, []);
  assert.ok(queries > 50, `${queries} queries were found`);
});
