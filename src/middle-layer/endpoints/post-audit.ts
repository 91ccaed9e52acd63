import { identifier, listOf } from '../../shared/checks.ts';
import { json } from 'kernel/http.ts';
import { jsonBody, RequestError, type Route } from '../../shared/router.ts';
import { openDeadLettersOfKeys } from '../db/queries/open-dead-letters-of-keys.ts';
import { readNewestAudit } from '../db/queries/read-newest-audit.ts';
import type { Context } from '../types.ts';

const MOST_KEYS = 200;
const MOST_ENTRIES = 200;
const USUAL_ENTRIES = 50;

const checkKeys = listOf(identifier(100));

const keysIn = (keys: unknown): string[] => {
  if (!Array.isArray(keys) || keys.length > MOST_KEYS || checkKeys(keys) !== null)
    throw new RequestError(400, 'BAD_REQUEST', `keys must be a list of at most ${MOST_KEYS} Sync_Key__c of Cases`);
  return [...new Set(keys.map((key: string) => key.toLowerCase()))];
};

const lastIn = (last: unknown): number => {
  if (!Number.isInteger(last) || (last as number) < 1 || (last as number) > MOST_ENTRIES)
    throw new RequestError(400, 'BAD_REQUEST', `last must be a whole number from 1 to ${MOST_ENTRIES}`);
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
