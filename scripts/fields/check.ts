/** What keeps a synced field from being carried and compared. */
import type { FieldRule, FieldRules } from '../../src/external-system/rules/field-rules.ts';
import { normalise } from '../../src/external-system/rules/normalise.ts';
import { validate } from '../../src/external-system/rules/validate.ts';
import type { Checked, FieldDescription, FieldProblem, ObjectsOfFlows, SyncedFieldRecord } from './types.ts';

/** Describe types whose values are text in messages and digests. */
const TEXT = new Set(['string', 'textarea', 'picklist', 'multipicklist', 'combobox', 'email', 'phone', 'url']);
/** The others that messages and digests have a form for: CaseValueConverter.cls, Digest.cls, src/shared/digest/content.ts. */
const OTHER = new Set(['double', 'currency', 'percent', 'int', 'boolean', 'date', 'datetime']);

/** Why values of a type cannot be synced, where that is not plain. */
const REASONS: Record<string, string> = {
  reference: ': a lookup holds the id of a record of this org, which no other system knows',
  encryptedstring: ': who may not see it reads a mask in its place',
};

/** Every user who may edit a Case may edit its status: no permission of fields is for it. */
export const isStatus = (name: string): boolean => name === 'Status';

type Told = Pick<FieldProblem, 'severity' | 'text'>;

const problem = (text: string): Told => ({ severity: 'problem', text });
const warning = (text: string): Told => ({ severity: 'warning', text });

const typeProblems = ({ type, calculated, autoNumber, permissionable, name }: FieldDescription): Told[] => {
  if (!TEXT.has(type) && !OTHER.has(type))
    return [
      problem(
        `is of type ${type}, which neither messages nor digests have a form for${REASONS[type] ?? ''}; sync text, a picklist, a number, a checkbox, a date or a date and time in its place, or deactivate the record`,
      ),
    ];
  // as CaseField.isSyncable() has it, which activation asks
  if (calculated || autoNumber || !(permissionable || isStatus(name)))
    return [
      problem('is computed by Salesforce or required of every record, so activation refuses it; deactivate the record'),
    ];
  return [];
};

/** What the external system would refuse, or change, of what the field may hold. */
const counterpartProblems = (field: FieldDescription, rules: FieldRules): Told[] => {
  const { name, type, length } = field;
  const rule = rules.get(name);
  if (!rule)
    return [
      problem(
        `is not known to the external system; add "${name}" to the file of rules that it starts with (EXTERNAL_RULES), and name that file by --rules`,
      ),
    ];
  if (type === 'picklist') return valueProblems(field, rule);
  if (!TEXT.has(type)) return [];
  const told: Told[] = [];
  if (rule.maxLength !== undefined && rule.maxLength < length)
    told.push(
      problem(
        `holds ${length} characters, the external system ${rule.maxLength}: it refuses what is longer (TOO_LONG); raise "maxLength" of its rule to ${length}, or shorten the field`,
      ),
    );
  if (type === 'textarea' && normalise(rules, { [name]: 'a\nb' })[name] !== 'a\nb')
    told.push(
      warning(
        'may hold several lines, and the external system makes one of them: line ends are lost on both sides; give its rule "spelling": "lines"',
      ),
    );
  return told;
};

/** The values that the external system refuses of a picklist. */
const valueProblems = ({ name, picklistValues }: FieldDescription, rule: FieldRule): Told[] => {
  const own: FieldRules = new Map([[name, rule]]);
  const refused = picklistValues
    .filter(({ active, value }) => active && validate(own, normalise(own, { [name]: value })))
    .map(({ value }) => value);
  return refused.length === 0
    ? []
    : [
        problem(
          `has values that the external system refuses (${refused.join(', ')}); permit them in its rule, or take them out of the picklist`,
        ),
      ];
};

const flowProblem = ({ flow }: SyncedFieldRecord, objects: ObjectsOfFlows): string => {
  const known = [...objects.keys()].join(', ');
  return flow
    ? `names the flow ${flow}, which does not exist, so nothing syncs the field; set Flow__c to one of: ${known}`
    : `names no flow, so nothing syncs the field; set Flow__c to one of: ${known}`;
};

/** All problems of the records, in their order. Records that name one field of one flow twice are told at the second. */
export const checkFields = (
  { records, fields, absent, access }: Checked,
  objects: ObjectsOfFlows,
  rules: FieldRules,
): FieldProblem[] => {
  const told: FieldProblem[] = [];
  const earlier = new Map<string, SyncedFieldRecord>();
  for (const record of records) {
    const { field: name, place } = record;
    // as Apex and SOQL compare it
    const flow = (record.flow ?? '').toLowerCase();
    const object = objects.get(flow);
    const tell = (subject: string, problems: Told[]): unknown =>
      told.push(...problems.map((each) => ({ place, subject, ...each })));
    if (object === undefined) {
      tell(name, [problem(flowProblem(record, objects))]);
      continue;
    }
    const identity = `${flow} ${name.toLowerCase()}`;
    const first = earlier.get(identity);
    if (first)
      tell(`${object}.${name}`, [problem(`is synced by ${first.place} already; deactivate one of the two records`)]);
    earlier.set(identity, first ?? record);
    const field = fields.get(object)?.get(name.toLowerCase());
    if (!field) {
      tell(`${object}.${name}`, [problem(absent(object, name))]);
      continue;
    }
    const subject = `${object}.${field.name}`;
    const ofType = typeProblems(field);
    tell(subject, ofType);
    if (ofType.length > 0) continue;
    const refused = access(record, object, field);
    tell(subject, [...(refused === null ? [] : [problem(refused)]), ...counterpartProblems(field, rules)]);
  }
  return told;
};
