import type { FromExternal, RequestMessage, ToExternal } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import { RequestError } from '../../../shared/router.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { SalesforcePort } from './salesforce/port.ts';
import { type DeadLetter, type DeadLetterSummary, lockDeadLetter } from '../../../middle-layer/db/dead-letters.ts';
import { lockCases, type CaseState, readCaseStates, updateCaseStates } from './db/case-states.ts';
import { newestRecord } from './db/answers.ts';
import { readSweepState } from './db/sweep-state.ts';
import { reopenIntake } from './db/intakes.ts';
import { closeRetried } from '../../../middle-layer/queue/close-retried.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { Retried, Retry } from '../../../middle-layer/flow.ts';
import type { FlowContext, Draft } from '../../../middle-layer/types.ts';
import { uncarriable } from './carry-case.ts';
import { toExternal, toSalesforce } from './drafts.ts';
import { requestOfCase } from './request-of-case.ts';
import { intakeDue } from './resend-intakes.ts';

/**
 * Sends a dead letter again, with the current state: a request is read again from Salesforce, a record is
 * the newest that the external system sent. The new message goes to the end of the queue, where the
 * record's next version supersedes it as any other. Rejects with TargetUnavailable, and changes nothing,
 * when Salesforce cannot be read; with RequestError when the Case holds what cannot be carried.
 */
export const retryDeadLetter = async (
  context: FlowContext,
  salesforce: SalesforcePort,
  seen: DeadLetterSummary,
): Promise<Retry> => {
  const current = seen.kind === 'request' ? await currentRequests(context, salesforce, [seen.key]) : new Map();
  return queueAgain(context, seen, current);
};

/**
 * Sends dead letters again. The Cases of all their requests are read in one API call. One that cannot be retried
 * delays no other. Rejects as `retryDeadLetter` does when Salesforce cannot be read; then nothing was retried.
 */
export const retryDeadLetters = async (
  context: FlowContext,
  salesforce: SalesforcePort,
  letters: readonly DeadLetterSummary[],
): Promise<Retried> => {
  const done: Retried = { retried: 0, closed: 0, refused: [] };
  const keys = letters.filter(({ kind }) => kind === 'request').map(({ key }) => key);
  const current = keys.length > 0 ? await currentRequests(context, salesforce, [...new Set(keys)]) : new Map();
  for (const { id, key } of letters) {
    try {
      const { outcome } = await queueAgain(context, { id, key }, current);
      done[outcome === 'retried' ? 'retried' : 'closed'] += 1;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      done.refused.push({ id, key, errorCode: error.errorCode, message: error.message });
    }
  }
  return done;
};

const queueAgain = async (
  context: FlowContext,
  { id, key: ofKey }: { id: number; key: string },
  requests: ReadonlyMap<string, RequestMessage | RequestError>,
): Promise<Retry> => {
  const current = requests.get(ofKey) ?? null;
  if (current instanceof RequestError) throw current;
  return context.db.transaction(async (tx): Promise<Retry> => {
    const state = (await lockCases(tx, [ofKey])).get(ofKey)!;
    const letter = await lockDeadLetter(tx, id);
    if (!letter) return { outcome: 'unknown' };
    if (letter.resolution) return { outcome: 'closed', resolution: letter.resolution };
    const draft = await draftOf(context, tx, letter, current);
    await closeRetried(context, tx, letter, draft);
    if (draft.kind === 'request') await takeRequest(context, tx, draft.payload as RequestMessage, state);
    await enqueue(context, tx, [draft]);
    return { outcome: 'retried', messageId: draft.id };
  });
};

/** The requests of Cases as they are now, or why one cannot be carried, by key; a key without a Case has none. */
const currentRequests = async (
  context: FlowContext,
  salesforce: SalesforcePort,
  keys: readonly string[],
): Promise<Map<string, RequestMessage | RequestError>> => {
  const { org_id: orgId, fields } = await readSweepState(context.db);
  const cases = await salesforce.readCases(keys, fields);
  await context.budget.count(context.db, salesforce.takeCallCount());
  const requests = new Map<string, RequestMessage | RequestError>();
  if (!orgId) return requests;
  const states = await readCaseStates(context.db, keys);
  for (const current of cases) {
    const request = requestOfCase(randomUuid(context.random), orgId, current, fields, states.get(current.key));
    const reason = uncarriable(current, request);
    requests.set(
      current.key,
      reason ? new RequestError(422, reason.errorCode, `nothing was retried; ${reason.message}`) : request,
    );
  }
  return requests;
};

const draftOf = async (
  context: FlowContext,
  tx: Queryable,
  letter: DeadLetter,
  current: RequestMessage | null,
): Promise<Draft> => {
  const id = randomUuid(context.random);
  switch (letter.kind) {
    case 'request': // without a Case (an intake, a deletion) the stored request is all there is
      return toExternal(current ?? ({ ...letter.message, id } as RequestMessage));
    case 'record':
      return toSalesforce({
        ...((await newestRecord(tx, letter.key)) ?? (letter.message as FromExternal)),
        id,
      });
    default: {
      const message = { ...letter.message, id } as unknown;
      const draft =
        letter.target === 'salesforce' ? toSalesforce(message as FromExternal) : toExternal(message as ToExternal);
      return draft;
    }
  }
};

const takeRequest = async (
  context: FlowContext,
  tx: Queryable,
  request: RequestMessage,
  state: CaseState,
): Promise<void> => {
  if (request.originCaseId === null) {
    await reopenIntake(tx, { key: request.key, payload: request, dueAt: intakeDue(context, request.attempt) });
  }
  const { version, attempt, key } = request;
  const isNewer =
    version > state.request_version || (version === state.request_version && attempt > state.request_attempt);
  if (isNewer) await updateCaseStates(tx, [{ key, request_version: version, request_attempt: attempt }]);
};
