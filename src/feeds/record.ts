/** A row as a record of Salesforce: its external id, its values in the form of the object's fields, or why it is none. */
import { DateTime } from 'luxon';
import type { ContentType } from '../shared/digest/content.ts';
import { exactText, decimalOfNumber, rounded } from '../shared/exact-decimal.ts';
import { valueProblem } from '../shared/text.ts';
import type { DescribedField } from './object.ts';
import type { Column, SourceValue } from './source/types.ts';
import type { FieldRule, FieldValue, RowProblem, Values } from './types.ts';

/** How one field of the records is made. */
export interface FieldPlan {
  /** What stands in the record: the field, or the relationship of a look-up. */
  name: string;
  field: DescribedField;
  rule: FieldRule;
  /** Where the column stands in a row; null: a constant. */
  at: number | null;
  column: Column | null;
  /** Of a look-up: the external id field of the parent. */
  parentKey: string | null;
}

export interface RecordPlan {
  company: string;
  /** In which the source means timestamps that have no zone: a name of the time zone database. */
  timeZone: string;
  externalId: DescribedField;
  /** Where the columns of the key stand in a row. */
  key: number[];
  keyColumns: string[];
  fields: FieldPlan[];
}

/** A row that can be written. */
export interface MappedRow {
  externalId: string;
  values: Values;
  /** External ids of its parents, by the feed that they belong to. */
  parents: { feed: string; externalId: string }[];
}

/** A row that cannot; `externalId` as far as it has one. */
export interface UnusableRow {
  externalId: string | null;
  problem: RowProblem;
}

export type Mapped = MappedRow | UnusableRow;

export const isUnusable = (row: Mapped): row is UnusableRow => 'problem' in row;

/** Salesforce's own: between the company and the key, and between the parts of a key. */
const SEPARATOR = '-';
const REPLACEMENT = '\ufffd';
const NUMBER = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const DATE = /^\d{4}-\d\d-\d\d$/;
const NUMERIC = new Set(['double', 'currency', 'percent', 'int', 'long']);
const TEXTUAL = new Set([
  'string',
  'textarea',
  'phone',
  'email',
  'url',
  'picklist',
  'combobox',
  'encryptedstring',
  'id',
]);
/** Salesforce takes dates from 1700 to 4000 (Object Reference, "Field types"). */
const FIRST_DATE = '1700-01-01';
const LAST_DATE = '4000-12-31';

/** The field as a query names it: of a look-up the path to its parent's external id. */
export const pathOf = ({ name, parentKey }: FieldPlan): string => (parentKey === null ? name : `${name}.${parentKey}`);

/** How a value of the field is digested, and read from the results of a job. */
export const contentTypeOf = ({ field, parentKey }: FieldPlan): ContentType => {
  if (parentKey !== null) return 'text';
  if (isNumeric(field)) return 'number';
  return field.type === 'boolean' || field.type === 'datetime' || field.type === 'date' ? field.type : 'text';
};

export const isNumeric = ({ type }: DescribedField): boolean => NUMERIC.has(type);
export const isTextual = ({ type }: DescribedField): boolean => TEXTUAL.has(type);

/** Thrown while a row is mapped, and nowhere else. */
class Unusable extends Error {
  readonly problem: RowProblem;

  constructor(problem: RowProblem) {
    super(problem.message);
    this.problem = problem;
  }
}

const unusable = (code: string, field: string | null, message: string, remedy: string): never => {
  throw new Unusable({ code, field, message, remedy });
};

/** Texts lose the blanks around them, as Salesforce takes them away; a text of blanks is no value. */
const trimmed = (value: SourceValue): string | boolean | null => {
  if (typeof value !== 'string') return value;
  const text = value.trim();
  return text === '' ? null : text;
};

const checkText = (name: string, text: string): void => {
  const problem = valueProblem(text);
  if (problem !== null) unusable('BAD_TEXT', name, `${name} ${problem}`, 'correct it in the source');
  if (text.includes(REPLACEMENT))
    unusable(
      'BAD_TEXT',
      name,
      `${name} has a character that could not be read (U+FFFD)`,
      'correct its encoding in the source',
    );
};

