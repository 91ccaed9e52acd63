import type { Values } from '../../shared/case-messages.ts';

export interface Refusal {
  errorCode: string;
  message: string;
  field: string | null;
}

type Rule = (values: Values) => Refusal | null;

const refuse = (errorCode: string, field: string, message: string): Refusal => ({ errorCode, field, message });

const STATUSES = ['New', 'Working', 'Escalated', 'Closed'];
const BOROUGHS = ['Bronx', 'Brooklyn', 'Manhattan', 'Queens', 'Staten Island', 'Unspecified'];

const required =
  (field: string): Rule =>
  (values) =>
    values[field] == null ? refuse('REQUIRED', field, `${field} is empty; give it a value and retry`) : null;

const longest =
  (field: string, limit: number): Rule =>
  (values) => {
    const value = values[field];
    return typeof value === 'string' && value.length > limit
      ? refuse(
          'TOO_LONG',
          field,
          `${field} has ${value.length} characters, at most ${limit} are kept; shorten it and retry`,
        )
      : null;
  };

const oneOf =
  (field: string, allowed: readonly string[]): Rule =>
  (values) => {
    const value = values[field];
    return value != null && !allowed.includes(String(value))
      ? refuse('UNKNOWN_VALUE', field, `${field} must be one of ${allowed.join(', ')}; choose one and retry`)
      : null;
  };

const matches =
  (field: string, pattern: RegExp, expected: string): Rule =>
  (values) => {
    const value = values[field];
    return value != null && !pattern.test(String(value))
      ? refuse('MALFORMED', field, `${field} must be ${expected}; correct it and retry`)
      : null;
  };

const within =
  (field: string, low: number, high: number): Rule =>
  (values) => {
    const value = values[field];
    return value != null && !(typeof value === 'number' && value >= low && value <= high)
      ? refuse('OUT_OF_RANGE', field, `${field} must be a number from ${low} to ${high}; correct it and retry`)
      : null;
  };

const instant =
  (field: string): Rule =>
  (values) => {
    const value = values[field];
    return value != null && Number.isNaN(Date.parse(String(value)))
      ? refuse('MALFORMED', field, `${field} must be an ISO 8601 date and time; correct it and retry`)
      : null;
  };

const RULES: Rule[] = [
  required('Subject'),
  longest('Subject', 255),
  longest('Description', 32_000),
  oneOf('Status', STATUSES),
  oneOf('Borough__c', BOROUGHS),
  matches('Incident_Zip__c', /^\d{5}(-\d{4})?$/, 'five digits, or nine as 12345-6789'),
  matches('Due_Date__c', /^\d{4}-\d{2}-\d{2}$/, 'a date as YYYY-MM-DD'),
  instant('Reported_At__c'),
  within('Latitude__c', -90, 90),
  within('Longitude__c', -180, 180),
];

/** The first rule that normalised values break, or null when the registry accepts them. */
export const validate = (values: Values): Refusal | null => {
  for (const rule of RULES) {
    const refusal = rule(values);
    if (refusal) return refusal;
  }
  return null;
};
