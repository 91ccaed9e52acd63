/** What keeps a condition of a scope from being read: as the class SyncScope has it, which activation asks. */
import type { Checked, FieldDescription, FieldProblem, ObjectsOfFlows, ScopeRecord } from './types.ts';

const WITHOUT_VALUES = new Set(['Is Empty', 'Is Not Empty']);
const LISTS = new Set(['Is One Of', 'Is Not One Of']);
const BOUNDS = new Set(['At Least', 'At Most']);

const RECORD_TYPE = new Set(['recordtype', 'recordtypeid']);
const MASTER = 'Master';

/** Describe types that no condition can be over. */
const UNREADABLE = new Set([
  'multipicklist',
  'encryptedstring',
  'address',
  'location',
  'base64',
  'anyType',
  'complexvalue',
]);
const NUMBERS = new Set(['double', 'currency', 'percent', 'int']);

/** What values must be: in words, and whether a text is one. */
interface Form {
  expected: string;
  fits: (text: string) => boolean;
  /** Whether one value can be above another. */
  isOrdered: boolean;
}

const isTime = (text: string): boolean => !Number.isNaN(Date.parse(text));

const TEXT: Form = { expected: 'text', fits: () => true, isOrdered: false };
const NUMBER: Form = {
  expected: 'a number such as 12.5',
  fits: (text) => /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i.test(text),
  isOrdered: true,
};
const FORMS: Record<string, Form> = {
  boolean: { expected: 'true or false', fits: (text) => /^(true|false)$/i.test(text), isOrdered: false },
  date: {
    expected: 'a date such as 2026-11-21',
    fits: (text) => /^\d{4}-\d\d-\d\d$/.test(text) && isTime(text),
    isOrdered: true,
  },
  datetime: {
    expected: 'a UTC time such as 2026-11-21T07:30:00Z',
    fits: (text) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:?00)$/.test(text) && isTime(text),
    isOrdered: true,
  },
};

const recordTypeForm = (object: string, names: readonly string[]): Form => {
  const known = new Set([...names, MASTER].map((name) => name.toLowerCase()));
  return {
    expected: `the developer name of a record type of ${object}, or ${MASTER}`,
    fits: (text) => known.has(text.toLowerCase()),
    isOrdered: false,
  };
};

const fieldProblem = (field: FieldDescription | undefined, object: string): string | null => {
  if (!field) return `is no field of ${object}; correct Field__c, or deactivate the record`;
  const { calculated, autoNumber, custom, permissionable, name, type } = field;
  if (calculated || autoNumber || !(custom || permissionable || name === 'Status'))
    return 'is filled in by Salesforce after the before triggers; use the fields that it is made of';
  return UNREADABLE.has(type) ? `is of a type that no condition can be over (${type})` : null;
};

const valuesProblem = ({ operator, values }: ScopeRecord, form: Form, isLookup: boolean): string | null => {
  if (WITHOUT_VALUES.has(operator))
    return values.length === 0 ? null : `has values, and ${operator} takes none; empty Values__c`;
  if (LISTS.has(operator)) {
    if (values.length === 0) return 'has no value; put one a line into Values__c';
    if (isLookup) return 'is a lookup, whose ids differ from org to org; use Is Empty, Is Not Empty, or another field';
    const wrong = values.find((value) => !form.fits(value));
    return wrong === undefined ? null : `must be ${form.expected}, not "${wrong}"; correct Values__c`;
  }
  if (!BOUNDS.has(operator)) return `has the operator ${operator}, which does not exist; choose one of the picklist`;
  if (!form.isOrdered) return `is no number, date or time, so ${operator} says nothing; choose another operator`;
  return values.length === 1 && form.fits(values[0]!)
    ? null
    : `needs one value for ${operator}, ${form.expected}; correct Values__c`;
};

const problemOf = (record: ScopeRecord, object: string, { fields, recordTypes }: Checked): string | null => {
  if (RECORD_TYPE.has(record.field.toLowerCase()))
    return valuesProblem(record, recordTypeForm(object, recordTypes.get(object) ?? []), false);
  const field = fields.get(object)?.get(record.field.toLowerCase());
  const problem = fieldProblem(field, object);
  if (problem !== null) return problem;
  const { type } = field!;
  return valuesProblem(record, NUMBERS.has(type) ? NUMBER : (FORMS[type] ?? TEXT), type === 'reference');
};

/** All problems of the conditions, in their order. */
export const checkScope = (checked: Checked, objects: ObjectsOfFlows): FieldProblem[] =>
  checked.scope.flatMap((record): FieldProblem[] => {
    const { place, field, flow } = record;
    const object = objects.get((flow ?? '').toLowerCase());
    const told = (subject: string, text: string): FieldProblem[] => [{ severity: 'problem', place, subject, text }];
    if (object === undefined)
      return told(
        field,
        `is for the flow ${flow ?? ''}, which does not exist, so it limits nothing; set Flow__c to one of: ${[...objects.keys()].join(', ')}`,
      );
    const problem = problemOf(record, object, checked);
    return problem === null ? [] : told(`${object}.${field}`, problem);
  });
