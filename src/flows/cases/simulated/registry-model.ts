/**
 * What the registry must hold and say after it was told something: written down from docs/case-protocol.md ("Middle layer <->
 * external system", "A side that was restored"), apart from the code that does it.
 */
import type {
  AcknowledgeMessage,
  Conflict,
  FromExternal,
  RequestMessage,
  SalesforceDeletionMessage,
  Scalar,
  ToExternal,
  Values,
  WriteBackMessage,
} from '../../../shared/case-messages.ts';

/** Times are as the database writes them, or ISO 8601: they are compared as moments. */
export interface HeldRecord {
  external_id: string;
  key: string;
  revision: number;
  values: Values;
  request_version: number | null;
  request_digest: number | null;
  requested_at: string | null;
  origin_case_id: string | null;
  salesforce_case_id: string | null;
  sync_status: string;
  sync_error_code: string | null;
  sync_error: string | null;
  sync_attempts: number;
  sync_next_at: string | null;
  salesforce_deletion: { caseId: string; reason: string; masterKey: string | null; at: string } | null;
  lineage: string[];
  acknowledged_revision: number | null;
  seen_revision: number | null;
  seen_mark: string | null;
  deleted_at: string | null;
}

export interface HeldRevision {
  revision: number;
  values: Values;
  source: 'Salesforce' | 'External';
  request_version: number | null;
  request_values: Values | null;
  conflicts: Conflict[] | null;
  marks: string[];
}

export interface HeldDeletion {
  at: string;
  tombstone_id: string;
  deletion: HeldRecord['salesforce_deletion'];
}

export interface HeldRequest {
  idempotency_key: string;
  version: number;
  attempts: number;
  status: string;
  error_code: string | null;
  error_field: string | null;
  message: { id: string; version: number };
}

/** All that the registry holds of a key. */
export interface Holding {
  record: HeldRecord | null;
  /** Oldest first. */
  history: HeldRevision[];
  deletion: HeldDeletion | null;
  requests: HeldRequest[];
}

type Bare<M> = M extends unknown ? Omit<M, 'id'> : never;
/** A message that the registry sends, without its id. */
export type Said = Bare<FromExternal>;

/** What must come of a message. */
export interface Expected {
  after: Holding;
  /** In the receipt, or by the outbox. */
  answers: Said[];
  /** By the outbox, however it answers. */
  sends: Said[];
}

/** A mark, and a number that was never given before, are drawn: these stand for them. */
export const NEW_MARK = '(new mark)';
export const NEW_NUMBER = '(new number)';
/** Words for people, which name the field. */
export const WORDS = '(words)';

interface Refusal {
  errorCode: string;
  field: string | null;
}

/** What the registry is set up with. */
export interface RegistryRules {
  now: number;
  graceMs: number;
  maxGraceMs: number;
  maxFailedAttempts: number;
  spelt(values: Values): Values;
  refusal(values: Values): Refusal | null;
  isFree(number: string): boolean;
}

const NO_CASE = 'NOT_FOUND';
const LINEAGE = 32;

const at = (ms: number): string => new Date(ms).toISOString();
const moment = (time: string | null | undefined): number | null => (time == null ? null : Date.parse(time));
const unique = (marks: readonly (string | null | undefined)[]): string[] => [
  ...new Set(marks.filter((mark): mark is string => mark != null)),
];
const valueOf = (values: Values | null | undefined, field: string): Scalar =>
  values && Object.hasOwn(values, field) ? (values[field] ?? null) : null;

const inMs = (rules: RegistryRules, sendings: number): string =>
  at(rules.now + Math.min(rules.graceMs * 2 ** sendings, rules.maxGraceMs));

