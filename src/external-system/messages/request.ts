import type { Conflict, RequestMessage, Values } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { Answer, Context } from '../context.ts';
import { raiseNumbers } from '../db/case-numbers.ts';
import { forgetDeletion } from '../db/deletions.ts';
import { lockRecord, noteRequest } from '../db/records.ts';
import { conflictsTold, saveRequest } from '../db/requests.ts';
import { recordMessage, type CaseRecord } from '../records.ts';
import { isSame } from '../rules/merge.ts';
import { normalise } from '../rules/normalise.ts';
import { validate, type Refusal } from '../rules/validate.ts';
import { includedRequests, requestedAtOf, storeFirst, storeRevision } from '../store-revision.ts';
import { tellDeletedAgain } from './deleted-again.ts';
import { mergeInto } from './merge-into.ts';
import { standingOf, wasApplied } from './standing.ts';

/**
 * Creates or updates a record as Salesforce asks. A version that was applied before changes nothing and is answered
 * with the current record, as long as neither side has lost a part of its history. Only success is remembered, so a
 * refused request may come again. The same sending again (its receipt was lost) is told its conflicts once more, for
 * nobody has heard of them. Returns the answers.
 */
export const applyRequest = async (context: Context, tx: Queryable, request: RequestMessage): Promise<Answer[]> => {
  const now = new Date(context.clock.now());
  await raiseNumbers(tx, request.externalId);
  const record = await lockRecord(tx, request.key);
  const began = requestedAtOf(request);
  if (record?.salesforce_deletion && began !== null) await forgetDeletion(tx, { key: request.key, at: began });
  const living = record && !record.deleted_at ? record : null;
  const standing = living ? await standingOf(tx, living, request) : 'level';
  if (living && standing === 'level' && wasApplied(living, request)) {
    return [withConflicts(recordMessage(living), await conflictsTold(tx, request))];
  }
  const refused = async (refusal: Refusal): Promise<Answer[]> => {
    await saveRequest(tx, request, refusal, now);
    const { key, version, attempt } = request;
    const current = living ? { id: request.id, ...recordMessage(living) } : null;
    return [{ kind: 'refused', key, version, attempt, ...refusal, record: current }];
  };
  if (record?.deleted_at) {
    const refusal = await refused({
      errorCode: 'DELETED_OUTSIDE',
      field: null,
      message: `the record ${record.external_id} was deleted here; restore it there, or delete the Case`,
    });
    return [...refusal, ...(await tellDeletedAgain(context, tx, record))];
  }
  const requested = normalise(context.fields, request.values);
  const { values, conflicts } = living
    ? await mergeInto(context, tx, living, request, requested, standing)
    : { values: requested, conflicts: [] };
  const refusal = validate(context.fields, values);
  if (refusal) return refused(refusal);

  await saveRequest(tx, request, null, now);
  if (living && standing === 'org behind' && wasApplied(living, request) && isUnchanged(living.values, values)) {
    const noted = await noteRequest(tx, { key: living.key, ...includedRequests(living, request) });
    return [recordMessage(noted)];
  }
  const { key, seenRevision = null, seenMark = null } = request;
  const stored = living
    ? await storeRevision(context, tx, living, { values, request, conflicts, seenRevision, seenMark, isLevel: true })
    : await storeFirst(context, tx, { key, values, request });
  return [withConflicts(recordMessage(stored), conflicts)];
};

const withConflicts = <M extends Answer>(record: M, conflicts: Conflict[]): M =>
  conflicts.length ? { ...record, conflicts } : record;

const isUnchanged = (before: CaseRecord['values'], after: Values): boolean =>
  Object.keys({ ...before, ...after }).every((field) => isSame(before[field], after[field]));