const textValue = (name: string, field: DescribedField, value: string): string => {
  checkText(name, value);
  if (field.length > 0 && value.length > field.length)
    unusable(
      'STRING_TOO_LONG',
      name,
      `${name} has ${value.length} characters, at most ${field.length} fit`,
      'shorten it in the source, or make the field longer',
    );
  if (field.restrictedPicklist && !field.picklistValues.some((entry) => entry.active && entry.value === value))
    unusable(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      name,
      `${name} has ${JSON.stringify(value)}, which is no active value of the picklist`,
      'add the value to the picklist, or map it with "values"',
    );
  return value;
};

/** Exact decimal text, no more digits than the field holds. */
const numberValue = (name: string, field: DescribedField, value: string): string => {
  if (!NUMBER.test(value))
    unusable(
      'NOT_A_NUMBER',
      name,
      `${name} has ${JSON.stringify(value)}, which is no number`,
      'correct it in the source',
    );
  const number = decimalOfNumber(value);
  const text = exactText(number);
  const scale = field.type === 'int' ? 0 : field.scale;
  if (exactText(rounded(number, scale)) !== text)
    unusable(
      'TOO_MANY_DECIMALS',
      name,
      `${name} has ${text}, the field keeps ${scale} digits behind the point`,
      'round it in the view, or give the field more digits',
    );
  const whole = text.replace(/^-/, '').split('.')[0]!.replace(/^0$/, '');
  const most = (field.type === 'int' ? 10 : field.precision) - scale;
  if (whole.length > most)
    unusable(
      'NUMBER_OUTSIDE_VALID_RANGE',
      name,
      `${name} has ${text}, the field keeps ${most} digits before the point`,
      'correct it in the source',
    );
  return text;
};

const booleanValue = (name: string, value: string | boolean): boolean => {
  if (typeof value === 'boolean') return value;
  const text = value.toLowerCase();
  if (text !== 'true' && text !== 'false' && text !== '1' && text !== '0')
    unusable(
      'NOT_A_FLAG',
      name,
      `${name} has ${JSON.stringify(value)}, which is neither true nor false`,
      'map it with "values"',
    );
  return text === 'true' || text === '1';
};

const withinDates = (name: string, date: string): void => {
  if (date < FIRST_DATE || date > LAST_DATE)
    unusable(
      'DATE_OUT_OF_RANGE',
      name,
      `${name} has ${date}; Salesforce keeps dates from 1700 to 4000`,
      'correct it in the source, or name it under "nulls"',
    );
};

/** A timestamp at midnight is how many databases keep a date. */
const dateOf = (value: string): string => (/^.{10}T00:00:00(\.0+)?Z?$/.test(value) ? value.slice(0, 10) : value);

const dateValue = (name: string, value: string): string => {
  const date = dateOf(value);
  if (!DATE.test(date))
    unusable(
      'NOT_A_DATE',
      name,
      `${name} has ${JSON.stringify(value)}, which is no date`,
      'cast it to a date in the view',
    );
  withinDates(name, date);
  return date;
};

const WITHOUT_ZONE = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?$/;
const WITH_ZONE = /^\d{4}-\d\d-\d\dT.*Z$/;

/** A timestamp without a zone is of the source's. One that its clocks showed never, or twice, is not shifted: nobody knows which moment it means. */
const zonedValue = (name: string, value: string, zone: string): string => {
  const shown = DateTime.fromISO(value.replace(' ', 'T'), { zone: 'UTC' });
  const at = shown.setZone(zone, { keepLocalTime: true });
  const notOne = (code: string, words: string): never =>
    unusable(code, name, `${name} has ${value}, which ${words} in ${zone}`, CAST_TO_MOMENT);
  if (!at.isValid) return notOne('NOT_A_TIME', 'no clock shows');
  if (at.hour !== shown.hour || at.minute !== shown.minute)
    return notOne('TIME_DOES_NOT_EXIST', 'does not exist: clocks went forward over it');
  if (at.getPossibleOffsets().length > 1)
    return notOne('TIME_IS_AMBIGUOUS', 'there are two of: clocks went back over it');
  return at.toUTC().toISO();
};

