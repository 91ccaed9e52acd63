import { CASES } from './name.ts';
import { randomUuid } from 'kernel/random.ts';
import { checkToExternal, MALFORMED } from '../../../shared/check-message.ts';
import { attempt as checkAttempt, count as checkCount, describeProblem, isKey } from '../../../shared/checks.ts';
import type { OwnFault } from '../../../shared/own-fault.ts';
import type { Queryable } from '../../../shared/sql/types.ts';
import type { Heartbeat, PendingCase, SalesforcePort, Sweep, SyncedField, Tombstone } from './salesforce/port.ts';
import { lockCases, type CaseState, readCaseStates, updateCaseStates } from './db/case-states.ts';
import { savePause } from '../../../middle-layer/db/flow-state.ts';
import { inHalves } from '../../../middle-layer/db/in-halves.ts';
import { readSweepState, saveSettings } from './db/sweep-state.ts';
import { takeTombstones, waitingTombstones } from './db/tombstones.ts';
import { enqueue } from '../../../middle-layer/queue/enqueue.ts';
import type { FlowContext, Draft } from '../../../middle-layer/types.ts';
import { auditRefused, carryCase } from './carry-case.ts';
import { toExternal } from './drafts.ts';
import { afterPage, ALL_AT_ONCE, sliceOf, slicesOf, type Slices } from './slices.ts';
import { timeOf } from '../../../shared/salesforce/soql.ts';
import { beganAt, beganLater, makeWay, versionsFell } from './versions-fell.ts';

/** Why nothing may flow, or null. Ids are compared by their first 15 characters: the rest is a check sum. */
const pauseOf = ({ orgId, settings }: Sweep): string | null => {
  if (settings.paused) return 'PAUSED_IN_SALESFORCE';
  if (!settings.orgId) return 'SETTINGS_NAME_NO_ORG';
  return settings.orgId.slice(0, 15) === orgId.slice(0, 15) ? null : 'SETTINGS_OF_ANOTHER_ORG';
};

const isNew = (version: number, attempt: number, knownVersion: number, knownAttempt: number): boolean =>
  version > knownVersion || (version === knownVersion && attempt > knownAttempt);

/** How far a sweep came. */
export interface Swept {
  /** Messages queued. */
  queued: number;
  /** Where the next page begins; null: at the start of a new round. */
  caseCursor: string | null;
  tombstoneCursor: string | null;
  slices: Slices;
  /** Whether everything pending has been read. */
  isWhole: boolean;
  /** Whether an administrator has paused the sync. */
  isPaused: boolean;
  /** Whether the org publishes no events. */
  isPollOnly: boolean;
  /** The heartbeat that the org showed, in epoch milliseconds; null: none. */
  shown: number | null;
}

/**
 * One sweep: reads the next page of what is pending in Salesforce, at most `most` Cases, and queues what is not
 * known yet. Settings are stored first, so a pause holds from here on.
 */
export const sweep = async (
  context: FlowContext,
  salesforce: SalesforcePort,
  most: number,
  heartbeat: Heartbeat | null,
): Promise<Swept> => {
  const { db } = context;
  const before = await readSweepState(db);
  const { case_cursor: casesAfter, tombstone_cursor: tombstonesAfter } = before;
  const page = { most, casesAfter, tombstonesAfter, slice: sliceOf(before) };
  const seen = await salesforce.sweep(before.fields, page, heartbeat);
  const pause = pauseOf(seen);
  if (pause !== before.pause)
    context.log(pause ? 'warn' : 'info', pause ? 'paused' : 'running', { reason: pause ?? before.pause });
  await db.transaction(async (tx) => {
    await saveSettings(tx, { orgId: seen.orgId, fields: seen.fields });
    await savePause(tx, CASES, pause);
    await context.budget.count(tx, salesforce.takeCallCount());
  });
  const told = { isPaused: pause !== null, isPollOnly: seen.settings.pollOnly, shown: timeOf(seen.settings.sweptAt) };
  const nothing = { queued: 0, isWhole: false, ...told };
  if (pause) return { ...nothing, caseCursor: null, tombstoneCursor: null, slices: ALL_AT_ONCE };
  if (most === 0)
    return { ...nothing, caseCursor: casesAfter, tombstoneCursor: tombstonesAfter, slices: slicesOf(before) };

  let queued = await takeDeletions(context, seen.tombstones);
  queued += await takeCases(context, seen.orgId, seen.cases, seen.fields);
  const slices = afterPage(slicesOf(before), seen.cases.length, seen.moreCases);
  return {
    queued,
    caseCursor: seen.moreCases ? seen.cases.at(-1)!.id : null,
    tombstoneCursor: seen.moreTombstones ? seen.tombstones.at(-1)!.id : null,
    slices,
    isWhole: !seen.moreCases && slices.slice === 0 && !seen.moreTombstones,
    ...told,
  };
};

const takeCases = async (
  context: FlowContext,
  orgId: string,
  cases: readonly PendingCase[],
  fields: readonly SyncedField[],
): Promise<number> => {
  const candidates = await newOnes(context, cases);
  const queued = await inHalves(
    candidates,
    (part) => queueCases(context, orgId, part, fields, null),
    (culprit, fault) => queueCases(context, orgId, [culprit], fields, fault),
  );
  return queued.reduce((sum, count) => sum + count, 0);
};