export const recordOf = (record: HeldRecord, retriggered = false): Bare<FromExternal & { kind: 'record' }> => ({
  kind: 'record',
  key: record.key,
  externalId: record.external_id,
  revision: record.revision,
  requestVersion: record.request_version,
  requestDigest: record.request_digest,
  lineage: record.lineage,
  salesforceCaseId: record.salesforce_case_id,
  originCaseId: record.origin_case_id,
  values: record.values,
  retriggered,
});

const wantedOf = (record: HeldRecord): Said => ({
  kind: 'requestWanted',
  key: record.key,
  externalId: record.external_id,
  revision: record.revision,
  seenRevision: record.seen_revision!,
});

const goneOf = (record: HeldRecord): Said => ({
  kind: 'deleted',
  key: record.key,
  externalId: record.external_id,
  revision: record.revision,
  at: at(moment(record.deleted_at)!),
});

/** How a record stands, as it is told without being asked for. */
export const standingMessage = (record: HeldRecord, retriggered = false): Said => {
  if (record.deleted_at !== null) return goneOf(record);
  return record.seen_revision === null ? recordOf(record, retriggered) : wantedOf(record);
};

const sentAgain = (record: HeldRecord, rules: RegistryRules): HeldRecord => ({
  ...record,
  sync_status: 'In Progress',
  sync_attempts: record.sync_attempts + 1,
  sync_next_at: inMs(rules, record.sync_attempts + 1),
});

/** After a poller has sent it once more. */
export const polled = sentAgain;

const quiet = (before: Holding): Expected => ({ after: before, answers: [], sends: [] });

/** A revision above all that was seen, with a mark of its own. `level`: it includes what the other side has seen. */
const nextRevision = (
  { record, history, ...rest }: Holding,
  rules: RegistryRules,
  change: {
    values: Values;
    request?: RequestMessage;
    conflicts?: Conflict[];
    seen?: { seenRevision?: number | null; seenMark?: string | null };
    externalId?: string;
  },
): { after: Holding; stored: HeldRecord } => {
  const before = record!;
  const { request, values, seen = {}, conflicts = [] } = change;
  const marks = unique([NEW_MARK, seen.seenMark, change.externalId ? null : before.seen_mark]);
  const isLevel = change.externalId === undefined;
  const stored: HeldRecord = {
    ...before,
    ...(request ? including(before, request) : {}),
    external_id: change.externalId ?? before.external_id,
    revision: Math.max(before.revision, before.seen_revision ?? 0, seen.seenRevision ?? 0) + 1,
    values,
    origin_case_id: before.origin_case_id ?? request?.originCaseId ?? null,
    sync_status: 'In Progress',
    sync_error_code: null,
    sync_error: null,
    sync_attempts: 0,
    sync_next_at: inMs(rules, 0),
    lineage: unique([...marks, ...before.lineage]).slice(0, LINEAGE),
    seen_revision: isLevel ? null : before.seen_revision,
    seen_mark: isLevel ? null : before.seen_mark,
    deleted_at: null,
  };
  const revision: HeldRevision = {
    revision: stored.revision,
    values,
    source: request ? 'Salesforce' : 'External',
    request_version: request ? request.version : stored.request_version,
    request_values: request ? request.values : null,
    conflicts: conflicts.length > 0 ? conflicts : null,
    marks,
  };
  return { after: { ...rest, record: stored, history: [...history, revision] }, stored };
};

/** What the record knows of the requests that it includes, this one among them. */
const including = (
  record: Pick<HeldRecord, 'request_version' | 'requested_at'> | null,
  { version, requestedAt, digest }: RequestMessage,
): Pick<HeldRecord, 'request_version' | 'requested_at' | 'request_digest'> => {
  const known = moment(record?.requested_at);
  const began = moment(requestedAt);
  const latest = Math.max(known ?? -1, began ?? -1);
  return {
    request_version: Math.max(record?.request_version ?? 0, version),
    requested_at: latest < 0 ? null : at(latest),
    request_digest: digest ?? null,
  };
};

