import type { RequestMessage } from '../../../shared/case-messages.ts';
import type { CaseState } from './db/case-states.ts';
import { readable, type PendingCase, type SyncedField } from './salesforce/port.ts';

/** What this side has seen of the external record. The mark belongs to the middle layer's own newest revision. */
const seenOf = (
  { revision: inCase }: PendingCase,
  state: CaseState | undefined,
): Pick<RequestMessage, 'seenRevision' | 'seenMark'> => {
  const { revision: here, revision_mark: mark } = state ?? { revision: 0, revision_mark: null };
  const newest = Math.max(here, inCase ?? 0);
  return { seenRevision: newest === 0 ? null : newest, seenMark: here === newest ? mark : null };
};

/** The request that carries a Case's full current state. */
export const requestOfCase = (
  id: string,
  orgId: string,
  from: PendingCase,
  fields: readonly SyncedField[],
  state: CaseState | undefined,
): RequestMessage => ({
  kind: 'request',
  id,
  key: from.key,
  idempotencyKey: `${orgId}:${from.key}:${from.version}`,
  orgId,
  version: from.version,
  attempt: from.attempt,
  originCaseId: from.id,
  baseRevision: from.baseRevision,
  values: from.values,
  owners: ownersOf(fields),
  ...seenOf(from, state),
  caseRevision: from.revision,
  externalId: from.externalId,
  requestedAt: from.requestedAt,
  digest: from.digest,
});

export const ownersOf = (fields: readonly SyncedField[]): RequestMessage['owners'] =>
  Object.fromEntries(readable(fields).map(({ name, owner }) => [name, owner]));
