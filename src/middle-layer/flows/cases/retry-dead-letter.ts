import type { FromExternal, RequestMessage, ToExternal } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import { RequestError } from '../../../shared/router.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { SalesforcePort } from '../../clients/salesforce/port.ts';
import { addToCounter } from '../../db/queries/add-to-counter.ts';
import { insertAudit } from '../../db/queries/insert-audit.ts';
import { listDeadLetters, type DeadLetterFilter } from '../../db/queries/list-dead-letters.ts';
import { lockDeadLetter, type DeadLetter } from '../../db/queries/lock-dead-letter.ts';
import type { CaseState } from '../../db/queries/lock-case-states.ts';
import { newestRecord } from '../../db/queries/newest-record.ts';
import { readCaseStates } from '../../db/queries/read-case-states.ts';
import { readSweepState } from '../../db/queries/read-sweep-state.ts';
import { reopenIntake } from '../../db/queries/reopen-intake.ts';
import { resolveDeadLetters } from '../../db/queries/resolve-dead-letters.ts';
import { supersedeMessages } from '../../db/queries/supersede-messages.ts';
import { updateCaseStates } from '../../db/queries/update-case-states.ts';
import { enqueue, lockKeys } from '../../queue/enqueue.ts';
import type { Context, Draft } from '../../types.ts';
import { uncarriable } from './carry-case.ts';
import { toExternal, toSalesforce } from './drafts.ts';
import { requestOfCase } from './request-of-case.ts';
import { intakeDue } from './resend-intakes.ts';
import { API_CALLS } from './sweep.ts';

export type Retry =
  | { outcome: 'retried'; messageId: string }
  | { outcome: 'closed'; resolution: 'retried' | 'superseded' }
  | { outcome: 'unknown' };

/**
 * Sends a dead letter again, with the current state: a request is read anew from Salesforce, a record is
 * the newest that the external system sent. The new message goes to the end of the queue, where the
 * record's next version supersedes it as any other. Rejects with TargetUnavailable, and changes nothing,
 * when Salesforce cannot be read; with RequestError when the Case holds what cannot be carried.
 */
export const retryDeadLetter = async (context: Context, salesforce: SalesforcePort, id: number): Promise<Retry> => {
  const seen = await lockDeadLetter(context.db, id);
  if (!seen) return { outcome: 'unknown' };
  if (seen.resolution) return { outcome: 'closed', resolution: seen.resolution };
  const current = seen.kind === 'request' ? await currentRequests(context, salesforce, [seen.key]) : new Map();
  return queueAgain(context, seen, current);
};

/** How a page of dead letters was retried. */
export interface RetriedPage {
  retried: number;
  /** Settled by something else in the meantime. */
  closed: number;
  /** Not retried, and why: the Case holds what cannot be carried. */
  refused: { id: number; key: string; errorCode: string; message: string }[];
  /** Where the next page begins, or null after the last. */
  next: number | null;
}

/**
 * Sends again what a filter matches, at most a page of it, oldest first. The Cases of all its requests are read in one
 * API call. One that cannot be retried delays no other. Rejects as `retryDeadLetter` does when Salesforce cannot be
 * read; then nothing was retried.
 */
export const retryDeadLetters = async (
  context: Context,
  salesforce: SalesforcePort,
  filter: DeadLetterFilter,
  after: number,
): Promise<RetriedPage> => {
  const letters = await listDeadLetters(context.db, after, RETRY_PAGE, filter);
  const page: RetriedPage = { retried: 0, closed: 0, refused: [], next: null };
  const keys = letters.filter(({ kind }) => kind === 'request').map(({ key }) => key);
  const current = keys.length > 0 ? await currentRequests(context, salesforce, [...new Set(keys)]) : new Map();
  for (const { id, key } of letters) {
    try {
      const { outcome } = await queueAgain(context, { id, key }, current);
      page[outcome === 'retried' ? 'retried' : 'closed'] += 1;
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      page.refused.push({ id, key, errorCode: error.errorCode, message: error.message });
    }
  }
  return { ...page, next: letters.length < RETRY_PAGE ? null : letters.at(-1)!.id };
};

/** Keys of one query of Cases: see `SalesforcePort.readCases`. */
const RETRY_PAGE = 200;

const queueAgain = async (
  context: Context,
  { id, key: ofKey }: { id: number; key: string },
  requests: ReadonlyMap<string, RequestMessage | RequestError>,
): Promise<Retry> => {
  const current = requests.get(ofKey) ?? null;
  if (current instanceof RequestError) throw current;
  return context.db.transaction(async (tx): Promise<Retry> => {
    const state = (await lockKeys(tx, [ofKey])).get(ofKey)!;
    const letter = await lockDeadLetter(tx, id);
    if (!letter) return { outcome: 'unknown' };
    if (letter.resolution) return { outcome: 'closed', resolution: letter.resolution };
    const draft = await draftOf(context, tx, letter, current);
    const now = new Date(context.clock.now());
    await supersedeMessages(tx, [letter.messageSeq], now);
    await resolveDeadLetters(tx, [letter.messageSeq], 'retried', now);
    const { target, kind, key, version, attempt, revision } = letter;
    const row = {
      target,
      message_id: draft.id,
      kind,
      key,
      version,
      attempt,
      revision,
      outcome: 'RETRIED',
      code: letter.code,
    };
    await insertAudit(tx, [row], context.worker, now);
    if (draft.kind === 'request') await takeRequest(context, tx, draft.payload as RequestMessage, state);
    await enqueue(context, tx, [draft]);
    return { outcome: 'retried', messageId: draft.id };
  });
};

/** The requests of Cases as they are now, or why one cannot be carried, by key; a key without a Case has none. */
const currentRequests = async (
  context: Context,
  salesforce: SalesforcePort,
  keys: readonly string[],
): Promise<Map<string, RequestMessage | RequestError>> => {
  const { org_id: orgId, fields } = await readSweepState(context.db);
  const cases = await salesforce.readCases(keys, fields);
  const calls = salesforce.takeCallCount();
  if (calls) await addToCounter(context.db, API_CALLS, calls);
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
  context: Context,
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
  context: Context,
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
