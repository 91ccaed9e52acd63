import type { DescribedField } from '../../../src/feeds/object.ts';
import type { FieldPlan, RecordPlan } from '../../../src/feeds/record.ts';
import type { FieldRule } from '../../../src/feeds/types.ts';

/** A field as a describe tells it. */
export const describedField = (name: string, type: string, more: Partial<DescribedField> = {}): DescribedField => ({
  name,
  label: name,
  type,
  length: type === 'string' ? 255 : 0,
  precision: 0,
  scale: 0,
  nillable: true,
  defaultedOnCreate: false,
  createable: true,
  updateable: true,
  externalId: false,
  unique: false,
  caseSensitive: false,
  restrictedPicklist: false,
  picklistValues: [],
  relationshipName: null,
  referenceTo: [],
  ...more,
});

/** A field that the column at a place fills. */
export const fieldPlan = (field: DescribedField, at: number | null, rule: Partial<FieldRule> = {}): FieldPlan => ({
  name: rule.parent === undefined ? field.name : field.relationshipName!,
  field,
  rule: { owner: 'view', column: 'c', ...rule },
  at,
  column: null,
  parentKey: rule.parent === undefined ? null : 'Key__c',
});

/** The key is the first column. */
export const recordPlan = (...fields: FieldPlan[]): RecordPlan => ({
  company: 'ACME',
  timeZone: 'America/New_York',
  externalId: describedField('Key__c', 'string', { length: 40, externalId: true, unique: true }),
  key: [0],
  keyColumns: ['code'],
  fields,
});
