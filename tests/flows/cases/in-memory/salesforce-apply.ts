import type { Values } from '../../../../src/shared/case-messages.ts';
import type { ApplyRecord, RecordResult } from '../../../../src/flows/cases/carried/salesforce/port.ts';

export interface MemoryCase {
  id: string;
  accountId: string | null;
  key: string;
  version: number;
  attempt: number;
  status: 'In Progress' | 'Success' | 'Failed';
  pending: 'Request' | 'WriteBack' | 'Retry' | null;
  externalId: string | null;
  externalRevision: number;
  baseRevision: number | null;
  errorCode: string | null;
  /** When the pending work began; kept by who tests it. */
  requestedAt: string | null;
  values: Values;
}

/** Records an external record on a Case as the protocol says; answers what the apply service would. */
export const applyTo = (found: MemoryCase, record: ApplyRecord, created: boolean): Partial<RecordResult> => {
  const outcome = created ? 'CREATED' : outcomeOf(found, record);
  const holdsCaseId = record.salesforceCaseId === found.id;
  if (outcome === 'APPLIED' || outcome === 'CREATED') {
    const answersRequest = created || found.pending === 'Request' || found.pending === 'Retry';
    Object.assign(found, {
      values: { ...found.values, ...record.values },
      externalId: record.externalId,
      externalRevision: record.revision,
      baseRevision: record.revision,
      version: Math.max(found.version, record.requestVersion ?? 0),
    });
    if (answersRequest || found.pending === 'WriteBack') {
      Object.assign(
        found,
        holdsCaseId ? { status: 'Success', pending: null } : { status: 'In Progress', pending: 'WriteBack' },
      );
      found.errorCode = null;
    }
  } else if (outcome === 'RECORDED') {
    Object.assign(found, { externalId: record.externalId, externalRevision: record.revision });
  } else if (holdsCaseId && found.pending === 'WriteBack' && record.revision === found.externalRevision) {
    Object.assign(found, { status: 'Success', pending: null });
  }
  const writeBack = found.pending === 'WriteBack' || (found.pending === null && !holdsCaseId);
  const { id: caseId, version, status, externalRevision: revision } = found;
  return { outcome, caseId, version, status, revision, writeBack };
};

const outcomeOf = (
  found: MemoryCase,
  { revision, requestVersion }: ApplyRecord,
): 'APPLIED' | 'RECORDED' | 'IGNORED' => {
  const waits = found.pending === 'Request' || found.pending === 'Retry';
  const answersNewest = waits && requestVersion === found.version;
  if (revision < found.externalRevision) return 'IGNORED';
  if (revision === found.externalRevision) return answersNewest ? 'APPLIED' : 'IGNORED';
  return waits && !answersNewest ? 'RECORDED' : 'APPLIED';
};
