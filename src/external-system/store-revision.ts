import { LINEAGE_LENGTH, type Conflict, type RequestMessage, type Values } from '../shared/case-messages.ts';
import { randomUuid } from 'kernel/random.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { afterGrace, type Context } from './context.ts';
import { isFreeNumber, nextNumber } from './db/case-numbers.ts';
import { insertRecord, updateRecord } from './db/records.ts';
import { insertRevision } from './db/revisions.ts';
import type { CaseRecord } from './records.ts';

const MARK_LENGTH = 8;

const newMark = (context: Context): string => randomUuid(context.random).slice(0, MARK_LENGTH);

/** When the version of a request began, or null when it does not say. */
export const requestedAtOf = ({ requestedAt }: RequestMessage): Date | null =>
  requestedAt == null ? null : new Date(requestedAt);

const later = (a: Date | null, b: Date | null): Date | null => (a !== null && (b === null || a > b) ? a : b);

/** What the record knows of the requests it includes, with this one. A version that fell (a restored org) lowers nothing. */
export const includedRequests = (
  record: Pick<CaseRecord, 'request_version' | 'requested_at' | 'request_digest'> | null,
  request: RequestMessage | null,
): { requestVersion: number | null; requestedAt: Date | null; requestDigest: number | null } =>
  request
    ? {
        requestVersion: Math.max(record?.request_version ?? 0, request.version),
        requestedAt: later(requestedAtOf(request), record?.requested_at ?? null),
        requestDigest: request.digest ?? null,
      }
    : {
        requestVersion: record?.request_version ?? null,
        requestedAt: record?.requested_at ?? null,
        requestDigest: record?.request_digest ?? null,
      };

export interface NextRevision {
  values: Values;
  /** The request that leads to it; null when it is changed here. */
  request?: RequestMessage | null;
  conflicts?: Conflict[];
  deletedAt?: Date | null;
  /** A new number for the record. */
  externalId?: string | null;
  /** What the other side is known to have seen, and the mark of that. */
  seenRevision?: number | null;
  seenMark?: string | null;
  /** Whether the values include all that the other side has seen. */
  isLevel?: boolean;
}

/** Stores values as the record's next revision, above all that any side is known to have seen, and appends it to the history. */
export const storeRevision = async (
  context: Context,
  tx: Queryable,
  record: CaseRecord,
  next: NextRevision,
): Promise<CaseRecord> => {
  const { values, request = null, conflicts = [], isLevel = false } = next;
  const now = new Date(context.clock.now());
  // what was lost here and comes back with these values is part of their history from now on
  const adopted = isLevel ? [next.seenMark, record.seen_mark].filter((mark) => mark != null) : [];
  const marks = [...new Set([newMark(context), ...adopted])];
  const stored = await updateRecord(tx, {
    key: record.key,
    externalId: next.externalId ?? null,
    values,
    ...includedRequests(record, request),
    originCaseId: request?.originCaseId ?? record.origin_case_id,
    deletedAt: next.deletedAt ?? null,
    lineage: [...new Set([...marks, ...record.lineage])].slice(0, LINEAGE_LENGTH),
    seenRevision: next.seenRevision ?? null,
    isLevel,
    now,
    nextAt: afterGrace(context, 0),
  });
  await appendHistory(tx, stored, { request, conflicts, marks, at: now });
  return stored;
};

export interface FirstRevision {
  key: string;
  values: Values;
  request?: RequestMessage | null;
}

/**
 * Creates a record. One that was lost here comes back under its number, unless another record has it by now, and above
 * all that was seen of it, or it would pass for an old one.
 */
export const storeFirst = async (
  context: Context,
  tx: Queryable,
  { key, values, request = null }: FirstRevision,
): Promise<CaseRecord> => {
  const now = new Date(context.clock.now());
  const marks = [newMark(context), ...(request?.seenMark ? [request.seenMark] : [])];
  const known = request?.externalId ?? null;
  const stored = await insertRecord(tx, {
    key,
    externalId: known !== null && (await isFreeNumber(tx, known)) ? known : await nextNumber(tx),
    revision: Math.max(request?.baseRevision ?? 0, request?.seenRevision ?? 0) + 1,
    values,
    extra: request?.extra ?? null,
    ...includedRequests(null, request),
    originCaseId: request?.originCaseId ?? null,
    lineage: marks,
    now,
    nextAt: afterGrace(context, 0),
  });
  await appendHistory(tx, stored, { request, conflicts: [], marks, at: now });
  return stored;
};

const appendHistory = (
  tx: Queryable,
  { key, revision, values, request_version: included }: CaseRecord,
  { request, ...rest }: { request: RequestMessage | null; conflicts: Conflict[]; marks: string[]; at: Date },
): Promise<void> =>
  insertRevision(tx, {
    key,
    revision,
    values,
    source: request ? 'Salesforce' : 'External',
    requestVersion: request?.version ?? included,
    requestValues: request?.values ?? null,
    ...rest,
  });
