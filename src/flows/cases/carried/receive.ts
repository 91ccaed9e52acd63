import { CASES } from './name.ts';
import type { FromExternal, MessageReceipt, RefusedMessage } from '../../../shared/case-messages.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import { answerIntakes, dropExtra } from './db/intakes.ts';
import { type AuditRow, insertAudit } from '../../../middle-layer/db/audit.ts';
import { insertConflicts } from './db/conflicts.ts';
import { inHalves } from '../../../middle-layer/db/in-halves.ts';
import { insertInbox } from '../../../middle-layer/db/inbox.ts';
import { resolveDeadLetters } from '../../../middle-layer/db/dead-letters.ts';
import { supersedeAnsweredRequests } from './db/answers.ts';
import { lockCases, updateCaseStates } from './db/case-states.ts';
import { auditRowOf, enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { Draft, FlowContext } from '../../../middle-layer/types.ts';
import { buryIntake } from './bury-intake.ts';
import { seenNewer } from './consequences.ts';
import { toExternal, toSalesforce } from './drafts.ts';
import { judgeMessages, receiptOf, refuse } from './judge-messages.ts';
import { isRevised, judgeRevisions } from './newest-revisions.ts';

/**
 * Takes in messages of the external system: commits, then answers with one receipt each. One that is malformed, or
 * that cannot be stored, is refused by itself, naming what is wrong; a redelivery is accepted and does nothing.
 */
export const receive = async (context: FlowContext, messages: readonly unknown[]): Promise<MessageReceipt[]> => {
  const judged = judgeMessages(context, messages);
  await inHalves(
    judged.filter(({ refusal }) => refusal === null),
    (part) =>
      context.db.transaction(async (tx) => {
        const messages = part.map(({ message }) => message!);
        await enqueue(context, tx, await takeIn(context, tx, messages));
      }),
    async (culprit, fault, error) => refuse(context, culprit, fault, error),
  );
  return judged.map(receiptOf);
};

/**
 * Takes in messages within the caller's transaction, however they came: sent by the external system, or as answers in
 * its receipts. Returns what follows; the caller queues it.
 */
export const takeIn = async (
  context: FlowContext,
  tx: Queryable,
  messages: readonly FromExternal[],
): Promise<Draft[]> => {
  const now = new Date(context.clock.now());
  const states = await lockCases(
    tx,
    messages.map(({ key }) => key),
  );
  const unseen = await insertInbox(
    tx,
    CASES,
    messages.map(({ id }) => id),
    now,
  );
  const fresh = messages.filter(({ id }) => unseen.delete(id));
  const { newest, late, outdated } = judgeRevisions(fresh, states);
  await insertAudit(
    tx,
    context,
    [
      ...messages.filter((message) => !fresh.includes(message)).map((message) => auditRow(message, 'DUPLICATE')),
      ...[...late].map((message) => auditRow(message, 'SUPERSEDED')),
    ],
    now,
  );
  const timely = fresh.filter((message) => !late.has(message));
  noticeRestored(context, fresh);
  await auditConflicts(context, tx, fresh, now);
  await answer(context, tx, fresh, now);
  const revisions = timely.filter(isRevised);
  if (revisions.length) {
    await updateCaseStates(
      tx,
      revisions.map(({ key, externalId }) => ({ key, external_id: externalId, ...newest.get(key)! })),
    );
  }
  return [
    ...timely.map(toSalesforce),
    ...outdated.map((record) => toExternal(seenNewer(context, record, newest.get(record.key)!))),
  ];
};

/** `requestWanted` says that the external system has lost what Salesforce has seen: a backup was put back. */
const noticeRestored = ({ notices, clock, flow }: FlowContext, messages: readonly FromExternal[]): void => {
  const keys = messages.filter(({ kind }) => kind === 'requestWanted').map(({ key }) => key);
  if (keys.length === 0) return;
  notices.note('external system restored', {
    what: 'the external system was put back to an earlier state: it does not know revisions that Salesforce has seen',
    keys,
    remedy: `the Cases are sent to it again by themselves; find what no Case can tell with npm run reconcile -- --flow ${flow} --content-check all`,
    at: clock.now(),
  });
};

const auditRow = (message: FromExternal, outcome: string): AuditRow => auditRowOf(toSalesforce(message), outcome);

/** Both sides had changed a field: the audit names it for ever, the values are kept where retention reaches them. */
const auditConflicts = async (
  context: FlowContext,
  tx: Queryable,
  messages: readonly FromExternal[],
  now: Date,
): Promise<void> => {
  const conflicts = messages.flatMap((message) =>
    message.kind === 'record' ? (message.conflicts ?? []).map((conflict) => ({ message, conflict })) : [],
  );
  if (conflicts.length === 0) return;
  await insertConflicts(
    tx,
    conflicts.map(({ message, conflict }) => ({ ...conflict, messageId: message.id, key: message.key })),
    now,
  );
  await insertAudit(
    tx,
    context,
    conflicts.map(({ message, conflict }) => ({
      ...auditRow(message, 'CONFLICT'),
      code: `OWNER_${conflict.owner.toUpperCase()}`,
      field: conflict.field,
    })),
    now,
  );
};

/** An intake is answered by its record or its refusal; a refused one becomes a dead letter, for nobody else has it. */
const answer = async (
  context: FlowContext,
  tx: Queryable,
  messages: readonly FromExternal[],
  now: Date,
): Promise<void> => {
  const answers = messages.filter((message) => message.kind === 'record' || message.kind === 'refused');
  if (answers.length === 0) return;
  const keys = [...new Set(answers.map(({ key }) => key))];
  for (const { key, payload } of await answerIntakes(tx, keys, now)) {
    const last = answers.findLast((message) => message.key === key)!;
    if (last.kind === 'refused') await buryIntake(context, tx, payload, last satisfies RefusedMessage, now);
  }
  await dropExtra(tx, keys);
  const included = answers.flatMap((message) =>
    message.kind === 'record' && message.requestVersion !== null
      ? [{ key: message.key, version: message.requestVersion }]
      : [],
  );
  const answered = await supersedeAnsweredRequests(tx, included, now);
  if (answered.length === 0) return;
  const seqs = answered.map(({ seq }) => seq);
  await resolveDeadLetters(tx, seqs, 'superseded', now);
  const rows = answered.map((request) => auditRowOf(request, 'SUPERSEDED'));
  await insertAudit(tx, context, rows, now);
};