const CAST_TO_MOMENT = "cast it to a timestamp with time zone in the view, or correct the source's timeZone";

const datetimeValue = (name: string, value: string, zone: string): string => {
  const moment = WITHOUT_ZONE.test(value) ? zonedValue(name, value, zone) : value;
  if (!WITH_ZONE.test(moment) || Number.isNaN(Date.parse(moment)))
    unusable(
      'NOT_A_TIME',
      name,
      `${name} has ${JSON.stringify(value)}, which is no moment`,
      'cast it to a timestamp in the view',
    );
  withinDates(name, moment.slice(0, 10));
  return new Date(moment).toISOString();
};

const converted = (name: string, field: DescribedField, value: string | boolean, zone: string): FieldValue => {
  if (field.type === 'boolean') return booleanValue(name, value);
  const text = String(value);
  if (isNumeric(field)) return numberValue(name, field, text);
  if (field.type === 'date') return dateValue(name, text);
  if (field.type === 'datetime') return datetimeValue(name, text, zone);
  return textValue(name, field, text);
};

/** Whether a value stands for none. For a date the day decides, also where the database keeps a timestamp. */
const isNull = ({ nulls = [] }: FieldRule, { type }: DescribedField, value: string | boolean): boolean =>
  nulls.includes(String(value)) || (type === 'date' && nulls.includes(dateOf(String(value))));

const meant = ({ name, field, rule }: FieldPlan, value: string | boolean | null): string | boolean | null => {
  const { values } = rule;
  if (value === null || isNull(rule, field, value)) return null;
  if (!values) return value;
  const text = String(value);
  if (!Object.hasOwn(values, text))
    unusable(
      'UNKNOWN_VALUE',
      name,
      `${name} has ${JSON.stringify(text)}, which "values" does not name`,
      `add it to the mapping; known are ${Object.keys(values).join(', ')}`,
    );
  return values[text]!;
};

/** `ITALCOL-0012`; null when a part of the key is empty. */
const keyOf = (company: string, parts: readonly (string | boolean | null)[]): string | null =>
  parts.some((part) => part === null) ? null : [company, ...parts.map(String)].join(SEPARATOR);

const externalIdOf = (plan: RecordPlan, row: readonly SourceValue[]): string => {
  const parts = plan.key.map((at) => trimmed(row[at]!));
  const key =
    keyOf(plan.company, parts) ??
    unusable(
      'NO_KEY',
      plan.externalId.name,
      `the key ${plan.keyColumns.join(', ')} is empty`,
      'give the row a key in the source',
    );
  return textValue(plan.externalId.name, plan.externalId, key);
};

const valueOf = (plan: RecordPlan, made: FieldPlan, row: readonly SourceValue[]): FieldValue => {
  const { name, field, rule, at } = made;
  if (at === null) return converted(name, field, rule.constant!, plan.timeZone);
  const value = meant(made, trimmed(row[at]!));
  if (value !== null && rule.parent !== undefined) {
    checkText(name, String(value));
    return keyOf(plan.company, [value]);
  }
  // a checkbox has no third state
  if (value === null && field.type === 'boolean') return false;
  if (value === null && !field.nillable && !field.defaultedOnCreate)
    return unusable(
      'REQUIRED_FIELD_MISSING',
      name,
      `${name} is required, and the row has no value`,
      'give the row a value in the source',
    );
  return value === null ? null : converted(name, field, value, plan.timeZone);
};

/** What a row becomes. */
export const mapRow = (plan: RecordPlan, row: readonly SourceValue[]): Mapped => {
  let externalId: string | null = null;
  try {
    externalId = externalIdOf(plan, row);
    const values: Values = {};
    const parents: MappedRow['parents'] = [];
    for (const field of plan.fields) {
      const value = valueOf(plan, field, row);
      values[field.name] = value;
      if (field.rule.parent !== undefined && value !== null)
        parents.push({ feed: field.rule.parent, externalId: String(value) });
    }
    return { externalId, values, parents };
  } catch (error) {
    if (error instanceof Unusable) return { externalId, problem: error.problem };
    throw error;
  }
};
