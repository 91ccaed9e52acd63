import type { RequestMessage } from '../../shared/case-messages.ts';
import { json } from 'kernel/http.ts';
import { RequestError, type Route } from '../../shared/router.ts';
import type { Database } from '../../shared/sql/types.ts';
import type { Context } from '../context.ts';
import { applyRequest } from '../messages/request.ts';

interface FailedRequest {
  idempotency_key: string;
  key: string;
  version: number;
  attempts: number;
  error_code: string;
  error: string;
  error_field: string | null;
  message: RequestMessage;
  at: Date;
}

const FAILED = `SELECT * FROM case_request r WHERE status = 'Failed'
  AND NOT EXISTS (SELECT 1 FROM case_request newer WHERE newer.key = r.key AND newer.version > r.version AND newer.status = 'Applied')`;

/** Requests from Salesforce that the registry refused, and their retry by a person. */
export const requestRoutes = (context: Context, db: Database): Record<string, Route> => ({
  'GET /v1/requests': async () => {
    const rows = await db.query<FailedRequest>(`${FAILED} ORDER BY at, key`);
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
    const [failed] = await db.query<FailedRequest>(`${FAILED} AND key = $1 ORDER BY version DESC LIMIT 1`, [
      params.key!,
    ]);
    if (!failed) throw new RequestError(404, 'NOT_FOUND', `no failed request has the key ${params.key}`);
    await db.transaction((tx) => applyRequest(context, tx, failed.message));
    const [now] = await db.query<{ status: string }>('SELECT status FROM case_request WHERE idempotency_key = $1', [
      failed.idempotency_key,
    ]);
    return json(200, { key: failed.key, version: failed.version, status: now!.status });
  },
});
