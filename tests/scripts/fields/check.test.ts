import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { checkFields } from '../../../scripts/fields/check.ts';
import type { Checked, FieldDescription, SyncedFieldRecord } from '../../../scripts/fields/types.ts';
import { fieldRules, type FieldRule } from '../../../src/external-system/rules/field-rules.ts';

const OBJECTS = new Map([['cases', 'Case']]);

const field = (name: string, more: Partial<FieldDescription> = {}): FieldDescription => ({
  name,
  type: 'string',
  length: 80,
  calculated: false,
  autoNumber: false,
  custom: true,
  permissionable: true,
  createable: true,
  updateable: true,
  picklistValues: [],
  ...more,
});

const record = (name: string, flow: string | null = 'cases', place = `${name}.md`): SyncedFieldRecord => ({
  developerName: name,
  field: name,
  flow,
  place,
});

interface Given {
  fields?: FieldDescription[];
  records?: SyncedFieldRecord[];
  rules?: Record<string, FieldRule>;
  access?: Checked['access'];
}

const check = ({ fields = [], records, rules = {}, access = () => null }: Given): string[] =>
  checkFields(
    {
      records: records ?? fields.map(({ name }) => record(name)),
      fields: new Map([['Case', new Map(fields.map((each) => [each.name.toLowerCase(), each]))]]),
      scope: [],
      recordTypes: new Map(),
      absent: (object, name) => `is absent: ${object} ${name}`,
      access,
    },
    OBJECTS,
    fieldRules({ fields: rules }),
  ).map(({ severity, place, subject, text }) => `${severity} ${place}: ${subject} ${text}`);

/** One field, known outside with the rule. */
const ofField = (more: Partial<FieldDescription>, rule: FieldRule | null = {}): string[] =>
  check({ fields: [field('Own__c', more)], rules: rule ? { Own__c: rule } : {} });

const only = (told: string[], pattern: RegExp): void => {
  assert.equal(told.length, 1, told.join('\n'));
  assert.match(told[0]!, pattern);
};

describe('a synced field', () => {
  it('of each type that messages and digests have a form for is fine', () => {
    for (const type of ['string', 'picklist', 'double', 'currency', 'percent', 'int', 'boolean', 'date', 'datetime'])
      assert.deepEqual(ofField({ type }), [], type);
  });

  it('of another type is told with what to do', () => {
    for (const type of ['time', 'address', 'location', 'base64', 'long', 'anyType'])
      only(
        ofField({ type }),
        new RegExp(`^problem Own__c.md: Case.Own__c is of type ${type}, .*deactivate the record$`),
      );
    only(ofField({ type: 'reference' }), /a lookup holds the id of a record of this org/);
  });

  it('that Salesforce computes or requires is told: activation refuses it', () => {
    for (const more of [{ calculated: true }, { autoNumber: true }, { permissionable: false }])
      only(ofField(more), /activation refuses it/);
    assert.deepEqual(check({ fields: [field('Status', { permissionable: false })] }), [], 'but Status');
  });

  it('needs a flow that exists, in any case', () => {
    const fields = [field('Subject')];
    for (const flow of [null, ''])
      only(check({ fields, records: [record('Subject', flow)] }), /names no flow, .*set Flow__c to one of: cases$/);
    only(check({ fields, records: [record('Subject', 'case')] }), /names the flow case, which does not exist/);
    assert.deepEqual(check({ fields, records: [record('SUBJECT', 'Cases')] }), []);
  });

  it('must be there, once', () => {
    only(check({ records: [record('None__c')] }), /^problem None__c.md: Case.None__c is absent: Case None__c$/);
    const records = [record('Subject', 'cases', 'one.md'), record('subject', 'CASES', 'two.md')];
    only(
      check({ fields: [field('Subject')], records }),
      /^problem two.md: Case.subject is synced by one.md already; deactivate one/,
    );
  });

  it('needs the access that its side tells', () => {
    only(check({ fields: [field('Subject')], access: () => 'may not be edited' }), /Case.Subject may not be edited$/);
  });

  it('must be known outside and fit there', () => {
    only(ofField({}, null), /is not known to the external system; add "Own__c" to the file of rules/);
    only(ofField({ length: 80 }, { maxLength: 79 }), /holds 80 characters, the external system 79: it refuses/);
    assert.deepEqual(ofField({ length: 80 }, { maxLength: 80 }), []);
    assert.deepEqual(ofField({ type: 'double', length: 0 }, { maxLength: 2 }), [], 'a number has no length');
  });

  it('of several lines is a warning where one line is kept outside', () => {
    only(ofField({ type: 'textarea' }), /^warning .*line ends are lost/);
    assert.deepEqual(ofField({ type: 'textarea' }, { spelling: 'lines' }), []);
  });

  it('with values that are refused outside is told with them, inactive ones left out', () => {
    const picklistValues = [
      { value: 'red', active: true },
      { value: 'Blue', active: true },
      { value: 'Green', active: false },
    ];
    const rule: FieldRule = { oneOf: ['Red'], spelling: 'title case' };
    only(ofField({ type: 'picklist', picklistValues }, rule), /refuses \(Blue\); permit them/);
  });
});