/** Queues what carries these Cases. `fault`: why the only one of them cannot be carried, as the database found. */
const queueCases = (
  context: FlowContext,
  orgId: string,
  candidates: readonly PendingCase[],
  fields: readonly SyncedField[],
  fault: OwnFault | null,
): Promise<number> =>
  context.db.transaction(async (tx) => {
    const states = await lockCases(
      tx,
      candidates.map(({ key }) => key),
    );
    const drafts: Draft[] = [];
    const changes: (Partial<CaseState> & { key: string })[] = [];
    for (const from of candidates) {
      const state = states.get(from.key)!;
      if (versionsFell(from, state) && !(await makeWay(context, tx, from.key))) continue;
      const draft = draftOf(context, orgId, from, state, fields, fault);
      if (!draft) continue;
      drafts.push(draft);
      const known =
        from.pending === 'Request'
          ? { request_version: from.version, request_attempt: from.attempt, requested_at: beganAt(from) }
          : { write_back_version: from.version, write_back_attempt: from.attempt };
      changes.push({
        key: from.key,
        case_id: from.id,
        account_id: from.accountId,
        external_id: from.externalId,
        ...known,
      });
    }
    if (changes.length) await updateCaseStates(tx, changes);
    await auditRefused(context, tx, drafts, new Date(context.clock.now()));
    await enqueue(context, tx, drafts);
    return drafts.length;
  });

/** Most of what is pending is known already: only the rest is worth a lock. */
const newOnes = async (context: FlowContext, cases: readonly PendingCase[]): Promise<PendingCase[]> => {
  const sound = cases.filter(({ id, key, version, attempt }) => {
    const isSound = isKey(key) && checkCount(version) === null && checkAttempt(attempt) === null;
    if (!isSound)
      context.log('error', 'pending Case without key or version', {
        caseId: id,
        remedy: 'adopt it by the backfill, or empty Sync_Pending__c',
      });
    return isSound;
  });
  if (sound.length === 0) return [];
  const known = await readCaseStates(
    context.db,
    sound.map(({ key }) => key),
  );
  return sound.filter((from) => {
    const state = known.get(from.key);
    return !state || isNewWork(from, state);
  });
};

const isNewWork = (from: PendingCase, state: CaseState): boolean => {
  const { pending, version, attempt } = from;
  return pending === 'Request'
    ? isNew(version, attempt, state.request_version, state.request_attempt) || beganLater(from, state)
    : isNew(version, attempt, state.write_back_version, state.write_back_attempt);
};

const draftOf = (
  context: FlowContext,
  orgId: string,
  from: PendingCase,
  state: CaseState,
  fields: readonly SyncedField[],
  fault: OwnFault | null,
): Draft | null => {
  const { key, version } = from;
  if (!isNewWork(from, state)) return null;
  if (from.pending === 'Request') return carryCase(context, orgId, from, fields, state, fault);
  const externalId = from.externalId ?? state.external_id;
  if (!externalId) {
    context.log('error', 'write-back without an external id', {
      key,
      version,
      remedy: 'retry the Case: its next request brings the id',
    });
    return null;
  }
  return toExternal({
    kind: 'writeBack',
    id: randomUuid(context.random),
    key,
    externalId,
    salesforceCaseId: from.id,
    version,
    // it may replace a write-back that acknowledges, and then says no less
    ...(from.revision === null ? {} : { acknowledges: { revision: from.revision, seenRevision: from.revision } }),
  });
};

/** Deletions that are new, or that the external system took and never confirmed: lost there, or the answer on its way. */
const takeDeletions = async (context: FlowContext, pending: readonly Tombstone[]): Promise<number> => {
  if (pending.length === 0) return 0;
  const now = new Date(context.clock.now());
  const waiting = await waitingTombstones(
    context.db,
    pending.map(({ id }) => id),
    now,
  );
  const tombstones = soundTombstones(
    context,
    pending.filter(({ id }) => !waiting.has(id)),
  );
  const queued = await inHalves(
    tombstones,
    (part) => queueDeletions(context, part, now),
    async (culprit, fault) => logTombstone(context, culprit, fault.errorCode, fault.message),
  );
  return queued.reduce((sum, count) => sum + count, 0);
};

const logTombstone = (
  context: FlowContext,
  { id: tombstoneId, caseId }: Tombstone,
  code: string,
  reason: string,
): number => {
  const remedy = 'correct the Sync_Tombstone__c, or empty its Pending__c';
  context.log('error', 'deletion cannot be carried', { tombstoneId, caseId, code, reason, remedy });
  return 0;
};

/** Those that make a message which the external system takes; each of the others is told, and holds up none. */
const soundTombstones = (context: FlowContext, tombstones: readonly Tombstone[]): Tombstone[] =>
  tombstones.filter((tombstone) => {
    const problem = checkToExternal({ ...tombstone, kind: 'deletion', tombstoneId: tombstone.id });
    if (problem) logTombstone(context, tombstone, MALFORMED, describeProblem(problem));
    return problem === null;
  });

const queueDeletions = (context: FlowContext, tombstones: readonly Tombstone[], now: Date): Promise<number> =>
  context.db.transaction(async (tx: Queryable) => {
    await lockCases(
      tx,
      tombstones.map(({ key }) => key),
    );
    const { answerGraceMs, answerMaxMs } = context.settings;
    const due = await takeTombstones(tx, tombstones, now, answerGraceMs, answerMaxMs);
    const drafts = tombstones
      .filter(({ id }) => due.has(id))
      .map(({ id: tombstoneId, key, caseId, reason, masterKey, at }) =>
        toExternal({
          kind: 'deletion',
          id: randomUuid(context.random),
          key,
          caseId,
          reason,
          masterKey,
          at,
          tombstoneId,
        }),
      );
    await enqueue(context, tx, drafts);
    return drafts.length;
  });
