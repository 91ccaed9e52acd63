import { json } from 'kernel/http.ts';
import { readAudit, readNewestAudit } from '../db/audit.ts';
import { openDeadLettersOfKeys } from '../db/dead-letters.ts';
import { DEFAULT_PAGE, MAX_PAGE, page, wholeNumber } from './parameters.ts';
import type { Context } from '../types.ts';
import { identifier, listOf } from '../../shared/checks.ts';
import { RequestError, type Route, type RoutedRequest, jsonBody } from '../../shared/router.ts';

/** The key that a request asks about. */
export const keyOf = (request: RoutedRequest): string => {
  const key = request.query.get('key');
  if (!key)
    throw new RequestError(400, 'BAD_REQUEST', 'key is missing: give the key of a record, for a Case its Sync_Key__c');
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

const MAX_KEYS = 200;
const MAX_ENTRIES = 200;
const USUAL_ENTRIES = 50;

const checkKeys = listOf(identifier(100));

const keysIn = (keys: unknown): string[] => {
  if (!Array.isArray(keys) || keys.length > MAX_KEYS || checkKeys(keys) !== null)
    throw new RequestError(400, 'BAD_REQUEST', `keys must be a list of at most ${MAX_KEYS} Sync_Key__c of Cases`);
  return [...new Set(keys.map((key: string) => key.toLowerCase()))];
};

const lastIn = (last: unknown): number => {
  if (!Number.isInteger(last) || (last as number) < 1 || (last as number) > MAX_ENTRIES)
    throw new RequestError(400, 'BAD_REQUEST', `last must be a whole number from 1 to ${MAX_ENTRIES}`);
  return last as number;
};

/** `POST /v1/audit`: of each of these keys the newest entries, oldest first, whether there are more, and its open dead letters. */
export const postAudit =
  (context: Context): Route =>
  async (request) => {
    const body = jsonBody(request);
    const [keys, last] = [keysIn(body.keys), lastIn(body.last ?? USUAL_ENTRIES)];
    const entries = Map.groupBy(await readNewestAudit(context.db, keys, last + 1), ({ key }) => key);
    const letters = Map.groupBy(await openDeadLettersOfKeys(context.db, keys), ({ key }) => key);
    const trails = keys.map((key) => {
      const newest = entries.get(key) ?? [];
      return { key, entries: newest.slice(-last), more: newest.length > last, deadLetters: letters.get(key) ?? [] };
    });
    return json(200, { trails });
  };