const isUnknown = (
  { record, history }: Holding,
  { seenRevision, seenMark }: { seenRevision?: number | null; seenMark?: string | null },
): boolean => {
  if ((seenRevision ?? 0) > record!.revision) return true;
  return seenMark != null && !unique([...record!.lineage, ...history.flatMap(({ marks }) => marks)]).includes(seenMark);
};

const includes = ({ request_version: version }: HeldRecord, request: RequestMessage): boolean =>
  version !== null && version >= request.version;

/** Salesforce has forgotten what it had told (a version begins again) or taken (a revision it had acknowledged). */
const hasForgotten = (record: HeldRecord, request: RequestMessage): boolean => {
  if (!includes(record, request))
    return (
      request.caseRevision !== undefined &&
      record.acknowledged_revision !== null &&
      (request.caseRevision ?? 0) < record.acknowledged_revision
    );
  const began = moment(request.requestedAt);
  const known = moment(record.requested_at);
  if (began === null || known === null || began <= known) return false;
  const isAnotherState =
    request.digest != null && record.request_digest !== null && request.digest !== record.request_digest;
  return request.version !== record.request_version || isAnotherState;
};

type Side = 'level' | 'registry' | 'org';

/** Which side has lost a part of its history. */
const whoLost = (before: Holding, request: RequestMessage): Side => {
  if (isUnknown(before, request)) return 'registry';
  return hasForgotten(before.record!, request) ? 'org' : 'level';
};

/** Salesforce's state before its change, and what of the registry's it has not seen counts against: null, nothing is known. */
const priorOf = ({ record, history }: Holding, { baseRevision }: RequestMessage, lost: Side): Values | null => {
  const acknowledged = record!.acknowledged_revision;
  const isOfLostHistory = lost === 'registry' && baseRevision !== null && baseRevision > (acknowledged ?? 0);
  const base = isOfLostHistory ? (acknowledged ?? 1) : baseRevision;
  const newest = history.findLast(({ revision, request_values: asked }) => asked !== null || revision === base);
  if (!newest) return null;
  return newest.revision === base || newest.request_values === null ? newest.values : newest.request_values;
};

/** What an org that was restored rests on, and the registry's values with those of that time where nobody outside has changed them. */
const restoredBase = (
  { record, history }: Holding,
  { baseRevision }: RequestMessage,
): { prior: Values; base: Values } | null => {
  const start =
    history.find(({ revision }) => revision === baseRevision) ??
    history.find(({ request_values: asked }) => asked !== null);
  if (!start) return null;
  const base = { ...record!.values };
  const since = history.filter(({ revision }) => revision >= start.revision);
  since.forEach((revision, index) => {
    const previous = since[index - 1];
    if (!previous || revision.source !== 'External') return;
    for (const field of unique([...Object.keys(previous.values), ...Object.keys(revision.values)]))
      if (valueOf(previous.values, field) !== valueOf(revision.values, field))
        base[field] = valueOf(start.values, field);
  });
  return { prior: start.revision === baseRevision ? start.values : start.request_values!, base };
};

/** By field: who alone has changed it wins; where both have, to different values, its owner does, and the loss is told. */
const merged = (before: Holding, request: RequestMessage, rules: RegistryRules, lost: Side): [Values, Conflict[]] => {
  const current = before.record!.values;
  const known = lost === 'org' ? restoredBase(before, request) : null;
  const priorOnly = priorOf(before, request, lost);
  const prior = rules.spelt(known?.prior ?? priorOnly ?? {});
  const base = known?.base ?? (priorOnly === null ? current : prior);
  const values = { ...current };
  const conflicts: Conflict[] = [];
  for (const [field, wanted] of Object.entries(rules.spelt(request.values))) {
    const here = valueOf(current, field);
    const isChangedThere = (wanted ?? null) !== valueOf(prior, field);
    if (!isChangedThere || (wanted ?? null) === here) continue;
    const isChangedHere = here !== valueOf(base, field);
    const owner = request.owners[field] ?? 'External';
    if (!isChangedHere || owner === 'Salesforce') values[field] = wanted;
    if (isChangedHere)
      conflicts.push(
        owner === 'Salesforce'
          ? { field, owner, kept: wanted, lost: here }
          : { field, owner, kept: here, lost: wanted },
      );
  }
  return [values, conflicts];
};

