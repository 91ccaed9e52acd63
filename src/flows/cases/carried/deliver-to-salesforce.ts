import type {
  DeletionRecordedMessage,
  ExternalDeletionMessage,
  RecordMessage,
  RefusedMessage,
  RequestWantedMessage,
  WriteBackConfirmedMessage,
} from '../../../shared/case-messages.ts';
import type { PendingCase, RecordResult, SalesforcePort, SyncedField } from './salesforce/port.ts';
import { untilTheDayTurns } from '../../../middle-layer/budget.ts';
import { readSweepState } from './db/sweep-state.ts';
import { sendInHalves } from '../../../middle-layer/queue/halves.ts';
import { bySize } from '../../../shared/by-size.ts';
import { refuseCulprit } from '../../../middle-layer/queue/unforeseen.ts';
import type { ClaimedMessage, FlowContext, Deliver, Result, Timed } from '../../../middle-layer/types.ts';
import { afterDeletion, afterRecord } from './consequences.ts';
import { readCaseStates, type CaseState } from './db/case-states.ts';
import type { CaseNews } from './news.ts';
import { afterWanted, readWanted, type Known } from './wanted.ts';
import * as wire from './salesforce-records.ts';

/** Salesforce's line; the Case itself when it was read. */
type Line = RecordResult & { found?: PendingCase };

type Send = (
  salesforce: SalesforcePort,
  messages: readonly ClaimedMessage[],
  fields: readonly SyncedField[],
) => Promise<Line[]>;

/** One endpoint a kind. */
const SEND: Record<string, Send> = {
  record: (salesforce, messages, fields) =>
    salesforce.apply(messages.map(({ payload }) => wire.applyRecord(payload as RecordMessage, fields))),
  refused: (salesforce, messages) =>
    salesforce.acknowledge(messages.map(({ payload }) => wire.acknowledgeRecord(payload as RefusedMessage))),
  writeBackConfirmed: (salesforce, messages) =>
    salesforce.writeBack(messages.map(({ payload }) => wire.writeBackRecord(payload as WriteBackConfirmedMessage))),
  deleted: (salesforce, messages) =>
    salesforce.deletion(messages.map(({ payload }) => wire.deletionRecord(payload as ExternalDeletionMessage))),
  requestWanted: (salesforce, messages, fields) => readWanted(salesforce, messages, fields),
  deletionRecorded: (salesforce, messages) =>
    salesforce.tombstonesDelivered(messages.map(({ payload }) => (payload as DeletionRecordedMessage).tombstoneId)),
};

/** Hands messages to Salesforce: one call for each kind among them, records in the order of their parents. */
export const deliverToSalesforce =
  (context: FlowContext, salesforce: SalesforcePort): Deliver =>
  async (messages) => {
    const budget = await context.budget.read();
    if (budget?.isSpent) return messages.map(() => untilTheDayTurns(budget, context.clock.now()));
    const { fields, org_id: orgId } = await readSweepState(context.db);
    const states = await readCaseStates(
      context.db,
      messages.map(({ key }) => key),
    );
    const results = new Map<ClaimedMessage, Timed>();
    let failure: Timed | undefined;
    for (const [kind, ofKind] of Map.groupBy(messages, (message) => message.kind)) {
      const send = Object.hasOwn(SEND, kind) ? SEND[kind] : undefined;
      if (!send) {
        for (const message of ofKind) results.set(message, unknownKind(kind));
        continue;
      }
      for (const batch of bySize(inLockOrder(ofKind, states), context.settings.salesforceBatchBytes)) {
        const answers = failure
          ? batch.map(() => failure!)
          : await sendInHalves(
              context.clock,
              batch,
              async (part) => (await send(salesforce, part, fields)).map(resultOf),
              (error, culprit) => refuseCulprit(context, error, culprit),
            );
        failure ??= answers.find((answer) => answer.is === 'unavailable');
        batch.forEach((message, index) =>
          results.set(message, withConsequences(context, message, answers[index]!, { fields, orgId, states })),
        );
      }
    }
    await context.budget.count(context.db, salesforce.takeCallCount());
    return messages.map((message) => results.get(message)!);
  };

/** Queued by another version of the middle layer: refused alone, so that it ends as a dead letter and holds up nothing. */
const unknownKind = (kind: string): Timed => ({
  is: 'refused',
  code: 'UNKNOWN_KIND',
  cause: `this version of the middle layer cannot send a message of kind ${kind} to Salesforce; run the version that queued it, and retry`,
  durationMs: 0,
});

/** By account, then Case, then key: two batches that meet take the same locks in the same order. */
const inLockOrder = (messages: readonly ClaimedMessage[], states: ReadonlyMap<string, CaseState>): ClaimedMessage[] => {
  const rank = ({ key }: ClaimedMessage): string => {
    const state = states.get(key);
    return `${state?.account_id ?? '~'}|${state?.case_id ?? '~'}|${key}`;
  };
  return messages
    .map((message) => ({ message, rank: rank(message) }))
    .sort((a, b) => (a.rank < b.rank ? -1 : a.rank > b.rank ? 1 : 0))
    .map(({ message }) => message);
};

/** Salesforce's line, kept beside the result for the consequences. */
type Answered = Result & { line: Line };

const resultOf = (line: Line): Answered => {
  if (line.outcome !== 'REFUSED') return { is: 'done', outcome: line.outcome, line };
  const code = line.errorCode ?? 'UNKNOWN';
  if (line.retryable) return { is: 'deferred', code, line };
  return { is: 'refused', code, cause: causeOf(line), line };
};

const causeOf = ({ message, fields }: RecordResult): string =>
  `${message ?? 'Salesforce gave no text'}${fields.length ? ` [${fields.join(', ')}]` : ''}`;

const withConsequences = (context: FlowContext, message: ClaimedMessage, result: Timed, known: Known): Timed => {
  const { line = null, ...plain } = result as Timed & { line?: Line };
  if (plain.is !== 'done' && plain.is !== 'refused') return plain;
  const news = newsOf(context, message, plain, line, known);
  return news ? { ...plain, news } : plain;
};

const newsOf = (
  context: FlowContext,
  { kind, payload }: ClaimedMessage,
  result: Timed,
  line: Line | null,
  known: Known,
): CaseNews | null => {
  switch (kind) {
    case 'record':
      return afterRecord(context, payload as RecordMessage, result, line);
    case 'deleted':
      return afterDeletion(context, payload as ExternalDeletionMessage, result);
    case 'requestWanted':
      return afterWanted(context, payload as RequestWantedMessage, line?.found ?? null, result, known);
    default:
      return null;
  }
};
