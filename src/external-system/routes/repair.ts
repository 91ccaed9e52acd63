import type { Values } from '../../shared/case-messages.ts';
import { json } from '../../shared/http.ts';
import { jsonBody, RequestError, type Route } from '../../shared/router.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { insertRevision } from '../db/queries/insert-revision.ts';
import { lockRecord } from '../db/queries/lock-record.ts';
import { markRetriggered } from '../db/queries/unsettled-records.ts';
import { updateRecord } from '../db/queries/update-record.ts';
import { recordMessage, recordView, type CaseRecord } from '../records.ts';
import { normalise } from '../rules/normalise.ts';
import { validate } from '../rules/validate.ts';

const lockLive = async (tx: Queryable, externalId: string): Promise<CaseRecord> => {
  const [row] = await tx.query<{ key: string }>('SELECT key FROM case_record WHERE external_id = $1', [externalId]);
  const record = row ? await lockRecord(tx, row.key) : null;
  if (!record) throw new RequestError(404, 'NOT_FOUND', `no case ${externalId} is registered here`);
  if (record.deleted_at) throw new RequestError(409, 'DELETED', `case ${externalId} is deleted; it is not sent again`);
  return record;
};

/** What reconciliation asks the registry to do about one case. Both may be repeated. */
export const repairRoutes = (context: Context, db: Database): Record<string, Route> => ({
  // send the record again as it stands: the same revision
  'POST /v1/cases/:externalId/trigger': async ({ params }) => {
    const record = await db.transaction(async (tx) => {
      const found = await lockLive(tx, params.externalId!);
      await markRetriggered(tx, found.key, afterGrace(context, found.sync_attempts + 1));
      await emit(context, tx, recordMessage(found, true));
      return found;
    });
    return json(202, { externalId: record.external_id, revision: record.revision });
  },

  // take over the fields that Salesforce owns and send everything as a new revision, so that Salesforce stores the rest;
  // `ifRevision` guards against a change in between; the former values stay in the history
  'POST /v1/cases/:externalId/carry': async (request) => {
    const { values = {}, ifRevision } = jsonBody(request) as { values?: Values; ifRevision?: number };
    const stored = await db.transaction(async (tx) => {
      const record = await lockLive(tx, request.params.externalId!);
      if (ifRevision !== undefined && ifRevision !== record.revision) {
        throw new RequestError(
          409,
          'CHANGED',
          `case ${record.external_id} is at revision ${record.revision}, not ${ifRevision}; compare again`,
        );
      }
      const now = new Date(context.clock.now());
      const next = { ...record.values, ...normalise(values) };
      const refusal = validate(next);
      if (refusal) throw new RequestError(422, refusal.errorCode, refusal.message);
      const updated = await updateRecord(tx, {
        key: record.key,
        values: next,
        requestVersion: record.request_version,
        originCaseId: record.origin_case_id,
        deletedAt: null,
        now,
        nextAt: afterGrace(context, 0),
      });
      await insertRevision(tx, {
        key: record.key,
        revision: updated.revision,
        values: next,
        source: 'External',
        requestVersion: record.request_version,
        requestValues: null,
        conflicts: [],
        at: now,
      });
      await emit(context, tx, recordMessage(updated));
      return updated;
    });
    return json(200, recordView(stored));
  },
});
