/** Values in a form in which what a view says and what Salesforce tells can be compared. */
import { createHash } from 'node:crypto';
import { timeOf } from '../shared/salesforce/soql.ts';
import { isPlain } from '../shared/shapes.ts';
import { isNumeric, type FieldPlan, type RecordPlan } from './record.ts';
import type { FieldValue, Values } from './types.ts';

/** Of the values as they were written, to the last digit. */
export const exactDigest = (plan: RecordPlan, values: Values): string =>
  digestOf(compared(plan).map(({ name }) => values[name] ?? null));

/** Of the values as Salesforce tells them: numbers as far as JSON carries them. */
export const heldDigest = (plan: RecordPlan, values: Values): string =>
  digestOf(compared(plan).map((field) => canonical(field, values[field.name] ?? null)));

/** Only what the view owns: what people in Salesforce own may be anything. */
export const compared = ({ fields }: RecordPlan): FieldPlan[] => fields.filter(({ rule }) => rule.owner === 'view');

/** 128 bits: among 10^9 rows two that differ and share a digest come about once in 10^20. */
const digestOf = (values: readonly FieldValue[]): string =>
  createHash('sha256').update(JSON.stringify(values)).digest('base64').slice(0, 22);

const canonical = ({ field, parentKey }: FieldPlan, value: FieldValue): FieldValue => {
  if (value === null || typeof value === 'boolean') return value;
  if (parentKey !== null) return rowKey(value);
  if (isNumeric(field)) return String(Number(value));
  if (field.type === 'datetime') return String(timeOf(value));
  // Salesforce keeps line ends as it likes
  return value.replace(/\r\n?/g, '\n');
};

/** The values of a record that a query told, by the names of the plan. */
export const valuesIn = (plan: RecordPlan, record: Record<string, unknown>): Values =>
  Object.fromEntries(plan.fields.map((field) => [field.name, told(field, record[field.name])]));

const told = ({ parentKey, field }: FieldPlan, value: unknown): FieldValue => {
  if (parentKey !== null) return isPlain(value) && typeof value[parentKey] === 'string' ? value[parentKey] : null;
  if (value === null || value === undefined || value === '') return field.type === 'boolean' ? false : null;
  return typeof value === 'number'
    ? String(value)
    : typeof value === 'string' || typeof value === 'boolean'
      ? value
      : null;
};

/** How an external id is compared: Salesforce's are unique without case, where they are not declared otherwise; the plan refuses those. */
export const rowKey = (externalId: string): string => externalId.toLowerCase();
