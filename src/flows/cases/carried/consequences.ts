import type {
  Acknowledged,
  AcknowledgeMessage,
  ExternalDeletionMessage,
  RecordMessage,
} from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import type { RecordResult } from './salesforce/port.ts';
import type { FlowContext, Draft, Result } from '../../../middle-layer/types.ts';
import { toExternal } from './drafts.ts';
import type { CaseNews } from './news.ts';
import type { Newest } from './newest-revisions.ts';

type Seen = Omit<Acknowledged, 'revision'>;

/** Tells the external system how Salesforce took its record or its deletion: nothing while that is not certain. */
const acknowledgement = (
  context: FlowContext,
  { key, externalId, revision }: RecordMessage | ExternalDeletionMessage,
  result: Result,
  seen: Seen = {},
): Draft[] => {
  if (result.is !== 'done' && result.is !== 'refused') return [];
  const about = { kind: 'acknowledge', id: randomUuid(context.random), key, externalId, revision, ...seen } as const;
  return result.is === 'done'
    ? [toExternal({ ...about, success: true })]
    : [toExternal({ ...about, success: false, errorCode: result.code, message: result.cause })];
};

/** A record that is still triggered because the Case id is missing, of a Case that rests: its write-back is lost there. */
const hasLostCaseId = (record: RecordMessage, { status }: RecordResult): boolean =>
  record.retriggered && record.salesforceCaseId === null && status === 'Success';

/**
 * What follows from Salesforce's answer to a record: the acknowledgement for the external system, and the Case id
 * when it is asked for, both in one message. The acknowledgement tells what Salesforce has seen, for an external system
 * that was restored to an earlier state counts from there again. A record that the external system triggered again
 * writes the Case id back again: the earlier write-back got lost. Any other repeat (a duplicate, a crash before the
 * answer was written down) does not, when a sweep or the first delivery has queued it: it is acknowledged alone.
 */
export const afterRecord = (
  context: FlowContext,
  record: RecordMessage,
  result: Result,
  line: RecordResult | null,
): CaseNews => {
  const seen = seenWith(record, line);
  const alone = acknowledgement(context, record, result, seen);
  if (result.is !== 'done' || !line) return { follow: alone };
  const { key, externalId, revision } = record;
  const { caseId, version } = line;
  if (!(line.writeBack || hasLostCaseId(record, line)) || !caseId || version === null)
    return { follow: alone, learned: { key, caseId, externalId } };
  const writeBack = toExternal({
    kind: 'writeBack',
    id: randomUuid(context.random),
    key,
    externalId,
    salesforceCaseId: caseId,
    version,
    acknowledges: { revision, ...seen },
  });
  const learned = { key, caseId, externalId, writeBackVersion: version };
  return record.retriggered
    ? { follow: [writeBack], learned }
    : { followOnce: [writeBack], followElse: alone, learned };
};

const seenWith = ({ revision, lineage }: RecordMessage, line: RecordResult | null): Seen => ({
  seenRevision: Math.max(revision, line?.revision ?? 0),
  seenMark: lineage?.[0] ?? null,
});

/** A record that is not the newest changes nothing in Salesforce; whoever sent it learns what was seen instead. */
export const seenNewer = (
  context: FlowContext,
  { key, externalId, revision }: RecordMessage,
  newest: Newest,
): AcknowledgeMessage => ({
  kind: 'acknowledge',
  id: randomUuid(context.random),
  key,
  externalId,
  revision,
  success: true,
  seenRevision: newest.revision,
  seenMark: newest.revision_mark,
});

/** What follows from Salesforce's answer to a deletion: the external system hears of it. */
export const afterDeletion = (context: FlowContext, deletion: ExternalDeletionMessage, result: Result): CaseNews => ({
  follow: acknowledgement(context, deletion, result),
});
