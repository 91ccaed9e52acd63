import createRouter, { type HTTPMethod } from 'find-my-way';
import { ownFault } from './own-fault.ts';
import { isDatabaseUnavailable, isDataError } from './sql/errors.ts';
import { identifierProblem } from './text.ts';
import {
  isAnswer,
  json,
  SMALL_BODY_BYTES,
  type Admission,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type RequestHead,
} from 'kernel/http.ts';

export interface RoutedRequest extends HttpRequest {
  /** Path parameters, decoded. */
  params: Record<string, string>;
  query: URLSearchParams;
}

export type Route = (request: RoutedRequest) => Promise<HttpResponse> | HttpResponse;

/** A route that not everybody may call, or that takes in large bodies. */
export interface GuardedRoute {
  handle: Route;
  /** Throws RequestError for a caller that is not let in. Sees the head alone: nothing of the body is read before. */
  admit?: (head: RequestHead) => void;
  /** The largest body, in bytes; absent: `SMALL_BODY_BYTES`. */
  mostBytes?: number;
}

export type Routes = Readonly<Record<string, Route | GuardedRoute>>;

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

const MAX_PARAMETER_LENGTH = 2_000;

/** Paths and queries hold keys, ids and numbers. Throws RequestError 400 naming one that cannot be any of these. */
const checkTexts = (texts: Iterable<[name: string, text: string]>): void => {
  for (const [name, text] of texts) {
    const problem = text === '' ? null : identifierProblem(text, MAX_PARAMETER_LENGTH);
    if (problem) throw new RequestError(400, 'BAD_REQUEST', `the parameter ${name.slice(0, 40)} ${problem}`);
  }
};

/** The texts of a query. Throws RequestError 400 for percent signs that encode no UTF-8: they would be replaced in silence. */
const queryOf = (query: string): URLSearchParams => {
  try {
    decodeURIComponent(query.replaceAll('+', ' '));
  } catch {
    throw new RequestError(400, 'NOT_UTF8', 'the query is not percent-encoded UTF-8; encode it as such');
  }
  return new URLSearchParams(query);
};

/** What goes wrong with a request as an answer; what is nobody's foreseen error is thrown on. */
const answerTo = (error: unknown): HttpResponse => {
  // the database's own words may quote a value
  if (isDataError(error)) return json(422, ownFault(error));
  if (isDatabaseUnavailable(error)) return json(503, DATABASE_UNAVAILABLE);
  if (!(error instanceof RequestError)) throw error;
  return json(error.status, { errorCode: error.errorCode, message: error.message });
};

/**
 * A Handler from routes named `METHOD /path/:parameter`. RequestErrors, values that the database cannot hold, and a
 * database that is away become `{errorCode, message}` answers. Its door refuses what no route takes, and callers whom
 * their route does not admit, before their bodies are read.
 */
export const router = (routes: Routes): Handler => {
  const paths = createRouter();
  for (const [name, route] of Object.entries(routes)) {
    const [method, path] = name.split(' ') as [HTTPMethod, string];
    paths.on(method, path, () => {}, typeof route === 'function' ? { handle: route } : route);
  }
  const find = ({ method, url }: RequestHead) => {
    const [path = '/', query = ''] = url.split('?', 2);
    const found = paths.find(method as HTTPMethod, path);
    if (!found) throw new RequestError(404, 'NOT_FOUND', `${method} ${path} is not served here`);
    return { route: found.store as GuardedRoute, params: found.params as Record<string, string>, query };
  };
  const admit = (head: RequestHead): HttpResponse | Admission => {
    try {
      const { route } = find(head);
      route.admit?.(head);
      return { mostBytes: route.mostBytes ?? SMALL_BODY_BYTES };
    } catch (error) {
      return answerTo(error);
    }
  };
  const handler: Handler = async (request) => {
    const verdict = admit(request);
    if (isAnswer(verdict)) return verdict;
    try {
      const { route, params, query } = find(request);
      const texts = queryOf(query);
      checkTexts([...Object.entries(params), ...texts]);
      return await route.handle({ ...request, params, query: texts });
    } catch (error) {
      return answerTo(error);
    }
  };
  handler.door = { admit };
  return handler;
};
