import type { FromExternal } from '../../../shared/case-messages.ts';

type Test = (value: unknown) => boolean;
type Check = [field: string, test: Test, expected: string];

/** `Sync_Key__c` is Text(36): a lower-case UUID. */
const KEY = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** Number(9,0), and attempts Number(4,0), in Salesforce. */
const MAX_NUMBER = 999_999_999;
const MAX_ATTEMPT = 9_999;
const MAX_ID = 100;

const isText: Test = (value) => typeof value === 'string' && value !== '';
const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const isScalar: Test = (value) => value === null || ['string', 'number', 'boolean'].includes(typeof value);
const isCount = (value: unknown, from: number, to = MAX_NUMBER): boolean =>
  Number.isInteger(value) && (value as number) >= from && (value as number) <= to;
const orNull =
  (test: Test): Test =>
  (value) =>
    value === null || test(value);
const isTime: Test = (value) =>
  typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) && !Number.isNaN(Date.parse(value));
const isConflict: Test = (value) =>
  isObject(value) &&
  isText(value.field) &&
  (value.owner === 'Salesforce' || value.owner === 'External') &&
  isScalar(value.kept) &&
  isScalar(value.lost);

export const isKey: Test = (value) => typeof value === 'string' && KEY.test(value);
export const isValues: Test = (value) => isObject(value) && Object.values(value).every(isScalar);

const COMMON: Check[] = [
  ['id', (value) => isText(value) && (value as string).length <= MAX_ID, `a text of at most ${MAX_ID} characters`],
  ['key', isKey, 'a lower-case UUID'],
];
const EXTERNAL_ID: Check = ['externalId', isText, 'a text'];
const VERSION: Check = ['version', (value) => isCount(value, 1), 'a whole number from 1'];
const REVISION: Check = ['revision', (value) => isCount(value, 1), 'a whole number from 1'];

const RECORD: Check[] = [
  EXTERNAL_ID,
  REVISION,
  ['requestVersion', orNull((value) => isCount(value, 1)), 'a whole number from 1, or null'],
  ['salesforceCaseId', orNull(isText), 'a text or null'],
  ['originCaseId', orNull(isText), 'a text or null'],
  ['values', isValues, 'an object of texts, numbers, booleans and nulls'],
  [
    'conflicts',
    (value) => value === undefined || (Array.isArray(value) && value.every(isConflict)),
    'a list of {field, owner, kept, lost}',
  ],
  ['retriggered', (value) => typeof value === 'boolean', 'true or false'],
];

const BY_KIND: Record<FromExternal['kind'], Check[]> = {
  record: RECORD,
  refused: [
    VERSION,
    ['attempt', (value) => isCount(value, 0, MAX_ATTEMPT), `a whole number from 0 to ${MAX_ATTEMPT}`],
    ['errorCode', isText, 'a text'],
    ['message', isText, 'a text'],
    ['field', orNull(isText), 'a text or null'],
    ['record', (value) => value === null || (isObject(value) && problemOf(value, RECORD) === null), 'a record or null'],
  ],
  writeBackConfirmed: [EXTERNAL_ID, ['salesforceCaseId', isText, 'a text'], VERSION],
  deletionRecorded: [['tombstoneId', isText, 'a text']],
  deleted: [EXTERNAL_ID, REVISION, ['at', isTime, 'an ISO 8601 time']],
};

const problemOf = (message: Record<string, unknown>, checks: readonly Check[]): string | null => {
  const failed = checks.find(([field, test]) => !test(message[field]));
  return failed ? `${failed[0]} must be ${failed[2]}` : null;
};

/** What is wrong with a message from the external system, naming the field; null when nothing is. */
export const checkMessage = (message: unknown): string | null => {
  if (!isObject(message)) return 'a message must be a JSON object';
  const checks = Object.hasOwn(BY_KIND, String(message.kind)) ? BY_KIND[message.kind as FromExternal['kind']] : null;
  if (!checks) return `kind must be one of ${Object.keys(BY_KIND).join(', ')}`;
  return problemOf(message, [...COMMON, ...checks]);
};
