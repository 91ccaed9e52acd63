import type { RequestMessage, Values } from '../../shared/case-messages.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { insertRecord } from '../db/queries/insert-record.ts';
import { insertRevision } from '../db/queries/insert-revision.ts';
import { lockRecord } from '../db/queries/lock-record.ts';
import { readPriorState } from '../db/queries/read-prior-state.ts';
import { saveRequest } from '../db/queries/save-request.ts';
import { updateRecord } from '../db/queries/update-record.ts';
import { recordMessage, type CaseRecord } from '../records.ts';
import { tellDeletedAgain } from './deleted-again.ts';
import { merge } from '../rules/merge.ts';
import { normalise } from '../rules/normalise.ts';
import { validate, type Refusal } from '../rules/validate.ts';

/**
 * Creates or updates a record as Salesforce asks (steps 3 and 9). A version that was applied before
 * changes nothing and is answered with the current record; only success is remembered, so a refused
 * request may come again.
 */
export const applyRequest = async (context: Context, tx: Queryable, request: RequestMessage): Promise<void> => {
  const now = new Date(context.clock.now());
  const record = await lockRecord(tx, request.key);
  if (record && !record.deleted_at && record.request_version !== null && record.request_version >= request.version) {
    await emit(context, tx, recordMessage(record));
    return;
  }
  const refused = async (refusal: Refusal): Promise<void> => {
    await saveRequest(tx, request, refusal, now);
    await emit(context, tx, {
      kind: 'refused',
      key: request.key,
      version: request.version,
      attempt: request.attempt,
      ...refusal,
      record: record && !record.deleted_at ? { id: request.id, ...recordMessage(record) } : null,
    });
  };
  if (record?.deleted_at) {
    await refused({
      errorCode: 'DELETED_OUTSIDE',
      field: null,
      message: `the record ${record.external_id} was deleted here; restore it there, or delete the Case`,
    });
    return tellDeletedAgain(context, tx, record);
  }
  const requested = normalise(request.values);
  const { values, conflicts } = record
    ? await mergeInto(tx, record, request, requested)
    : { values: requested, conflicts: [] };
  const refusal = validate(values);
  if (refusal) return refused(refusal);

  const stored = record
    ? await updateRecord(tx, {
        key: request.key,
        values,
        requestVersion: request.version,
        originCaseId: request.originCaseId,
        deletedAt: null,
        now,
        nextAt: afterGrace(context, 0),
      })
    : await insertRecord(tx, {
        key: request.key,
        // a record that was lost here comes back above what Salesforce has seen of it, or its answer would pass for an old one
        revision: (request.baseRevision ?? 0) + 1,
        values,
        extra: request.extra ?? null,
        requestVersion: request.version,
        originCaseId: request.originCaseId,
        now,
        nextAt: afterGrace(context, 0),
      });
  await insertRevision(tx, {
    key: request.key,
    revision: stored.revision,
    values,
    source: 'Salesforce',
    requestVersion: request.version,
    requestValues: request.values,
    conflicts,
    at: now,
  });
  await saveRequest(tx, request, null, now);
  await emit(context, tx, { ...recordMessage(stored), ...(conflicts.length ? { conflicts } : {}) });
};

const mergeInto = async (
  tx: Queryable,
  record: CaseRecord,
  request: RequestMessage,
  requested: Values,
): Promise<ReturnType<typeof merge>> => {
  const known = await readPriorState(tx, record.key, request.baseRevision);
  // nothing known of Salesforce's prior state: every field it sends counts as its change against the birth of the record
  const prior = known ? normalise(known.prior) : {};
  return merge({
    requested,
    prior,
    current: record.values,
    base: known?.base ?? record.values,
    owners: request.owners,
  });
};
