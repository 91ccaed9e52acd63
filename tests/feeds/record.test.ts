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
    const midnight = '1900-01-01T00:00:00.000';
    assert.equal(mapped(describedField('Born__c', 'date'), midnight, { nulls: ['1900-01-01'] }), null);
    assert.equal(mapped(NAME, '1900-01-01T00:00:00.000', { nulls: ['1900-01-01'] }) === null, false, 'of dates alone');
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
    assert.equal(codeOf(mapped(moment, '31.1.2026 05:00')), 'NOT_A_TIME');
    assert.equal(codeOf(mapped(moment, '2026-02-30T05:00:00')), 'NOT_A_TIME');
  });

  it('a timestamp without a zone is of the zone of the source, and one that its clocks showed never, or twice, is refused', () => {
    const moment = describedField('At__c', 'datetime');
    assert.equal(mapped(moment, '2026-01-31T05:00:00.123'), '2026-01-31T10:00:00.123Z');
    assert.equal(mapped(moment, '2026-07-31 05:00'), '2026-07-31T09:00:00.000Z');
    // clocks go forward from 2 to 3 on March 8, and back from 2 to 1 on November 1
    for (const [value, code] of [
      ['2026-03-08T02:00:00', 'TIME_DOES_NOT_EXIST'],
      ['2026-03-08T02:59:59.999', 'TIME_DOES_NOT_EXIST'],
      ['2026-11-01T01:00:00', 'TIME_IS_AMBIGUOUS'],
      ['2026-11-01T01:59:59.999', 'TIME_IS_AMBIGUOUS'],
    ] as const) {
      const problem = mapped(moment, value);
      assert.equal(codeOf(problem), code, value);
      assert.match((problem as RowProblem).remedy, /timestamp with time zone/);
    }
    for (const [value, utc] of [
      ['2026-03-08T01:59:59.999', '2026-03-08T06:59:59.999Z'],
      ['2026-03-08T03:00:00', '2026-03-08T07:00:00.000Z'],
      ['2026-11-01T00:59:59.999', '2026-11-01T04:59:59.999Z'],
      ['2026-11-01T02:00:00', '2026-11-01T07:00:00.000Z'],
    ] as const)
      assert.equal(mapped(moment, value), utc);
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