const noted = (before: Holding, request: RequestMessage, refusal: Refusal | null): HeldRequest[] => {
  const { idempotencyKey, id, version } = request;
  const known = before.requests.find(({ idempotency_key: name }) => name === idempotencyKey);
  return [
    ...before.requests.filter((each) => each !== known),
    {
      idempotency_key: idempotencyKey,
      version: known?.version ?? version,
      attempts: (known?.attempts ?? 0) + 1,
      status: refusal ? 'Failed' : 'Applied',
      error_code: refusal?.errorCode ?? null,
      error_field: refusal?.field ?? null,
      message: { id, version },
    },
  ];
};

/** The deletion is outlived by a request that began after it. */
const outlived = (before: Holding, { requestedAt }: RequestMessage): Holding => {
  const { record, deletion } = before;
  const began = moment(requestedAt);
  if (!record?.salesforce_deletion || began === null || !deletion?.deletion || moment(deletion.at)! >= began)
    return before;
  return {
    ...before,
    record: { ...record, salesforce_deletion: null },
    deletion: { ...deletion, at: at(began), deletion: null },
  };
};

const withConflicts = (record: HeldRecord, conflicts: readonly Conflict[] | null): Said => ({
  ...recordOf(record),
  ...(conflicts && conflicts.length > 0 ? { conflicts: [...conflicts] } : {}),
});

/** The same sending once more hears of its conflicts again. */
const toldBefore = ({ requests, history }: Holding, request: RequestMessage): Conflict[] | null => {
  const told = requests.find(({ idempotency_key: name }) => name === request.idempotencyKey);
  if (told?.status !== 'Applied' || told.message.id !== request.id) return null;
  return (
    history.findLast(
      ({ request_version: version, request_values: asked }) => version === told.version && asked !== null,
    )?.conflicts ?? null
  );
};

const born = (before: Holding, request: RequestMessage, rules: RegistryRules): Expected => {
  const number = request.externalId ?? null;
  const { deletion } = before;
  const began = moment(request.requestedAt);
  const isDeleted = deletion !== null && (began === null || moment(deletion.at)! >= began);
  const values = rules.spelt(request.values);
  const marks = unique([NEW_MARK, request.seenMark || null]);
  const record: HeldRecord = {
    ...including(null, request),
    external_id: number !== null && rules.isFree(number) ? number : NEW_NUMBER,
    key: request.key,
    revision: Math.max(request.baseRevision ?? 0, request.seenRevision ?? 0) + 1,
    values,
    origin_case_id: request.originCaseId,
    salesforce_case_id: null,
    sync_status: 'In Progress',
    sync_error_code: null,
    sync_error: null,
    sync_attempts: 0,
    sync_next_at: inMs(rules, 0),
    salesforce_deletion: isDeleted ? deletion.deletion : null,
    lineage: marks,
    acknowledged_revision: null,
    seen_revision: null,
    seen_mark: null,
    deleted_at: null,
  };
  const first: HeldRevision = {
    revision: record.revision,
    values,
    source: 'Salesforce',
    request_version: request.version,
    request_values: request.values,
    conflicts: null,
    marks,
  };
  const after = { ...before, record, history: [...before.history, first], requests: noted(before, request, null) };
  return { after, answers: [recordOf(record)], sends: [] };
};

