import createRouter, { type HTTPMethod } from 'find-my-way';
import { ownFault } from './own-fault.ts';
import { isDatabaseUnavailable, isDataError } from './sql/errors.ts';
import { identifierProblem } from './text.ts';
import { json, type Handler, type HttpRequest, type HttpResponse } from 'kernel/http.ts';

export interface RoutedRequest extends HttpRequest {
  /** Path parameters, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
}

export type Route = (request: RoutedRequest) => Promise<HttpResponse> | HttpResponse;

/** A problem with a request that its sender can correct. */
export class RequestError extends Error {
  override name = 'RequestError';
  readonly status: number;
  readonly errorCode: string;
  constructor(status: number, errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }
}

/** The JSON object in a request's body. Throws RequestError 400 when it is not one. */
export const jsonBody = (request: HttpRequest): Record<string, unknown> => {
  let value: unknown;
  try {
    value = JSON.parse(request.body);
  } catch {
    throw new RequestError(400, 'BAD_REQUEST', 'the body is not JSON');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new RequestError(400, 'BAD_REQUEST', 'the body must be a JSON object');
  }
  return value as Record<string, unknown>;
};

/** The answer while the database is away. Whether what was under way was stored is unknown, so it promises only what repeats do. */
const DATABASE_UNAVAILABLE = {
  errorCode: 'DATABASE_UNAVAILABLE',
  message: 'the database is away; send the same again later: a message or key that was taken in is recognised',
  retryable: true,
};

const LONGEST_PARAMETER = 2_000;

/** Paths and queries hold keys, ids and numbers. Throws RequestError 400 naming one that cannot be any of these. */
const checkTexts = (texts: Iterable<[name: string, text: string]>): void => {
  for (const [name, text] of texts) {
    const problem = text === '' ? null : identifierProblem(text, LONGEST_PARAMETER);
    if (problem) throw new RequestError(400, 'BAD_REQUEST', `the parameter ${name.slice(0, 40)} ${problem}`);
  }
};

/**
 * A Handler from routes named `METHOD /path/:parameter`. RequestErrors, values that the database cannot hold, and a
 * database that is away become `{errorCode, message}` answers.
 */
export const router = (routes: Record<string, Route>): Handler => {
  const paths = createRouter();
  for (const [name, route] of Object.entries(routes)) {
    const [method, path] = name.split(' ') as [HTTPMethod, string];
    paths.on(method, path, () => {}, route);
  }
  return async (request) => {
    const [path = '/', query = ''] = request.url.split('?', 2);
    const found = paths.find(request.method as HTTPMethod, path);
    if (!found) return json(404, { errorCode: 'NOT_FOUND', message: `${request.method} ${path} is not served here` });
    try {
      const params = found.params as Record<string, string>;
      const texts = new URLSearchParams(query);
      checkTexts([...Object.entries(params), ...texts]);
      return await (found.store as Route)({ ...request, params, query: texts });
    } catch (error) {
      // the database's own words may quote a value
      if (isDataError(error)) return json(422, ownFault(error));
      if (isDatabaseUnavailable(error)) return json(503, DATABASE_UNAVAILABLE);
      if (!(error instanceof RequestError)) throw error;
      return json(error.status, { errorCode: error.errorCode, message: error.message });
    }
  };
};
