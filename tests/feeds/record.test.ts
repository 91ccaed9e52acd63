import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { isUnusable, mapRow } from '../../src/feeds/record.ts';
import type { SourceValue } from '../../src/feeds/source/types.ts';
import type { FieldRule, FieldValue, RowProblem } from '../../src/feeds/types.ts';
import { describedField, fieldPlan, recordPlan } from './support/plans.ts';

type Field = ReturnType<typeof describedField>;

const mapped = (field: Field, value: SourceValue, rule: Partial<FieldRule> = {}): FieldValue | RowProblem => {
  const row = mapRow(recordPlan(fieldPlan(field, 1, rule)), ['0012', value]);
  return isUnusable(row) ? row.problem : (Object.values(row.values)[0] ?? null);
};

const codeOf = (outcome: FieldValue | RowProblem): string | null =>
  typeof outcome === 'object' && outcome !== null ? outcome.code : null;

const NAME = describedField('Name', 'string', { length: 10 });
const MONEY = describedField('Limit__c', 'currency', { precision: 18, scale: 4 });

describe('a row becomes a record', () => {
  it('its external id is the company and the key, whose zeros and padding are told apart', () => {
    const plan = recordPlan(fieldPlan(NAME, 1));
    const row = mapRow(plan, ['0012   ', 'Café ']);
    assert.deepEqual(row, { externalId: 'ACME-0012', values: { Name: 'Café' }, parents: [] });
  });

  it('an empty key is told by the names of its columns', () => {
    for (const key of [null, '', '   ']) {
      const row = mapRow(recordPlan(fieldPlan(NAME, 1)), [key, 'x']);
      assert.ok(isUnusable(row));
      assert.equal(row.externalId, null);
      assert.equal(row.problem.code, 'NO_KEY');
      assert.match(row.problem.message, /the key code is empty/);
    }
  });

  it('blanks are no value, and neither is what the mapping says', () => {
    assert.equal(mapped(NAME, '   '), null);
    assert.equal(mapped(NAME, null), null);
    assert.equal(mapped(describedField('Born__c', 'date'), '1900-01-01', { nulls: ['1900-01-01'] }), null);
    assert.equal(mapped(describedField('Born__c', 'date'), '1900-01-02', { nulls: ['1900-01-01'] }), '1900-01-02');
  });

  it('money keeps every digit, and what does not fit is refused, not rounded', () => {
    assert.equal(mapped(MONEY, '-12345678901234.5678'), '-12345678901234.5678');
    assert.equal(mapped(MONEY, '10.5000'), '10.5');
    assert.equal(codeOf(mapped(MONEY, '0.00001')), 'TOO_MANY_DECIMALS');
    assert.equal(codeOf(mapped(MONEY, '123456789012345')), 'NUMBER_OUTSIDE_VALID_RANGE');
    assert.equal(codeOf(mapped(MONEY, '12,5')), 'NOT_A_NUMBER');
  });

  it('texts that cannot be right are refused by the field and the reason', () => {
    assert.equal(codeOf(mapped(NAME, 'ab\0c')), 'BAD_TEXT');
    assert.equal(codeOf(mapped(NAME, 'caf\ud800')), 'BAD_TEXT');
    assert.equal(codeOf(mapped(NAME, 'caf\ufffd')), 'BAD_TEXT');
    assert.equal(codeOf(mapped(NAME, 'x'.repeat(11))), 'STRING_TOO_LONG');
    const huge = mapped(describedField('Note__c', 'textarea', { length: 131_072 }), 'x'.repeat(10_000_000));
    assert.ok(typeof huge === 'object' && huge !== null && huge.message.length < 300, 'the value is not quoted');
  });

  it('flags, picklists and codes follow the mapping', () => {
    const active = describedField('Active__c', 'boolean', { nillable: false });
    assert.equal(mapped(active, 'S', { values: { S: true, N: false } }), true);
    assert.equal(mapped(active, null), false);
    assert.equal(codeOf(mapped(active, 'maybe')), 'NOT_A_FLAG');
    assert.equal(codeOf(mapped(active, 'X', { values: { S: true } })), 'UNKNOWN_VALUE');
    // a name of every object is no value of the mapping
    assert.equal(codeOf(mapped(active, 'constructor', { values: { S: true } })), 'UNKNOWN_VALUE');
    const kind = describedField('Kind__c', 'picklist', {
      restrictedPicklist: true,
      picklistValues: [
        { value: 'A', active: true },
        { value: 'B', active: false },
      ],
    });
    assert.equal(mapped(kind, 'A'), 'A');
    assert.equal(codeOf(mapped(kind, 'B')), 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST');
  });

  it('dates are dates, moments are moments, and neither is guessed', () => {
    const date = describedField('Day__c', 'date');
    assert.equal(mapped(date, '2026-01-31T00:00:00.000'), '2026-01-31');
    assert.equal(codeOf(mapped(date, '2026-01-31T05:00:00.000')), 'NOT_A_DATE');
    assert.equal(codeOf(mapped(date, '31/01/2026')), 'NOT_A_DATE');
    assert.equal(codeOf(mapped(date, '0001-01-01')), 'DATE_OUT_OF_RANGE');
    const moment = describedField('At__c', 'datetime');
    assert.equal(mapped(moment, '2026-01-31T05:00:00Z'), '2026-01-31T05:00:00.000Z');
    assert.equal(codeOf(mapped(moment, '2026-01-31T05:00:00.000')), 'NOT_A_TIME');
  });

  it('a required field without a value is refused; a default of the org may fill it', () => {
    const required = describedField('Kind__c', 'string', { nillable: false });
    assert.equal(codeOf(mapped(required, null)), 'REQUIRED_FIELD_MISSING');
    assert.equal(mapped({ ...required, defaultedOnCreate: true }, null), null);
  });

  it('a parent is named by its external id', () => {
    const account = describedField('Account__c', 'reference', {
      relationshipName: 'Account__r',
      referenceTo: ['Account'],
    });
    const plan = recordPlan(fieldPlan(account, 1, { parent: 'accounts' }));
    assert.deepEqual(mapRow(plan, ['7', ' 900123456 ']), {
      externalId: 'ACME-7',
      values: { Account__r: 'ACME-900123456' },
      parents: [{ feed: 'accounts', externalId: 'ACME-900123456' }],
    });
    assert.deepEqual(mapRow(plan, ['7', null]), { externalId: 'ACME-7', values: { Account__r: null }, parents: [] });
  });
});
