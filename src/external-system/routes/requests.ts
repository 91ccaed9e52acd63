import { json } from 'kernel/http.ts';
import { RequestError, type Route } from '../../shared/router.ts';
import type { Database } from '../../shared/sql/types.ts';
import { emit, type Context } from '../context.ts';
import { failedRequests, newestFailedRequest, statusOf } from '../db/requests.ts';
import { applyRequest } from '../messages/request.ts';

/** Requests from Salesforce that the registry refused, and their retry by a person. */
export const requestRoutes = (context: Context, db: Database): Record<string, Route> => ({
  'GET /v1/requests': async () => {
    const rows = await failedRequests(db);
    return json(200, {
      requests: rows.map((row) => ({
        key: row.key,
        version: row.version,
        status: 'Failed',
        attempts: row.attempts,
        errorCode: row.error_code,
        error: row.error,
        field: row.error_field,
        at: row.at.toISOString(),
      })),
    });
  },

  'POST /v1/requests/:key/retry': async ({ params }) => {
    const failed = await newestFailedRequest(db, params.key!);
    if (!failed) throw new RequestError(404, 'NOT_FOUND', `no failed request has the key ${params.key}`);
    await db.transaction(async (tx) => {
      for (const answer of await applyRequest(context, tx, failed.message)) await emit(context, tx, answer);
    });
    return json(200, { key: failed.key, version: failed.version, status: await statusOf(db, failed) });
  },
});
