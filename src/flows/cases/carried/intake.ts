import type { RequestMessage, Values } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { SyncedField } from './salesforce/port.ts';
import { ownFault } from '../../../shared/own-fault.ts';
import { randomUuid } from 'kernel/random.ts';
import { isDatabaseUnavailable } from '../../../shared/sql/errors.ts';
import { insertIntake } from './db/intakes.ts';
import { readSweepState } from './db/sweep-state.ts';
import { lockCases, updateCaseStates } from './db/case-states.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';
import { toExternal } from './drafts.ts';
import { ownersOf } from './request-of-case.ts';
import { intakeDue } from './resend-intakes.ts';

export interface IntakeRequest {
  orgId: string;
  key: string | null;
  values: Values;
}

export type IntakeAnswer =
  | { accepted: true; trackingKey: string }
  | { accepted: false; status: number; errorCode: string; message: string; retryable: boolean };

/** A request's first version; the Case that it leads to is born with the same. */
const FIRST_VERSION = 1;

const refuse = (status: number, errorCode: string, message: string, retryable: boolean): IntakeAnswer => ({
  accepted: false,
  status,
  errorCode,
  message,
  retryable,
});

/** Takes a full request from Salesforce: committed before it is accepted. The same key again gets the same answer. */
export const intake = async (context: FlowContext, request: IntakeRequest): Promise<IntakeAnswer> => {
  const { org_id: orgId, fields } = await readSweepState(context.db);
  if (orgId === null)
    return refuse(
      503,
      'NOT_READY',
      'nothing accepted; the middle layer has not reached Salesforce yet: repeat later',
      true,
    );
  if (orgId.slice(0, 15) !== request.orgId.slice(0, 15)) {
    return refuse(
      409,
      'ANOTHER_ORG',
      'nothing accepted; this middle layer serves another org: correct the Named Credential',
      false,
    );
  }
  const key = request.key ?? randomUuid(context.random);
  const message = messageOf(context, orgId, key, request.values, fields);
  return context.db
    .transaction((tx) => accept(context, tx, message))
    .catch((error: unknown) => refusalOf(context, key, error));
};

/** The first request of a Case that is not there yet: values that are synced, and what else was given. */
const messageOf = (
  { random }: FlowContext,
  orgId: string,
  key: string,
  values: Values,
  fields: readonly SyncedField[],
): RequestMessage => {
  const synced = new Set(fields.map(({ name }) => name.toLowerCase()));
  const part = (wanted: boolean): Values =>
    Object.fromEntries(Object.entries(values).filter(([name]) => synced.has(name.toLowerCase()) === wanted));
  return {
    kind: 'request',
    id: randomUuid(random),
    key,
    idempotencyKey: `${orgId}:${key}:${FIRST_VERSION}`,
    orgId,
    version: FIRST_VERSION,
    attempt: 0,
    originCaseId: null,
    baseRevision: null,
    values: part(true),
    extra: part(false),
    owners: ownersOf(fields),
  };
};

/** Rejects with KeyTaken. */
const accept = async (context: FlowContext, tx: Queryable, message: RequestMessage): Promise<IntakeAnswer> => {
  const { key } = message;
  const state = (await lockCases(tx, [key])).get(key)!;
  const entry = { key, payload: message, dueAt: intakeDue(context, 0) };
  const isNew = await insertIntake(tx, entry, new Date(context.clock.now()));
  if (!isNew) return { accepted: true, trackingKey: key };
  if (state.request_version > 0 || state.revision > 0) throw new KeyTaken(key);
  await updateCaseStates(tx, [{ key, request_version: FIRST_VERSION, request_attempt: 0 }]);
  await enqueue(context, tx, [toExternal(message)]);
  return { accepted: true, trackingKey: key };
};

/** What the caller is told of an error. Throws what is no answer to a request. */
const refusalOf = (context: FlowContext, key: string, error: unknown): IntakeAnswer => {
  if (error instanceof KeyTaken) return refuse(409, 'KEY_TAKEN', error.message, false);
  if (isDatabaseUnavailable(error)) {
    const unknown = 'the database went away; whether it was accepted is unknown';
    return refuse(503, 'DATABASE_UNAVAILABLE', `${unknown}: it is safe to repeat with key ${key}`, true);
  }
  const fault = ownFault(error);
  if (!fault) throw error;
  context.log('warn', 'intake refused', { key, code: fault.errorCode });
  return refuse(422, fault.errorCode, `nothing accepted; ${fault.message}`, false);
};

/** Ends the transaction without a trace. */
class KeyTaken extends Error {
  constructor(key: string) {
    super(
      `nothing accepted; the key ${key} belongs to a Case: change that Case, or leave the key out to get a new one`,
    );
  }
}
