/** What leaves for a Case that waits for an answer: its request, or the refusal that it would never get. */
import { CASES } from './name.ts';
import type { RefusedMessage, RequestMessage } from '../../../shared/case-messages.ts';
import { checkToExternal, MALFORMED } from '../../../shared/check-message.ts';
import { randomUuid } from 'kernel/random.ts';
import type { OwnFault } from '../../../shared/own-fault.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { PendingCase, SyncedField } from './salesforce/port.ts';
import type { CaseState } from './db/case-states.ts';
import { addToCounter } from '../../../middle-layer/db/counters.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import type { FlowContext, Draft } from '../../../middle-layer/types.ts';
import { toExternal, toSalesforce } from './drafts.ts';
import { requestOfCase } from './request-of-case.ts';

export interface Uncarriable {
  errorCode: string;
  message: string;
  field: string | null;
}

const VALUES = 'values.';
/** Shown by `/v1/status`; the audit names each, by code and field. */
const REFUSED_CASES = 'casesRefused';

/** Why a Case cannot be carried: its field, what is wrong there, and what to do. Null: nothing is. */
export const uncarriable = (from: PendingCase, request: RequestMessage): Uncarriable | null => {
  const { unreadable } = from;
  if (unreadable !== undefined) {
    const message = `${unreadable} has a time that cannot be read; correct it and save`;
    return { errorCode: 'UNREADABLE_TIME', message, field: unreadable };
  }
  const problem = checkToExternal(request);
  if (!problem) return null;
  const isValue = problem.at.startsWith(VALUES);
  const field = isValue ? problem.at.slice(VALUES.length) : problem.at;
  const errorCode = isValue ? 'UNSTORABLE_TEXT' : MALFORMED;
  return { errorCode, message: `${field} ${problem.is} and save`, field: isValue ? field : null };
};

const refusalOf = (context: FlowContext, from: PendingCase, reason: Uncarriable): RefusedMessage => ({
  kind: 'refused',
  id: randomUuid(context.random),
  key: from.key,
  version: from.version,
  attempt: from.attempt,
  ...reason,
  record: null,
});

/** The draft that carries a Case. A Case that cannot be carried is refused in the external system's stead: by name, alone. */
export const carryCase = (
  context: FlowContext,
  orgId: string,
  from: PendingCase,
  fields: readonly SyncedField[],
  state: CaseState | undefined,
  fault: OwnFault | null,
): Draft => {
  const request = requestOfCase(randomUuid(context.random), orgId, from, fields, state);
  const reason = fault ? { ...fault, field: null } : uncarriable(from, request);
  if (!reason) return toExternal(request);
  const { id: caseId, key, version } = from;
  context.log('warn', 'Case refused', { caseId, key, version, field: reason.field, code: reason.errorCode });
  const field = reason.field === null ? 'a value' : reason.field;
  context.notices.note(`Case not carried: ${reason.errorCode}`, {
    what: `Cases hold in ${field} what cannot be carried (${reason.errorCode}); each is Failed with the reason in Sync_Error__c, and holds up no other`,
    keys: [key],
    remedy:
      'correct the value in Salesforce: the next save sends it; after a change of the rules, CaseRetryBatch.run(code) as anonymous Apex',
    at: context.clock.now(),
  });
  return toSalesforce(refusalOf(context, from, reason));
};

/** The audit tells that a request never left, and which field was at fault. */
export const auditRefused = async (
  context: FlowContext,
  tx: Queryable,
  drafts: readonly Draft[],
  now: Date,
): Promise<void> => {
  const refused = drafts.filter(({ kind }) => kind === 'refused').map(({ payload }) => payload as RefusedMessage);
  if (refused.length === 0) return;
  const rows = refused.map(({ key, version, attempt, errorCode, field }) => ({
    target: 'external',
    message_id: null,
    key,
    kind: 'request',
    version,
    attempt,
    outcome: 'REFUSED',
    code: errorCode,
    field,
  }));
  await insertAudit(tx, context, rows, now);
  await addToCounter(tx, CASES, REFUSED_CASES, rows.length);
};
