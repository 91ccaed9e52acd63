/** The external system's messages in the words of the Apex endpoints. */
import type {
  ExternalDeletionMessage,
  RecordMessage,
  RefusedMessage,
  WriteBackConfirmedMessage,
} from '../../../shared/case-messages.ts';
import type {
  AcknowledgeRecord,
  ApplyRecord,
  DeletionRecord,
  SyncedField,
  WriteBackRecord,
} from './salesforce/port.ts';

/** Salesforce keeps a subset of the fields: only those it says are synced are sent. */
export const applyRecord = (message: RecordMessage, fields: readonly SyncedField[]): ApplyRecord => {
  const synced = new Set(fields.map(({ name }) => name.toLowerCase()));
  return {
    key: message.key,
    caseId: message.originCaseId,
    externalId: message.externalId,
    revision: message.revision,
    requestVersion: message.requestVersion,
    requestDigest: message.requestDigest ?? null,
    salesforceCaseId: message.salesforceCaseId,
    values: Object.fromEntries(Object.entries(message.values).filter(([name]) => synced.has(name.toLowerCase()))),
  };
};

export const acknowledgeRecord = ({
  key,
  version,
  attempt,
  errorCode,
  message,
  record,
}: RefusedMessage): AcknowledgeRecord => ({
  key,
  version,
  attempt,
  errorCode,
  message,
  ...(record ? { externalId: record.externalId, revision: record.revision } : {}),
});

export const writeBackRecord = ({
  key,
  salesforceCaseId,
  externalId,
  version,
}: WriteBackConfirmedMessage): WriteBackRecord => ({
  key,
  caseId: salesforceCaseId,
  externalId,
  version,
});

export const deletionRecord = ({ key, externalId, revision, at }: ExternalDeletionMessage): DeletionRecord => ({
  key,
  externalId,
  revision,
  at,
});
