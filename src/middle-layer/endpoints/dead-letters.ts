import { json } from 'kernel/http.ts';
import { BatchRefused, TargetUnavailable } from '../clients/errors.ts';
import { type DeadLetterFilter, countDeadLetters, listDeadLetters, lockDeadLetter } from '../db/dead-letters.ts';
import { DEFAULT_PAGE, MAX_PAGE, page, wholeNumber } from './parameters.ts';
import type { Retried, Retries } from '../flow.ts';
import { BATCH_LIMIT } from '../queue/circuit.ts';
import type { Service } from '../service.ts';
import type { Context } from '../types.ts';
import { RequestError, type Route, type RoutedRequest, jsonBody } from '../../shared/router.ts';
import { identifierProblem } from '../../shared/text.ts';

export const deadLetterId = (request: RoutedRequest): number => {
  const { id = '' } = request.params;
  if (!/^\d{1,15}$/.test(id))
    throw new RequestError(
      400,
      'BAD_REQUEST',
      `a dead letter's id is a whole number, not ${JSON.stringify(id.slice(0, 40))}`,
    );
  return Number(id);
};

export const unknownDeadLetter = (id: number): RequestError =>
  new RequestError(404, 'NOT_FOUND', `there is no dead letter ${id}: it may be settled and gone by retention`);

/** `GET /v1/dead-letters?after=&limit=`: the open dead letters, oldest first. */
export const getDeadLetters =
  (context: Context): Route =>
  async (request) => {
    const limit = Math.max(1, wholeNumber(request, 'limit', DEFAULT_PAGE, MAX_PAGE));
    const rows = await listDeadLetters(
      context.db,
      wholeNumber(request, 'after', 0, Number.MAX_SAFE_INTEGER),
      limit + 1,
    );
    const { rows: deadLetters, next } = page(rows, limit, ({ id }) => id);
    return json(200, { deadLetters, next });
  };

/** `GET /v1/dead-letters/{id}`: one dead letter with its message, history and cause. */
export const getDeadLetter =
  (context: Context): Route =>
  async (request) => {
    const id = deadLetterId(request);
    const letter = await lockDeadLetter(context.db, id);
    if (!letter) throw unknownDeadLetter(id);
    const { messageSeq: _internal, ...shown } = letter;
    return json(200, shown);
  };

const unreadable = (error: unknown): never => {
  if (!(error instanceof TargetUnavailable || error instanceof BatchRefused)) throw error;
  throw new RequestError(
    503,
    error.code,
    `nothing was retried; Salesforce could not be read for the current state: ${error.message}`,
  );
};

/** Longer than any flow, target, kind or code. */
const MAX_NAME_LENGTH = 100;

const filterOf = (body: Record<string, unknown>): DeadLetterFilter => {
  const filter: Record<string, string> = {};
  for (const name of ['flow', 'target', 'kind', 'code']) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== 'string' || identifierProblem(value, MAX_NAME_LENGTH) !== null)
      throw new RequestError(400, 'BAD_REQUEST', `${name} must be a text, or absent`);
    filter[name] = value;
  }
  return filter;
};

/**
 * `POST /v1/dead-letters/retry` `{flow?, target?, kind?, code?, after?, dryRun?}`: sends again what matches, at most 200 a call,
 * oldest first. 202 with how many, those that could not be retried and why, and where the next call goes on. With
 * `dryRun`: 200 with how many match, and nothing is changed.
 */
export const postRetryAll =
  (context: Context, service: Service): Route =>
  async (request) => {
    const body = jsonBody(request);
    const { after = 0, dryRun = false } = body;
    if (!Number.isSafeInteger(after) || (after as number) < 0)
      throw new RequestError(400, 'BAD_REQUEST', 'after must be a whole number from 0');
    if (typeof dryRun !== 'boolean') throw new RequestError(400, 'BAD_REQUEST', 'dryRun must be true or false');
    const filter = filterOf(body);
    if (dryRun) return json(200, { matched: await countDeadLetters(context.db, filter) });
    const letters = await listDeadLetters(context.db, after as number, BATCH_LIMIT, filter);
    const page: Retried = { retried: 0, closed: 0, refused: [] };
    for (const [flow, ofFlow] of Map.groupBy(letters, (letter) => letter.flow)) {
      const { retried, closed, refused } = await retriesOf(service, flow).many(ofFlow).catch(unreadable);
      page.retried += retried;
      page.closed += closed;
      page.refused.push(...refused);
    }
    service.wakeSenders();
    return json(202, { ...page, next: letters.length < BATCH_LIMIT ? null : letters.at(-1)!.id });
  };

/** `POST /v1/dead-letters/{id}/retry`: sends it again with the current state. 202 when queued, 409 when it was closed before. */
export const postRetry =
  (context: Context, service: Service): Route =>
  async (request) => {
    const id = deadLetterId(request);
    const letter = await lockDeadLetter(context.db, id);
    if (!letter) throw unknownDeadLetter(id);
    const closed = ({ resolution }: { resolution: string }): RequestError =>
      new RequestError(409, 'CLOSED', `the dead letter ${id} is closed: ${resolution}`);
    if (letter.resolution) throw closed({ resolution: letter.resolution });
    const retry = await retriesOf(service, letter.flow).one(letter).catch(unreadable);
    if (retry.outcome === 'unknown') throw unknownDeadLetter(id);
    if (retry.outcome === 'closed') throw closed(retry);
    service.wakeSenders();
    return json(202, { id, messageId: retry.messageId });
  };

/** What sends dead letters of a flow again. A flow that this middle layer does not run keeps its letters. */
const retriesOf = (service: Service, flow: string): Retries => {
  const running = service.flows.find(({ context }) => context.flow === flow);
  if (running) return running.open.retry;
  throw new RequestError(409, 'UNKNOWN_FLOW', `this middle layer does not run the flow ${flow}: run one that does`);
};
