import type { RequestMessage } from '../../../shared/case-messages.ts';
import { readable, type PendingCase, type SyncedField } from '../../clients/salesforce/port.ts';

/** The request that carries a Case's full current state. */
export const requestOfCase = (
  id: string,
  orgId: string,
  from: PendingCase,
  fields: readonly SyncedField[],
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
});

export const ownersOf = (fields: readonly SyncedField[]): RequestMessage['owners'] =>
  Object.fromEntries(readable(fields).map(({ name, owner }) => [name, owner]));
