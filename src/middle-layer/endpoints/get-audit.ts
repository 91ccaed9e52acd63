import { json } from 'kernel/http.ts';
import { RequestError, type Route, type RoutedRequest } from '../../shared/router.ts';
import { readAudit } from '../db/queries/read-audit.ts';
import { readConflicts } from '../db/queries/read-conflicts.ts';
import type { Context } from '../types.ts';
import { DEFAULT_PAGE, MAX_PAGE, page, wholeNumber } from './parameters.ts';

const keyOf = (request: RoutedRequest): string => {
  const key = request.query.get('key');
  if (!key) throw new RequestError(400, 'BAD_REQUEST', 'key is missing: give the Sync_Key__c of a Case');
  return key.toLowerCase();
};

/** `GET /v1/audit?key=&after=&limit=`: every attempt and outcome of a key, oldest first. */
export const getAudit =
  (context: Context): Route =>
  async (request) => {
    const limit = Math.max(1, wholeNumber(request, 'limit', DEFAULT_PAGE, MAX_PAGE));
    const rows = await readAudit(
      context.db,
      keyOf(request),
      wholeNumber(request, 'after', 0, Number.MAX_SAFE_INTEGER),
      limit + 1,
    );
    const { rows: entries, next } = page(rows, limit, ({ seq }) => seq);
    return json(200, { entries, next });
  };

/** `GET /v1/conflicts?key=`: what was lost when both sides had changed a field, while retention keeps it. */
export const getConflicts =
  (context: Context): Route =>
  async (request) =>
    json(200, { conflicts: await readConflicts(context.db, keyOf(request)) });
