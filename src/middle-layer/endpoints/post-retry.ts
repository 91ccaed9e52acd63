import { json } from 'kernel/http.ts';
import { jsonBody, RequestError, type Route } from '../../shared/router.ts';
import { identifierProblem } from '../../shared/text.ts';
import { BatchRefused, TargetUnavailable } from '../clients/errors.ts';
import type { SalesforcePort } from '../clients/salesforce/port.ts';
import { countDeadLetters, type DeadLetterFilter } from '../db/queries/list-dead-letters.ts';
import { retryDeadLetter, retryDeadLetters } from '../flows/cases/retry-dead-letter.ts';
import type { Context } from '../types.ts';
import { deadLetterId, unknownDeadLetter } from './dead-letter-id.ts';

const unreadable = (error: unknown): never => {
  if (!(error instanceof TargetUnavailable || error instanceof BatchRefused)) throw error;
  throw new RequestError(
    503,
    error.code,
    `nothing was retried; Salesforce could not be read for the current state: ${error.message}`,
  );
};

/** Longer than any target, kind or code. */
const LONGEST_NAME = 100;

const filterOf = (body: Record<string, unknown>): DeadLetterFilter => {
  const filter: Record<string, string> = {};
  for (const name of ['target', 'kind', 'code']) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || identifierProblem(value, LONGEST_NAME) !== null)
      throw new RequestError(400, 'BAD_REQUEST', `${name} must be a text, or absent`);
    filter[name] = value;
  }
  return filter;
};

/**
 * `POST /v1/dead-letters/retry` `{target?, kind?, code?, after?, dryRun?}`: sends again what matches, at most 200 a call,
 * oldest first. 202 with how many, those that could not be retried and why, and where the next call goes on. With
 * `dryRun`: 200 with how many match, and nothing is changed.
 */
export const postRetryAll =
  (context: Context, salesforce: SalesforcePort, onQueued: () => void): Route =>
  async (request) => {
    const body = jsonBody(request);
    const { after = 0, dryRun = false } = body;
    if (!Number.isSafeInteger(after) || (after as number) < 0)
      throw new RequestError(400, 'BAD_REQUEST', 'after must be a whole number from 0');
    if (typeof dryRun !== 'boolean') throw new RequestError(400, 'BAD_REQUEST', 'dryRun must be true or false');
    const filter = filterOf(body);
    if (dryRun) return json(200, { matched: await countDeadLetters(context.db, filter) });
    const page = await retryDeadLetters(context, salesforce, filter, after as number).catch(unreadable);
    onQueued();
    return json(202, page);
  };

/** `POST /v1/dead-letters/{id}/retry`: sends it again with the current state. 202 when queued, 409 when it was closed before. */
export const postRetry =
  (context: Context, salesforce: SalesforcePort, onQueued: () => void): Route =>
  async (request) => {
    const id = deadLetterId(request);
    const retry = await retryDeadLetter(context, salesforce, id).catch(unreadable);
    if (retry.outcome === 'unknown') throw unknownDeadLetter(id);
    if (retry.outcome === 'closed')
      throw new RequestError(409, 'CLOSED', `the dead letter ${id} is closed: ${retry.resolution}`);
    onQueued();
    return json(202, { id, messageId: retry.messageId });
  };
