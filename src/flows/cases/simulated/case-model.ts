/**
 * What a Case must say after Salesforce was told something of it: written down from docs/case-protocol.md ("States of a Case",
 * "Middle layer -> Salesforce"), apart from the Apex that does it.
 */
import { contentOf, type ContentType, type ContentValue } from '../../../shared/digest/content.ts';
import type { Scalar } from '../../../shared/case-messages.ts';
import { backoffMinutes, GIVEN_UP, MAX_ATTEMPTS, type StateOfCase } from './case-states.ts';

/** A Case with all of its sync fields and values. */
export interface Held extends StateOfCase, Record<string, ContentValue> {
  Sync_Key__c: string;
  External_Revision__c: number | null;
  Sync_Base_Revision__c: number | null;
  Digest_D__c: number | null;
}

/** The fields that say where a Case stands. */
export const MODELLED = [
  'Sync_Key__c',
  'Sync_Status__c',
  'Sync_Pending__c',
  'Sync_Version__c',
  'Sync_Attempt__c',
  'Sync_First_Attempt__c',
  'Sync_Requested_At__c',
  'Sync_Next_Attempt__c',
  'Sync_Error_Code__c',
  'External_Id__c',
  'External_Revision__c',
  'Sync_Base_Revision__c',
] as const;

/** One record of a call, whichever; see the protocol for who has which fields. */
export interface Told {
  key: string;
  externalId?: string;
  revision?: number;
  requestVersion?: number | null;
  requestDigest?: number | null;
  salesforceCaseId?: string | null;
  values?: Record<string, Scalar>;
  version?: number;
  attempt?: number;
  errorCode?: string;
  caseId?: string;
}

/** One line of the answer. */
export interface Line {
  key: string;
  outcome: string;
  caseId: string | null;
  version: number | null;
  status: string | null;
  revision: number | null;
  writeBack: boolean;
  retryable: boolean;
  errorCode: string | null;
}

/** What must come of a record: how it may be answered, and the Case after it. */
export interface Expected {
  outcome: string;
  after: Held | null;
  /** The values that were stored; absent: those of before stay. */
  values?: Record<string, Scalar>;
}

const sameId = (a: string | null | undefined, b: string): boolean => a?.slice(0, 15) === b.slice(0, 15);
/** A moment as Salesforce writes it: whole seconds. */
export const stamp = (ms: number): string => new Date(ms).toISOString().replace(/\.\d{3}Z$/, '.000+0000');

const awaitsConfirmation = (held: Held): boolean =>
  held.Sync_Pending__c === 'WriteBack' || held.Sync_Error_Code__c === 'NO_CONFIRMATION';
const isGivenUp = (held: Held): boolean =>
  held.Sync_Status__c === 'Failed' && GIVEN_UP.has(held.Sync_Error_Code__c ?? '');

const NO_ERROR = { Sync_Error_Code__c: null, Sync_Next_Attempt__c: null };

const succeeded = (held: Held): Held => ({ ...held, ...NO_ERROR, Sync_Status__c: 'Success', Sync_Pending__c: null });

/** A wait for the confirmation begins, unless it had begun: attempts for the answer do not count against it. */
const awaitingWriteBack = (held: Held, now: number): Held => {
  const begins = held.Sync_Pending__c !== 'WriteBack' || isGivenUp(held);
  const beginning = { Sync_Requested_At__c: stamp(now), Sync_First_Attempt__c: held.Sync_Attempt__c };
  return {
    ...held,
    ...NO_ERROR,
    Sync_Status__c: 'In Progress',
    Sync_Pending__c: 'WriteBack',
    ...(begins ? beginning : {}),
  };
};

