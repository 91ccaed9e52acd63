/** How the registry of the sample writes values, and which it refuses: written down from the sample's rules, apart from the code that does it. */
import { readFileSync } from 'node:fs';
import type { Scalar, Values } from '../../../shared/case-messages.ts';
import { SAMPLE } from '../../../shared/sample.ts';

interface FieldRule {
  spelling?: string;
  required?: boolean;
  maxLength?: number;
  oneOf?: string[];
  pattern?: string;
  instant?: boolean;
  range?: [low: number, high: number];
}

/** Why a value is refused. */
export interface Refused {
  errorCode: string;
  field: string;
}

/** What every registry knows of the fields of Case, in the order in which it asks. */
const STANDARD: Record<string, FieldRule> = {
  Subject: { required: true, maxLength: 255 },
  Description: { spelling: 'lines', maxLength: 32_000 },
  Status: { oneOf: ['New', 'Working', 'Escalated', 'Closed'] },
};

const RULES: Record<string, FieldRule> = {
  ...STANDARD,
  ...(JSON.parse(readFileSync(SAMPLE.registryRules, 'utf8')) as { fields: Record<string, FieldRule> }).fields,
};

const BEGINS_A_WORD = /[\s\-/.'(]/;

const inLine = (text: string): string =>
  text
    .split(/\s+/)
    .filter((word) => word !== '')
    .join(' ');
const inLines = (text: string): string =>
  text
    .split(/\r\n|\r|\n/)
    .map((line) => line.replace(/[ \t]+$/, ''))
    .join('\n')
    .trim();
const titled = (text: string): string =>
  [...text.toLowerCase()]
    .map((letter, index, all) => (index === 0 || BEGINS_A_WORD.test(all[index - 1]!) ? letter.toUpperCase() : letter))
    .join('');
const degrees = (value: Scalar): Scalar => {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' ? Number(number.toFixed(6)) : number;
};
const seconds = (text: string): string =>
  Number.isNaN(Date.parse(text)) ? text : new Date(text).toISOString().replace(/\.\d{3}Z$/, 'Z');

const speltAs = (spelling: string | undefined, value: Scalar): Scalar => {
  if (spelling === 'degrees') return value === '' ? null : degrees(value);
  if (typeof value !== 'string') return value;
  if (spelling === 'whole seconds') return value === '' ? null : seconds(value);
  const text = spelling === 'lines' ? inLines(value) : inLine(value);
  if (spelling === 'title case') return titled(text) || null;
  return (spelling === 'upper case' ? text.toUpperCase() : text) || null;
};

/** The values as the registry keeps them. */
export const spelt = (values: Values): Values =>
  Object.fromEntries(Object.entries(values).map(([field, value]) => [field, speltAs(RULES[field]?.spelling, value)]));

const codeOf = (value: Scalar, rule: FieldRule): string | null => {
  if (value === null) return rule.required ? 'REQUIRED' : null;
  if (rule.maxLength !== undefined && typeof value === 'string' && value.length > rule.maxLength) return 'TOO_LONG';
  if (rule.oneOf && !rule.oneOf.includes(String(value))) return 'UNKNOWN_VALUE';
  if (rule.pattern && !new RegExp(rule.pattern).test(String(value))) return 'MALFORMED';
  if (rule.instant && Number.isNaN(Date.parse(String(value)))) return 'MALFORMED';
  if (!rule.range) return null;
  const [low, high] = rule.range;
  return typeof value === 'number' && value >= low && value <= high ? null : 'OUT_OF_RANGE';
};

/** The first rule that these values break, or null. */
export const refusalOf = (values: Values): Refused | null => {
  for (const [field, rule] of Object.entries(RULES)) {
    const errorCode = codeOf(values[field] ?? null, rule);
    if (errorCode !== null) return { errorCode, field };
  }
  return null;
};
