import type { FromExternal, RequestMessage, ToExternal } from '../../../shared/case-messages.ts';
import { randomUuid } from '../../../shared/random.ts';
import { RequestError } from '../../../shared/router.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { SalesforcePort } from '../../clients/salesforce/port.ts';
import { insertAudit } from '../../db/queries/insert-audit.ts';
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
  const current = seen.kind === 'request' ? await currentRequest(context, salesforce, seen.key) : null;

  return context.db.transaction(async (tx): Promise<Retry> => {
    const state = (await lockKeys(tx, [seen.key])).get(seen.key)!;
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

const currentRequest = async (
  context: Context,
  salesforce: SalesforcePort,
  key: string,
): Promise<RequestMessage | null> => {
  const { org_id: orgId, fields } = await readSweepState(context.db);
  const current = await salesforce.readCase(key, fields);
  const state = (await readCaseStates(context.db, [key])).get(key);
  if (!current || !orgId) return null;
  const request = requestOfCase(randomUuid(context.random), orgId, current, fields, state);
  const reason = uncarriable(current, request);
  if (reason) throw new RequestError(422, reason.errorCode, `nothing was retried; ${reason.message}`);
  return request;
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
