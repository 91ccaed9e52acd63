import type { RecordMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from '../../../shared/random.ts';
import type { RecordResult } from '../../clients/salesforce/port.ts';
import type { Context, Draft, Learned, Result } from '../../types.ts';
import { toExternal } from './drafts.ts';

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
): { follow?: Draft[]; followOnce?: Draft[]; learned?: Learned } => {
  const { key, externalId, revision } = record;
  const id = (): string => randomUuid(context.random);
  if (result.is === 'refused') {
    const { code, cause } = result;
    return {
      follow: [
        toExternal({
          kind: 'acknowledge',
          id: id(),
          key,
          externalId,
          revision,
          success: false,
          errorCode: code,
          message: cause,
        }),
      ],
    };
  }
  if (result.is !== 'done' || !line) return {};
  const follow = [toExternal({ kind: 'acknowledge', id: id(), key, externalId, revision, success: true })];
  const { caseId, version } = line;
  if (!line.writeBack || !caseId || version === null) return { follow, learned: { key, caseId, externalId } };
  const writeBack = toExternal({ kind: 'writeBack', id: id(), key, externalId, salesforceCaseId: caseId, version });
  const learned = { key, caseId, externalId, writeBackVersion: version };
  return record.retriggered
    ? { follow: [...follow, writeBack], learned }
    : { follow, followOnce: [writeBack], learned };
};
