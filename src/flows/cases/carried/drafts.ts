/** The messages of the Case flow as drafts for the queue: which target, what they are called, what they supersede. */
import type { FromExternal, ToExternal } from '../../../shared/case-messages.ts';
import type { Draft } from '../../../middle-layer/types.ts';

/** `Sync_Attempt__c` is Number(4,0). */
const ATTEMPTS = 10_000;
/** Keeps revision and version within one exact number: a record is not changed a million times. */
const VERSIONS = 1_000_000;

const ordinalOf = (message: ToExternal | FromExternal): number | null => {
  switch (message.kind) {
    case 'request':
    case 'refused':
      return message.version * ATTEMPTS + message.attempt;
    case 'writeBack':
    case 'writeBackConfirmed':
      return message.version;
    case 'record': // a request may change nothing outside: then its answer repeats the revision for a newer version
      return message.revision * VERSIONS + Math.min(message.requestVersion ?? 0, VERSIONS - 1);
    case 'requestWanted':
      return message.seenRevision;
    case 'acknowledge':
      return message.revision;
    case 'deletion': // each one is a fact of its own
    case 'deletionRecorded':
    case 'deleted':
      return null;
  }
};

/** The external revision that a message brings or acknowledges. */
const revisionOf = (message: ToExternal | FromExternal): number | null =>
  message.kind === 'writeBack'
    ? (message.acknowledges?.revision ?? null)
    : 'revision' in message
      ? message.revision
      : null;

const begins = ({ kind }: ToExternal | FromExternal): boolean => kind === 'request' || kind === 'deletion';

const draft = (target: 'external' | 'salesforce', message: ToExternal | FromExternal): Draft => ({
  id: message.id,
  target,
  kind: message.kind,
  key: message.key,
  version: 'version' in message ? message.version : message.kind === 'record' ? message.requestVersion : null,
  attempt: 'attempt' in message ? message.attempt : null,
  revision: revisionOf(message),
  ordinal: ordinalOf(message),
  begins: begins(message),
  payload: message,
});

export const toExternal = (message: ToExternal): Draft => draft('external', message);
export const toSalesforce = (message: FromExternal): Draft => draft('salesforce', message);
