import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { limitTable, measureLimits } from '../../../scripts/footprint/limits.ts';
import { readFootprint } from '../../../scripts/footprint/metadata.ts';
import { footprintTables, withTables } from '../../../scripts/footprint/tables.ts';
import { LARGE, queriesOf } from '../../../scripts/queries/check.ts';
import { judgedFilter } from '../../../scripts/queries/judge.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const footprint = readFootprint(ROOT);
const document = readFileSync(`${ROOT}docs/your-org.md`, 'utf8');

test('the tables of docs/your-org.md are those of the metadata and the code', () => {
  const tables = footprintTables(footprint, queriesOf(ROOT).queries, LARGE);
  assert.equal(
    document,
    withTables(document, tables),
    'run node scripts/generate-footprint-doc.ts and read what has changed',
  );
});

/** The cells of each row of the table of limits, without those that grow with the records: rows and heap. */
const steady = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => /^\| .* \/ /.test(line))
    .map((line) => {
      const [, name, queries, , statements, , , events, callouts] = line.split('|').map((cell) => cell.trim());
      return `${name!.replaceAll(/\d+/g, 'N')}: ${queries}, ${statements}, ${events}, ${callouts}`;
    });

test('what operations take of the limits is what docs/your-org.md says, and does not grow with the records', () => {
  const [begin, end] = [document.indexOf('<!-- limits:'), document.indexOf('<!-- /limits -->')];
  const few = limitTable(measureLimits(ROOT, 10)).limits!;
  assert.deepEqual(
    steady(few),
    steady(document.slice(begin, end)),
    'run node scripts/generate-footprint-doc.ts and read what has changed',
  );
  assert.ok(steady(few).length >= 9);
});

test('nothing that is deployed is left out, and everything says what it is for', () => {
  const names = (pattern: string): string[] =>
    globSync(`force-app/*/main/default/${pattern}`, { cwd: ROOT }).map((path) => basename(path).split('.')[0]!);
  for (const name of [
    ...names('objects/*/fields/*.field-meta.xml'),
    ...names('objects/*/*.object-meta.xml'),
    ...names('triggers/*.trigger'),
    ...names('permissionsets/*.permissionset-meta.xml'),
    ...names('customPermissions/*.customPermission-meta.xml'),
  ])
    assert.ok(document.includes(name), `${name} is not in docs/your-org.md`);
  const described = [
    ...footprint.objects,
    ...footprint.permissions,
    ...footprint.permissionSets,
    ...footprint.resources.map(({ className: name, description }) => ({ name, description })),
    ...footprint.fields.filter(({ object }) => object === 'Case' || object === 'Contract'),
  ];
  for (const { name, description } of described) assert.notEqual(description, '', `${name} has no description`);
  assert.ok(described.length > 50);
});

test('a query is told by its object and the filter that it leads with', () => {
  const told = (soql: string): string | null => {
    const filter = judgedFilter(soql);
    return filter && `${filter.object}: ${filter.leads}`;
  };
  assert.equal(told('SELECT Id FROM Case WHERE (A = 1 AND B = 2) AND C = 3 ORDER BY Id'), 'Case: A = 1');
  assert.equal(told('SELECT Id FROM Case WHERE A = 1 AND C = 3 OR B IN :x LIMIT 2'), 'Case: A = 1 OR B IN :x');
  assert.equal(told('SELECT Id FROM Case ORDER BY Id LIMIT 1'), 'Case: ORDER BY Id LIMIT 1');
  assert.equal(told('SELECT count() FROM Case'), null);
});

test('a document without a place for a table is refused by its name', () => {
  assert.throws(() => withTables('# Nothing', { fields: 'x' }), /no place for the table fields/);
});
