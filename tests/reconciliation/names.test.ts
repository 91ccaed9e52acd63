/** Reconciliation knows ComparedObject: it names no object of Salesforce but Concord's own records, and no flow. */
import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { flows } from '../../src/flows/index.ts';

const FOLDER = resolve(import.meta.dirname, '../../src/reconciliation');
const files = globSync('**/*.ts', { cwd: FOLDER }).map((name) => ({
  name,
  text: readFileSync(resolve(FOLDER, name), 'utf8'),
}));

/** Concord's own: core deploys them, whatever is compared. */
const OWN = new Set([
  'Concord_Setting__mdt',
  'Concord_Operator_Setting__c',
  'Sync_Control__c',
  'Synced_Field__mdt',
  'Reconciliation_Run__c',
  'Discrepancy__c',
]);

/** Where the pattern matches, as `file: match`. */
const matches = (pattern: RegExp): string[] =>
  files.flatMap(({ name, text }) => [...text.matchAll(pattern)].map(([, found]) => `${name}: ${found}`));

test('its queries name no object but its own records', () => {
  assert.deepEqual(
    matches(/\bFROM (\w+)/g).filter((found) => !OWN.has(found.split(': ')[1]!)),
    [],
  );
});

test('no path of it leads to an object or to the records of a flow', () => {
  assert.deepEqual(matches(/(sobjects\/\w+)/g), []);
  assert.deepEqual(matches(/['"`](\/v1\/[\w/-]+)/g).sort(), [
    'repair/replaced-pages.ts: /v1/repairs',
    'sides/external.ts: /v1/digest/tables',
    'sides/external.ts: /v1/digest/totals',
    'sides/external.ts: /v1/digest/totals',
    'trail/middle-layer.ts: /v1/audit',
  ]);
});

test('it speaks of no Case, and names no flow', async () => {
  assert.deepEqual(matches(/\b(Cases?|Case\w+|case[A-Z]\w*)\b/g), []);
  for (const { name, compared } of flows) {
    const words = [name, ...(compared ? [(await compared()).object] : [])].join('|');
    assert.deepEqual(matches(new RegExp(`['"\`](${words})['"\`]`, 'g')), []);
    assert.deepEqual(
      matches(new RegExp(`(flows/${name})`, 'g')).filter((found) => !found.startsWith('kinds-table.ts')),
      [],
    );
  }
});
