import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import { KINDS } from '../../../../src/flows/cases/compared/kinds.ts';
import { KINDS as KINDS_OF_USAGE } from '../../../../src/flows/usage/compared/kinds.ts';
import { withKindsTable } from '../../../../src/reconciliation/kinds-table.ts';

const ROOT = new URL('../../../../', import.meta.url);
const parser = new XMLParser({ isArray: (name) => name === 'value' });

const picklist = (field: string): string[] => {
  const path = `force-app/core/main/default/objects/Discrepancy__c/fields/${field}.field-meta.xml`;
  const { CustomField } = parser.parse(readFileSync(new URL(path, ROOT), 'utf8')) as {
    CustomField: { valueSet: { valueSetDefinition: { value: { fullName: string }[] } } };
  };
  return CustomField.valueSet.valueSetDefinition.value.map(({ fullName }) => fullName);
};

const distinct = (values: string[]): string[] => [...new Set(values)].sort();

describe('the tables of kinds', () => {
  it('have exactly the kinds that the org can store', () => {
    const all = [...Object.keys(KINDS), ...Object.keys(KINDS_OF_USAGE)];
    assert.deepEqual(picklist('Kind__c').sort(), distinct(all));
  });

  it('have exactly the owners and repairs that the org can store', () => {
    const all = [...Object.values(KINDS), ...Object.values(KINDS_OF_USAGE)];
    assert.deepEqual(picklist('Responsible__c').sort(), distinct(all.map(({ owner }) => owner)));
    assert.deepEqual(picklist('Repair__c').sort(), distinct(all.map(({ repair }) => repair)));
  });

  it('fit the fields of the org', () => {
    for (const { cause, action } of [...Object.values(KINDS), ...Object.values(KINDS_OF_USAGE)])
      assert.ok(cause.length <= 255 && action.length <= 255);
  });

  it('is the one in docs/reconciliation.md: run node scripts/generate-kinds-doc.ts', () => {
    const document = readFileSync(new URL('docs/reconciliation.md', ROOT), 'utf8');
    assert.equal(document, withKindsTable(document, 'cases', KINDS));
  });

  it('is not put where a document has no place for it', () => {
    assert.throws(() => withKindsTable('# Nothing', 'cases', KINDS), /no place for the table/);
  });
});
