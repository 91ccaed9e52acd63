import type { RecordMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from '../../../shared/random.ts';
import type { RecordResult } from '../../clients/salesforce/port.ts';
import type { Context, Draft, Learned, Result } from '../../types.ts';
import { toExternal } from './drafts.ts';

/**
 * What follows from Salesforce's answer to a record: the acknowledgement for the external system (step 4),
 * and the Case id when it is asked for (step 5).
 */
export const afterRecord = (
  context: Context,
  record: RecordMessage,
  result: Result,
  line: RecordResult | null,
): { follow?: Draft[]; learned?: Learned } => {
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
  follow.push(toExternal({ kind: 'writeBack', id: id(), key, externalId, salesforceCaseId: caseId, version }));
  return { follow, learned: { key, caseId, externalId, writeBackVersion: version } };
};
