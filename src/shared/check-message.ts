/** What is wrong with a message of the Case flow where it enters: one set of rules for both directions. */
import { LINEAGE_LENGTH, type FromExternal, type ToExternal } from './case-messages.ts';
import {
  attempt,
  byField,
  byKind,
  count,
  diagnostic,
  fields,
  flag,
  identifier,
  key,
  listOf,
  oneOf,
  optional,
  orNull,
  salesforceId,
  scalar,
  time,
  values,
  wholeFrom,
  type Check,
  type Problem,
} from './checks.ts';
import { storableCode, storableDiagnostic } from './text.ts';

const id = identifier(100);
const owner = oneOf('Salesforce', 'External');
/** `External_Id__c` is Text(64). */
const externalId = identifier(64);
const common = { id, key };
const mark = identifier(100);
const marks: Check = (value) =>
  Array.isArray(value) && value.length > LINEAGE_LENGTH
    ? { at: '', is: `must be a list of at most ${LINEAGE_LENGTH} marks` }
    : listOf(mark)(value);
const digest = wholeFrom(0, 999_999_999);
/** What the other side has seen: a sender that does not say it leaves it out. */
const seen = { seenRevision: optional(orNull(count)), seenMark: optional(orNull(mark)) };

const RECORD = {
  externalId,
  revision: count,
  requestVersion: orNull(count),
  requestDigest: optional(orNull(digest)),
  lineage: optional(marks),
  salesforceCaseId: orNull(salesforceId),
  originCaseId: orNull(salesforceId),
  values,
  conflicts: optional(listOf(fields({ field: identifier(255), owner, kept: scalar, lost: scalar }))),
  retriggered: flag,
};

const FROM_EXTERNAL: Record<FromExternal['kind'], Check> = {
  record: fields({ ...common, ...RECORD }),
  refused: fields({
    ...common,
    version: count,
    attempt,
    errorCode: diagnostic,
    message: diagnostic,
    field: orNull(identifier(255)),
    record: orNull(fields(RECORD)),
  }),
  writeBackConfirmed: fields({ ...common, externalId, salesforceCaseId: salesforceId, version: count }),
  deletionRecorded: fields({ ...common, tombstoneId: id }),
  deleted: fields({ ...common, externalId, revision: count, at: time }),
  requestWanted: fields({ ...common, externalId, revision: orNull(count), seenRevision: wholeFrom(0, 999_999_999) }),
};

const TO_EXTERNAL: Record<ToExternal['kind'], Check> = {
  request: fields({
    ...common,
    idempotencyKey: id,
    orgId: identifier(18),
    version: count,
    attempt,
    originCaseId: orNull(salesforceId),
    baseRevision: orNull(count),
    values,
    extra: optional(values),
    owners: byField(owner),
    ...seen,
    caseRevision: optional(orNull(count)),
    externalId: optional(orNull(externalId)),
    requestedAt: optional(orNull(time)),
    digest: optional(orNull(digest)),
  }),
  acknowledge: fields({
    ...common,
    externalId,
    revision: count,
    success: flag,
    errorCode: optional(diagnostic),
    message: optional(diagnostic),
    ...seen,
  }),
  writeBack: fields({
    ...common,
    externalId,
    salesforceCaseId: salesforceId,
    version: count,
    acknowledges: optional(fields({ revision: count, ...seen })),
  }),
  deletion: fields({
    ...common,
    caseId: salesforceId,
    reason: oneOf('Deleted', 'Merged', 'Archived', 'Left Scope', 'Undeleted', 'Entered Scope'),
    masterKey: orNull(key),
    at: time,
    tombstoneId: id,
  }),
};

const whole = { at: 'a message', is: '' };
const named =
  (check: Check): ((message: unknown) => Problem | null) =>
  (message) => {
    const found = check(message);
    return found?.at === '' ? { ...whole, is: found.is } : found;
  };

/** What is wrong with a message from the external system, or null. */
export const checkFromExternal = named(byKind('kind', FROM_EXTERNAL));
/** What is wrong with a message to the external system, or null. */
export const checkToExternal = named(byKind('kind', TO_EXTERNAL));

/** Code of the receipt of a message that a check refuses. */
export const MALFORMED = 'MALFORMED_MESSAGE';

/** The id of a message as it came, for its receipt: empty when it has none that can be told. */
export const idOf = (message: unknown): string => {
  const given = typeof message === 'object' && message !== null ? (message as { id?: unknown }).id : null;
  return typeof given === 'string' ? given : '';
};

/** A message whose error texts, which no check refuses, are fit to be stored. */
export const withStorableDiagnostics = <M extends FromExternal | ToExternal>(message: M): M => {
  if (!('errorCode' in message) && !('message' in message)) return message;
  const { errorCode, message: text } = message as { errorCode?: string; message?: string };
  return {
    ...message,
    ...(errorCode === undefined ? {} : { errorCode: storableCode(errorCode) }),
    ...(text === undefined ? {} : { message: storableDiagnostic(text) }),
  };
};
