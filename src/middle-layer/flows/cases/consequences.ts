import type { ExternalDeletionMessage, RecordMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from '../../../shared/random.ts';
import type { RecordResult } from '../../clients/salesforce/port.ts';
import type { Context, Draft, Learned, Result } from '../../types.ts';
import { toExternal } from './drafts.ts';

interface Consequences {
  follow?: Draft[];
  followOnce?: Draft[];
  learned?: Learned;
}

/** Tells the external system how Salesforce took its record or its deletion (step 4): nothing while that is not certain. */
const acknowledgement = (
  context: Context,
  { key, externalId, revision }: RecordMessage | ExternalDeletionMessage,
  result: Result,
): Draft[] => {
  if (result.is !== 'done' && result.is !== 'refused') return [];
  const about = { kind: 'acknowledge', id: randomUuid(context.random), key, externalId, revision } as const;
  return result.is === 'done'
    ? [toExternal({ ...about, success: true })]
    : [toExternal({ ...about, success: false, errorCode: result.code, message: result.cause })];
};

/**
 * What follows from Salesforce's answer to a record: the acknowledgement for the external system (step 4),
 * and the Case id when it is asked for (step 5). A record that the external system triggered again writes it
 * back again: the earlier write-back got lost. Any other repeat (a duplicate, a crash before the answer was
 * written down) does not, when a sweep or the first delivery has queued it.
 */
export const afterRecord = (
  context: Context,
  record: RecordMessage,
  result: Result,
  line: RecordResult | null,
): Consequences => {
  const follow = acknowledgement(context, record, result);
  if (result.is !== 'done' || !line) return { follow };
  const { key, externalId } = record;
  const { caseId, version } = line;
  if (!line.writeBack || !caseId || version === null) return { follow, learned: { key, caseId, externalId } };
  const id = randomUuid(context.random);
  const writeBack = toExternal({ kind: 'writeBack', id, key, externalId, salesforceCaseId: caseId, version });
  const learned = { key, caseId, externalId, writeBackVersion: version };
  return record.retriggered
    ? { follow: [...follow, writeBack], learned }
    : { follow, followOnce: [writeBack], learned };
};

/** What follows from Salesforce's answer to a deletion: that it is told. */
export const afterDeletion = (context: Context, deletion: ExternalDeletionMessage, result: Result): Consequences => ({
  follow: acknowledgement(context, deletion, result),
});
