/** The REST API and Apex REST: finds the operation for a method and a path, and carries a request out, its errors included. */
import findMyWay, { type HTTPMethod } from 'find-my-way';
import type { Answer, Call, Caller, CallRequest, Dispatch, Operation } from './call.ts';
import type { Endpoint } from './endpoint.ts';
import { ApiError, asApiError, notFound } from './errors.ts';
import { collapseSlashes, toCallRequest } from './http-request.ts';
import { operations } from './operations/index.ts';
import { isSupportedVersion, listVersions } from './versions.ts';

/** External ids and locators in a path may be long. */
const MAX_PARAMETER_LENGTH = 4_000;
const METHODS: HTTPMethod[] = ['HEAD', 'GET', 'POST', 'PATCH', 'PUT', 'DELETE'];
const VERSIONED = /^\/services\/data\/v([^/]+)(\/.*)?$/;

interface Match {
  operation: Operation;
  params: Record<string, string>;
}

const createFinder = (): ((method: string, path: string) => Match) => {
  const router = findMyWay({ ignoreTrailingSlash: true, maxParamLength: MAX_PARAMETER_LENGTH });
  for (const operation of operations) {
    // The operation itself is kept as the route's data: routes are only looked up here, never run by the library.
    router.on(operation.method, operation.path, () => {}, operation);
    if (operation.method === 'GET') router.on('HEAD', operation.path, () => {}, operation);
  }
  return (method, path) => {
    const found = router.find(method as HTTPMethod, path);
    if (found) return { operation: found.store as Operation, params: found.params as Record<string, string> };
    const allowed = METHODS.filter((other) => router.find(other, path));
    if (allowed.length === 0) throw notFound();
    const message = `HTTP Method '${method}' not allowed. Allowed are ${allowed.join(',')}`;
    throw new ApiError(405, [{ message, errorCode: 'METHOD_NOT_ALLOWED' }], { allow: allowed.join(',') });
  };
};

/** A request's method may be given as `?_HttpMethod=PATCH`, for clients that cannot send PATCH. */
const methodOf = (request: CallRequest, query: URLSearchParams): string =>
  request.method === 'POST' ? (query.get('_HttpMethod')?.toUpperCase() ?? 'POST') : request.method;

const JSON_ONLY = /\bjson\b/i;

const requireType = ({ takes = JSON_ONLY }: Operation, { headers, body }: CallRequest): void => {
  const type = headers['content-type'];
  if (body === '' || !type || takes.test(type)) return;
  const wanted = takes === JSON_ONLY ? 'send JSON' : 'see the documentation of the resource';
  throw new ApiError(415, [
    { message: `Content type ${type} is not supported: ${wanted}`, errorCode: 'UNSUPPORTED_MEDIA_TYPE' },
  ]);
};

/** Carries out requests below `/services/data/vXX.0`. Defects of the local org are thrown on. */
export const createDispatch = (): Dispatch => {
  const find = createFinder();
  const run = (caller: Caller, request: CallRequest): Answer => {
    const [path = '', search = ''] = split(request.url);
    const [, version = '', rest = '/'] = VERSIONED.exec(path) ?? [];
    if (!isSupportedVersion(version)) throw notFound();
    const query = new URLSearchParams(search);
    const method = methodOf(request, query);
    const { operation, params } = find(method, rest);
    requireType(operation, request);
    const base = `/services/data/v${version}`;
    const call: Call = { ...caller, ...request, method, params, query, version, base, dispatch };
    return operation.run(call);
  };
  const dispatch: Dispatch = (caller, request) => {
    try {
      return run(caller, request);
    } catch (error) {
      const known = asApiError(error);
      if (!known) throw error;
      return { status: known.status, body: known.errors, headers: known.headers };
    }
  };
  return dispatch;
};

const split = (url: string): [path: string, search: string] => {
  const mark = url.indexOf('?');
  return mark < 0 ? [url, ''] : [url.slice(0, mark), url.slice(mark + 1)];
};

/** The REST API and Apex REST. */
export const restEndpoints = (): Endpoint[] => {
  const dispatch = createDispatch();
  return [
    { access: 'open', methods: ['GET'], path: '/services/data', run: () => ({ status: 200, body: listVersions() }) },
    {
      access: 'session',
      methods: ['GET', 'HEAD', 'POST', 'PATCH', 'PUT', 'DELETE'],
      path: '/services/data/*',
      run: (caller, request) => dispatch(caller, toCallRequest(request)),
    },
    {
      access: 'session',
      methods: ['GET', 'POST', 'PATCH', 'PUT', 'DELETE'],
      path: '/services/apexrest/*',
      run({ deps, userId }, request): Answer {
        const { status, headers, body } = deps.apex.rest({ ...request, url: collapseSlashes(request.url) }, userId);
        return { status, headers, text: body };
      },
    },
  ];
};
