import { randomUUID } from 'node:crypto';
import type { RequestMessage, Values } from '../../../src/shared/case-messages.ts';

/** A request of Salesforce for a record, as the middle layer sends it for the first time. */
export const requestOf = (
  key: string,
  version: number,
  values: Values,
  more: Partial<RequestMessage> = {},
): RequestMessage => ({
  kind: 'request',
  id: randomUUID(),
  key,
  idempotencyKey: `00D000000000001:${key}:${version}`,
  orgId: '00D000000000001',
  version,
  attempt: 0,
  originCaseId: null,
  baseRevision: null,
  values,
  owners: { Subject: 'Salesforce', Status: 'External' },
  ...more,
});