const requested = (told: Holding, request: RequestMessage, rules: RegistryRules): Expected => {
  const before = outlived(told, request);
  const { record } = before;
  const refused = (refusal: Refusal, living: HeldRecord | null): Expected => {
    const { id, key, version, attempt } = request;
    const current = living && { id, ...recordOf(living) };
    const answer: Said = { kind: 'refused', key, version, attempt, ...refusal, message: WORDS, record: current };
    return { after: { ...before, requests: noted(before, request, refusal) }, answers: [answer], sends: [] };
  };
  if (record?.deleted_at) {
    const { after, answers } = refused({ errorCode: 'DELETED_OUTSIDE', field: null }, null);
    return { after: { ...after, record: sentAgain(record, rules) }, answers: [...answers, goneOf(record)], sends: [] };
  }
  const lost = record ? whoLost(before, request) : 'level';
  if (record && lost === 'level' && includes(record, request))
    return { after: before, answers: [withConflicts(record, toldBefore(before, request))], sends: [] };
  const [values, conflicts]: [Values, Conflict[]] = record
    ? merged(before, request, rules, lost)
    : [rules.spelt(request.values), []];
  const refusal = rules.refusal(values);
  if (refusal) return refused(refusal, record);
  if (!record) return born(before, request, rules);
  const requests = noted(before, request, null);
  const isSame = unique([...Object.keys(values), ...Object.keys(record.values)]).every(
    (field) => valueOf(values, field) === valueOf(record.values, field),
  );
  if (lost === 'org' && includes(record, request) && isSame) {
    const knowing = { ...record, ...including(record, request) };
    return { after: { ...before, record: knowing, requests }, answers: [recordOf(knowing)], sends: [] };
  }
  const { after, stored } = nextRevision(before, rules, { values, request, conflicts, seen: request });
  return { after: { ...after, requests }, answers: [withConflicts(stored, conflicts)], sends: [] };
};

const UNNUMBERED = /External_Id__c/;

const acknowledged = (before: Holding, message: AcknowledgeMessage, rules: RegistryRules): Expected => {
  const { record } = before;
  const { key, externalId, revision, success, seenRevision, seenMark, errorCode } = message;
  if (!record) {
    const isAsked = seenRevision != null && externalId !== '' && errorCode !== NO_CASE;
    const wanted = { kind: 'requestWanted', key, externalId, revision: null, seenRevision: seenRevision! } as const;
    return { ...quiet(before), sends: isAsked ? [wanted] : [] };
  }
  if (record.deleted_at === null) {
    if (record.seen_revision !== null && !success && errorCode === NO_CASE) {
      const { after, stored } = nextRevision(before, rules, { values: record.values });
      return { after, answers: [], sends: [recordOf(stored)] };
    }
    const newest = Math.max(revision, seenRevision ?? 0);
    if (record.seen_revision !== null || isUnknown(before, { seenRevision: newest, seenMark: seenMark ?? null }))
      return behind(before, newest, seenMark ?? null, rules);
    const isTaken = !success && errorCode === 'DUPLICATE_VALUE' && UNNUMBERED.test(message.message ?? '');
    if (isTaken && externalId === record.external_id && revision === record.revision) {
      const { after, stored } = nextRevision(before, rules, { values: record.values, externalId: NEW_NUMBER });
      return { after, answers: [], sends: [recordOf(stored)] };
    }
  }
  if (revision !== record.revision) return quiet(before);
  return { ...quiet(before), after: { ...before, record: settled(record, message, rules) } };
};

/** Another side has seen what is not known here: the record waits, and asks for the Case's state once. */
const behind = (before: Holding, seen: number, mark: string | null, rules: RegistryRules): Expected => {
  const record = before.record!;
  const isFirst = record.seen_revision === null;
  const waiting: HeldRecord = {
    ...record,
    seen_revision: Math.max(record.seen_revision ?? 0, seen),
    seen_mark: mark ?? record.seen_mark,
    sync_status: 'In Progress',
    sync_error_code: null,
    sync_error: null,
    sync_next_at: isFirst || record.sync_next_at === null ? inMs(rules, 0) : record.sync_next_at,
  };
  const asked = wantedOf({ ...record, seen_revision: seen });
  return { after: { ...before, record: waiting }, answers: [], sends: isFirst ? [asked] : [] };
};