/** Refused: due again after a wait that doubles, as long as attempts are left. */
const failed = (held: Held, code: string, now: number): Held => {
  const before = (held.Sync_Attempt__c ?? 0) - (held.Sync_First_Attempt__c ?? 0);
  const isLast = before + 1 >= MAX_ATTEMPTS;
  const again = {
    Sync_Pending__c: 'Retry',
    Sync_Requested_At__c: stamp(now),
    Sync_Next_Attempt__c: stamp(now + backoffMinutes(before) * 60_000),
  };
  return {
    ...held,
    Sync_Status__c: 'Failed',
    Sync_Error_Code__c: code,
    ...(isLast ? { Sync_Pending__c: null, Sync_Next_Attempt__c: null } : again),
  };
};

/** Every version leaves from its first attempt on. */
const requested = (now: number): Partial<Held> => ({
  ...NO_ERROR,
  Sync_Status__c: 'In Progress',
  Sync_Pending__c: 'Request',
  Sync_Requested_At__c: stamp(now),
});

/** A Case that people make, in the scope: its first version leaves, and nothing is known of the other side. */
export const begun = (now: number): Partial<Held> => ({
  ...requested(now),
  Sync_Version__c: 1,
  Sync_Attempt__c: 0,
  Sync_First_Attempt__c: 0,
  External_Id__c: null,
  External_Revision__c: null,
  Sync_Base_Revision__c: null,
});

/** A Case whose synced values people change, or that they put into the scope: another version leaves. */
export const changedHere = (held: Held, now: number): Partial<Held> =>
  // one that was never in the scope gets its key with it
  held.Sync_Key__c === null
    ? begun(now)
    : {
        ...held,
        ...requested(now),
        Sync_Version__c: (held.Sync_Version__c ?? 0) + 1,
        Sync_Attempt__c: 0,
        Sync_First_Attempt__c: 0,
      };

/** A person sends a failed Case again: all its attempts begin again, and the last refusal is told until something comes. */
export const retriedHere = (held: Held, now: number): Partial<Held> => {
  const attempt = (held.Sync_Attempt__c ?? 0) + 1;
  return {
    ...held,
    ...requested(now),
    Sync_Error_Code__c: held.Sync_Error_Code__c,
    Sync_Attempt__c: attempt,
    Sync_First_Attempt__c: attempt,
  };
};

/** A Case that people take out of the scope waits for nothing. */
export const leftScope = (held: Held): Partial<Held> => ({
  ...held,
  ...NO_ERROR,
  Sync_Status__c: null,
  Sync_Pending__c: null,
  Sync_Requested_At__c: null,
});

const seen = (held: Held, { externalId, revision }: Told): Held => ({
  ...held,
  External_Id__c: externalId!,
  External_Revision__c: revision!,
});

const answersNewest = (held: Held, { requestVersion, requestDigest }: Told): boolean =>
  requestVersion != null &&
  requestVersion >= held.Sync_Version__c! &&
  (requestDigest == null || held.Digest_D__c === null || requestDigest === held.Digest_D__c);

const applied = (held: Held, told: Told, now: number): Expected => {
  const known = held.External_Revision__c ?? 0;
  const isSettled = held.Sync_Status__c === 'Success' || held.Sync_Pending__c === 'WriteBack';
  const isFirstAnswer = answersNewest(held, told) && !isSettled;
  const holds = sameId(told.salesforceCaseId, held.Id);
  if (told.revision! < known || (told.revision === known && !isFirstAnswer))
    return { outcome: 'IGNORED', after: holds && awaitsConfirmation(held) ? succeeded(held) : held };
  if (!isFirstAnswer && !isSettled) return { outcome: 'RECORDED', after: seen(held, told) };
  const stored = {
    ...seen(held, told),
    Sync_Base_Revision__c: told.revision!,
    Sync_Version__c: Math.max(held.Sync_Version__c!, told.requestVersion ?? 0),
  } as Held;
  return {
    outcome: 'APPLIED',
    after: holds ? succeeded(stored) : awaitingWriteBack(stored, now),
    values: told.values!,
  };
};

