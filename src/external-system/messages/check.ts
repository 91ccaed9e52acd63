import type { ToExternal } from '../../shared/case-messages.ts';

const text = (value: unknown): boolean => typeof value === 'string' && value !== '';
const textOrNull = (value: unknown): boolean => value === null || text(value);
const whole = (value: unknown): boolean => Number.isInteger(value);
const object = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

type Check = [field: string, test: (value: unknown) => boolean, expected: string];

const COMMON: Check[] = [
  ['id', text, 'a text'],
  ['key', text, 'a text'],
];

const BY_KIND: Record<ToExternal['kind'], Check[]> = {
  request: [
    ['idempotencyKey', text, 'a text'],
    ['orgId', text, 'a text'],
    ['version', whole, 'a whole number'],
    ['attempt', whole, 'a whole number'],
    ['originCaseId', textOrNull, 'a text or null'],
    ['baseRevision', (value) => value === null || whole(value), 'a whole number or null'],
    ['values', object, 'an object'],
    ['owners', object, 'an object'],
  ],
  acknowledge: [
    ['revision', whole, 'a whole number'],
    ['success', (value) => typeof value === 'boolean', 'true or false'],
  ],
  writeBack: [
    ['salesforceCaseId', text, 'a text'],
    ['version', whole, 'a whole number'],
  ],
  deletion: [
    ['caseId', text, 'a text'],
    [
      'reason',
      (value) => value === 'Deleted' || value === 'Merged' || value === 'Undeleted',
      'Deleted, Merged or Undeleted',
    ],
    ['at', (value) => text(value) && !Number.isNaN(Date.parse(value as string)), 'an ISO 8601 time'],
    ['tombstoneId', text, 'a text'],
  ],
};

/** What is wrong with a message as received, naming the field, or null. */
export const checkMessage = (message: unknown): string | null => {
  if (!object(message)) return 'a message must be a JSON object';
  const fields = message as Record<string, unknown>;
  const checks = BY_KIND[fields.kind as ToExternal['kind']];
  if (!checks) return `kind must be one of ${Object.keys(BY_KIND).join(', ')}`;
  for (const [field, test, expected] of [...COMMON, ...checks]) {
    if (!test(fields[field])) return `${field} of a ${String(fields.kind)} message must be ${expected}`;
  }
  return null;
};

/** The id of a message as received, or '' when it has none that can be told. */
export const idOf = (message: unknown): string => {
  const id = object(message) ? (message as Record<string, unknown>).id : null;
  return typeof id === 'string' ? id : '';
};
