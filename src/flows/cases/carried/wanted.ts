import type { RequestWantedMessage } from '../../../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import {
  blankLine,
  type PendingCase,
  type RecordResult,
  type SalesforcePort,
  type SyncedField,
} from './salesforce/port.ts';
import type { CaseState } from './db/case-states.ts';
import type { ClaimedMessage, FlowContext, Result } from '../../../middle-layer/types.ts';
import { carryCase } from './carry-case.ts';
import { toExternal } from './drafts.ts';
import type { CaseNews } from './news.ts';

/** What the requests that follow are made of. */
export interface Known {
  orgId: string | null;
  fields: readonly SyncedField[];
  states: Map<string, CaseState>;
}

/** Reads the wanted Cases in one call: a line for each message. */
export const readWanted = async (
  salesforce: SalesforcePort,
  messages: readonly ClaimedMessage[],
  fields: readonly SyncedField[],
): Promise<(RecordResult & { found?: PendingCase })[]> => {
  const keys = [...new Set(messages.map(({ key }) => key))];
  const cases = new Map((await salesforce.readCases(keys, fields)).map((found) => [found.key, found]));
  return messages.map(({ key }) => {
    const found = cases.get(key);
    return found
      ? { ...blankLine(key), outcome: 'REQUESTED', caseId: found.id, version: found.version, found }
      : { ...blankLine(key), outcome: 'NOT_FOUND' };
  });
};

/**
 * What follows for an external system that was restored to an earlier state: a request with the Case's full current
 * state, or the word that no Case has the key, so that it does not ask for ever.
 */
export const afterWanted = (
  context: FlowContext,
  { key, externalId, revision, seenRevision }: RequestWantedMessage,
  found: PendingCase | null,
  result: Result,
  { orgId, fields, states }: Known,
): CaseNews => {
  if (result.is !== 'done') return {};
  if (found && orgId) {
    const { version, attempt, requestedAt } = found;
    return {
      follow: [carryCase(context, orgId, found, fields, states.get(key), null)],
      learned: { key, caseId: found.id, externalId: found.externalId, request: { version, attempt, requestedAt } },
    };
  }
  if (revision === null) return {};
  const id = randomUuid(context.random);
  const [errorCode, message] = ['NOT_FOUND', 'Salesforce has no Case with this key'];
  return {
    follow: [
      toExternal({
        kind: 'acknowledge',
        id,
        key,
        externalId,
        revision,
        success: false,
        errorCode,
        message,
        seenRevision,
      }),
    ],
  };
};