const settled = (record: HeldRecord, message: AcknowledgeMessage, rules: RegistryRules): HeldRecord => {
  const lookAgain = inMs(rules, record.sync_attempts);
  const isLiving = record.deleted_at === null;
  if (message.success)
    return {
      ...record,
      sync_status: 'Success',
      sync_error_code: null,
      sync_error: null,
      sync_attempts: 0,
      sync_next_at: isLiving && record.salesforce_case_id === null ? lookAgain : null,
      acknowledged_revision: isLiving ? record.revision : record.acknowledged_revision,
    };
  return {
    ...record,
    sync_status: 'Failed',
    sync_error_code: message.errorCode ?? 'UNKNOWN',
    sync_error: message.message ?? 'Salesforce refused the record without a text',
    sync_next_at: record.sync_attempts < rules.maxFailedAttempts ? lookAgain : null,
  };
};

const writtenBack = (told: Holding, message: WriteBackMessage, rules: RegistryRules): Expected => {
  const { key, id, externalId, acknowledges, salesforceCaseId, version } = message;
  const acknowledging = acknowledges
    ? acknowledged(told, { kind: 'acknowledge', id, key, externalId, success: true, ...acknowledges }, rules)
    : quiet(told);
  const { record } = acknowledging.after;
  if (!record) {
    const wanted = { kind: 'requestWanted', key, externalId, revision: null, seenRevision: 0 } as const;
    return acknowledges ? acknowledging : { ...acknowledging, sends: externalId === '' ? [] : [wanted] };
  }
  if (record.deleted_at !== null)
    return {
      ...acknowledging,
      after: { ...acknowledging.after, record: sentAgain(record, rules) },
      answers: [goneOf(record)],
    };
  const holding: HeldRecord = {
    ...record,
    salesforce_case_id: salesforceCaseId,
    sync_next_at: record.sync_status === 'Success' ? null : record.sync_next_at,
  };
  return {
    ...acknowledging,
    after: { ...acknowledging.after, record: holding },
    answers: [{ kind: 'writeBackConfirmed', key, externalId: record.external_id, salesforceCaseId, version }],
  };
};

/** Deletions and restorations of a key are ordered by their time, then by their tombstone. */
const gone = (before: Holding, message: SalesforceDeletionMessage, rules: RegistryRules): Expected => {
  const { key, caseId, reason, masterKey, at: time, tombstoneId } = message;
  const isBack = ['Undeleted', 'Entered Scope'].includes(reason);
  const { record, deletion: known } = before;
  const since = known === null ? null : moment(time)! - moment(known.at)!;
  const isNewer = since === null || since > 0 || (since === 0 && tombstoneId > known!.tombstone_id);
  const deletion = isBack ? null : { caseId, reason, masterKey, at: time };
  const marked = record && isNewer ? { ...record, salesforce_deletion: deletion } : record;
  const recorded: Said = { kind: 'deletionRecorded', key, tombstoneId };
  const after: Holding = {
    ...before,
    record: marked,
    deletion: isNewer ? { at: time, tombstone_id: tombstoneId, deletion } : known,
  };
  if (!isBack || !marked || marked.deleted_at === null) return { after, answers: [recorded], sends: [] };
  return { after: { ...after, record: sentAgain(marked, rules) }, answers: [goneOf(marked), recorded], sends: [] };
};

/** What must come of a message. */
export const expectedOf = (message: ToExternal, before: Holding, rules: RegistryRules): Expected => {
  switch (message.kind) {
    case 'request':
      return requested(before, message, rules);
    case 'acknowledge':
      return acknowledged(before, message, rules);
    case 'writeBack':
      return writtenBack(before, message, rules);
    case 'deletion':
      return gone(before, message, rules);
  }
};
