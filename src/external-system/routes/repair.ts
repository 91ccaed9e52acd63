import { json, LARGE_BODY_BYTES } from 'kernel/http.ts';
import { RequestError, type Routes } from '../../shared/router.ts';
import type { Database } from '../../shared/sql/types.ts';
import { afterGrace, emit, type Context } from '../context.ts';
import { listRepairs } from '../db/repairs.ts';
import { markRetriggered } from '../db/records.ts';
import { lockLive } from '../lock-live.ts';
import { currentMessage } from '../records.ts';
import { carryRoute } from './carry.ts';

const PAGE = 200;

/** What reconciliation asks the registry to do about one case, and to tell about it. All may be repeated. */
export const repairRoutes = (context: Context, db: Database): Routes => ({
  // send the record again as it stands: the same revision
  'POST /v1/cases/:externalId/trigger': async ({ params }) => {
    const record = await db.transaction(async (tx) => {
      const found = await lockLive(tx, params.externalId!);
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
