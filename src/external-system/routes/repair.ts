import { json, LARGE_BODY_BYTES, type HttpRequest } from 'kernel/http.ts';
import { jsonBody, RequestError, type Routes } from '../../shared/router.ts';
import { isText } from '../../shared/shapes.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { listRepairs } from '../db/repairs.ts';
import { forgetCase, markRetriggered } from '../db/records.ts';
import { lockLive } from '../lock-live.ts';
import { currentMessage, type CaseRecord } from '../records.ts';
import { carryRoute } from './carry.ts';

const PAGE = 200;

/** A body is not needed. */
const lostCaseIdIn = (request: HttpRequest): string | null => {
  const { forgetCaseId = null } = request.body === '' ? {} : jsonBody(request);
  if (forgetCaseId !== null && !isText(forgetCaseId))
    throw new RequestError(400, 'BAD_REQUEST', 'forgetCaseId must be the id of a Case');
  return forgetCaseId;
};

/** The record as one that no Case stands for yet: Salesforce makes one. Asked for again, it is that already. */
const withoutCase = async (tx: Queryable, record: CaseRecord, lostId: string): Promise<CaseRecord> => {
  const { key, salesforce_case_id: caseId, external_id: number } = record;
  if (caseId !== null && caseId !== lostId)
    throw new RequestError(409, 'MOVED_ON', `case ${number} holds another Case id than ${lostId} by now`);
  await forgetCase(tx, key);
  return { ...record, salesforce_case_id: null };
};

/** What reconciliation asks the registry to do about one case, and to tell about it. All may be repeated. */
export const repairRoutes = (context: Context, db: Database): Routes => ({
  // send the record again as it stands: the same revision. `forgetCaseId`: the Case that it stands for is lost for good
  'POST /v1/cases/:externalId/trigger': async (request) => {
    const { params } = request;
    const lostId = lostCaseIdIn(request);
    const record = await db.transaction(async (tx) => {
      const live = await lockLive(tx, params.externalId!);
      const found = lostId === null ? live : await withoutCase(tx, live, lostId);
      await markRetriggered(tx, found.key, afterGrace(context, found.sync_attempts + 1));
      await emit(context, tx, currentMessage(found, true));
      return found;
    });
    return json(202, { externalId: record.external_id, revision: record.revision });
  },

  'POST /v1/cases/:externalId/carry': { handle: carryRoute(context, db), mostBytes: LARGE_BODY_BYTES },

  // what a run repaired, with the values it replaced
  'GET /v1/repairs': async ({ query }) => {
    const run = query.get('run');
    if (!run) throw new RequestError(400, 'BAD_REQUEST', 'run is missing: give the key of a reconciliation run');
    const repairs = await listRepairs(db, { run, key: query.get('key'), after: query.get('after') ?? '', limit: PAGE });
    return json(200, { repairs, next: repairs.length === PAGE ? repairs.at(-1)!.key : null });
  },
});
