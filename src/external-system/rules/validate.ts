import type { Values } from '../../shared/case-messages.ts';
import type { FieldRule, FieldRules } from './field-rules.ts';

export interface Refusal {
  errorCode: string;
  message: string;
  field: string | null;
}

type Rule = (values: Values) => Refusal | null;

const refuse = (errorCode: string, field: string, message: string): Refusal => ({ errorCode, field, message });

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

/** In the order in which they are asked. */
const rulesOf = (field: string, rule: FieldRule): Rule[] => [
  ...(rule.required ? [required(field)] : []),
  ...(rule.maxLength === undefined ? [] : [longest(field, rule.maxLength)]),
  ...(rule.oneOf ? [oneOf(field, rule.oneOf)] : []),
  ...(rule.pattern ? [matches(field, new RegExp(rule.pattern), rule.expected ?? `of the form ${rule.pattern}`)] : []),
  ...(rule.instant ? [instant(field)] : []),
  ...(rule.range ? [within(field, ...rule.range)] : []),
];

/** The first rule that normalised values break, or null when the registry accepts them. */
export const validate = (fields: FieldRules, values: Values): Refusal | null => {
  for (const rule of [...fields].flatMap(([field, each]) => rulesOf(field, each))) {
    const refusal = rule(values);
    if (refusal) return refusal;
  }
  return null;
};
