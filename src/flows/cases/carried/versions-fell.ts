/** An org that was restored to an earlier state counts its versions from there again. */
import { CASES } from './name.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { PendingCase } from './salesforce/port.ts';
import type { CaseState } from './db/case-states.ts';
import { insertAudit } from '../../../middle-layer/db/audit.ts';
import { lockRivals, supersedeMessages } from '../../../middle-layer/db/messages.ts';
import { resolveDeadLetters } from '../../../middle-layer/db/dead-letters.ts';
import { auditRowOf } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext } from '../../../middle-layer/types.ts';

/** When the pending work of a Case began, by Salesforce's clock. */
export const beganAt = ({ requestedAt }: PendingCase): Date | null =>
  requestedAt === null ? null : new Date(requestedAt);

/** Whether a request began after all that were swept, whatever its version says. */
export const beganLater = (from: PendingCase, { requested_at: known }: CaseState): boolean => {
  const began = beganAt(from);
  return began !== null && known !== null && began > known;
};

export const versionsFell = (from: PendingCase, state: CaseState): boolean =>
  from.pending === 'Request' && from.version < state.request_version && beganLater(from, state);

/** Takes requests of versions that Salesforce has forgotten out of the way; false while one of them is being sent. */
export const makeWay = async (context: FlowContext, tx: Queryable, key: string): Promise<boolean> => {
  const requests = (await lockRivals(tx, CASES, [key])).filter(
    ({ target, kind }) => target === 'external' && kind === 'request',
  );
  if (requests.some(({ state }) => state === 'sending')) return false;
  const seqs = requests.map(({ seq }) => seq);
  if (seqs.length === 0) return true;
  const now = new Date(context.clock.now());
  await supersedeMessages(tx, seqs, now);
  await resolveDeadLetters(tx, seqs, 'superseded', now);
  const rows = requests.map((request) => auditRowOf(request, 'SUPERSEDED'));
  await insertAudit(tx, context, rows, now);
  return true;
};