const acknowledged = (held: Held, told: Told, now: number): Expected => {
  const isNewer = told.externalId != null && told.revision != null && told.revision > (held.External_Revision__c ?? 0);
  const known = isNewer ? seen(held, told) : held;
  const isOfNewest =
    told.version === held.Sync_Version__c &&
    told.attempt === held.Sync_Attempt__c &&
    held.Sync_Pending__c === 'Request';
  if (isOfNewest) return { outcome: 'APPLIED', after: failed(known, told.errorCode!, now) };
  return { outcome: isNewer ? 'RECORDED' : 'IGNORED', after: known };
};

const confirmed = (held: Held, told: Told): Expected =>
  told.version === held.Sync_Version__c && awaitsConfirmation(held) && sameId(told.caseId, held.Id)
    ? { outcome: 'APPLIED', after: succeeded(held) }
    : { outcome: 'IGNORED', after: held };

const created = ({ externalId, revision, requestVersion, values }: Told, now: number): Expected => ({
  outcome: 'CREATED',
  after: {
    Sync_Status__c: 'In Progress',
    Sync_Pending__c: 'WriteBack',
    Sync_Version__c: Math.max(1, requestVersion ?? 1),
    Sync_Attempt__c: 0,
    Sync_First_Attempt__c: 0,
    Sync_Requested_At__c: stamp(now),
    ...NO_ERROR,
    External_Id__c: externalId!,
    External_Revision__c: revision!,
    Sync_Base_Revision__c: revision!,
  } as Held,
  values: values!,
});

/** The calls of the protocol about Cases that the model knows. */
export type Call = 'apply' | 'acknowledge' | 'write-back' | 'deletion';

/** What must come of a record, of a Case as it was held before, or of none; `now`: by the org's clock. */
export const expectedOf = (call: Call, told: Told, held: Held | null, now: number): Expected => {
  if (held === null) return call === 'apply' ? created(told, now) : { outcome: 'NOT_FOUND', after: null };
  // out of the scope: nothing is stored, and nothing is said of it
  if (held.Sync_Status__c === null) return { outcome: call === 'apply' ? 'REFUSED' : 'NOT_FOUND', after: held };
  switch (call) {
    case 'apply':
      return applied(held, told, now);
    case 'acknowledge':
      return acknowledged(held, told, now);
    case 'write-back':
      return confirmed(held, told);
    case 'deletion':
      return { outcome: 'RECORDED', after: held };
  }
};

/** After a refusal for good of the answer to the newest version the Case shows it; any other leaves it as it was. */
export const afterRefusal = (call: Call, told: Told, held: Held | null, line: Line, now: number): Held | null =>
  call === 'apply' && held && !line.retryable && answersNewest(held, told) && held.Sync_Pending__c === 'Request'
    ? failed(held, line.errorCode!, now)
    : held;

/** What stands in a Case otherwise than it must, a line each; only what `wanted` names is looked at. */
export const differences = (wanted: Partial<Held>, found: Held): string[] =>
  MODELLED.filter((field) => field in wanted && (wanted[field] ?? null) !== (found[field] ?? null)).map(
    (field) => `${field} is ${String(found[field])}, not ${String(wanted[field])}`,
  );

/** A change made in the org as it was saved: the next version has to leave, from its first attempt on. */
export const isOvertaken = (wanted: Held, found: Held): boolean =>
  found.Sync_Version__c! > wanted.Sync_Version__c! &&
  found.Sync_Status__c === 'In Progress' &&
  found.Sync_Pending__c === 'Request' &&
  found.Sync_Attempt__c === 0;

/** Whether the values that a record brought are those that the Case holds. */
export const holdsValues = (
  values: Record<string, Scalar>,
  found: Held,
  types: Record<string, ContentType>,
): boolean => {
  const brought = Object.fromEntries(Object.entries(types).filter(([field]) => field in values));
  return contentOf(values, brought) === contentOf(found, brought);
};
