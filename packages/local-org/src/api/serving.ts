/** From a request to its endpoint: sessions, the count of API requests, injected faults, and what to say when all goes wrong. */
import findMyWay from 'find-my-way';
import type { HTTPMethod } from 'find-my-way';
import type { Handler, HttpRequest, HttpResponse } from 'kernel/http.ts';
import { bearerToken, originOf, useSession, type Session } from './auth/sessions.ts';
import { fileProblem } from '../store/database/database.ts';
import type { Answer, Caller } from './call.ts';
import type { Endpoint, SessionEndpoint } from './endpoint.ts';
import { createDoor } from './door.ts';
import { ApiError, apiError, asApiError, notFound, sessionExpired } from './errors.ts';
import { collapseSlashes, toResponse } from './http-request.ts';
import type { ApiState } from './state.ts';
import { assignmentChoice, duplicateChoice } from './save-headers.ts';
import type { ApiDeps } from './types.ts';

const failed = ({ status, errors, headers }: ApiError): Answer => ({ status, body: errors, headers });

/** A caller in user mode; each write is a transaction of its own. */
export const callerOf = (
  deps: ApiDeps,
  state: ApiState,
  { userId }: Session,
  headers: Record<string, string>,
): Caller => ({
  deps,
  state,
  userId,
  origin: originOf(headers),
  access: { userId, mode: 'user', sharing: true },
  transaction: (work) =>
    deps.transaction(userId, work, {
      assignmentRule: assignmentChoice(headers),
      duplicateChoice: duplicateChoice(headers),
    }),
});

/** Counts an API request; throws when the allocation is used up or a fault was injected. */
export const admit = (deps: ApiDeps, state: ApiState): void => {
  if (!state.usage.take(deps.clock.now())) {
    throw new ApiError(403, [{ message: 'TotalRequests Limit exceeded.', errorCode: 'REQUEST_LIMIT_EXCEEDED' }]);
  }
  const fault = deps.takeRequestFault?.();
  if (fault) throw new ApiError(fault.status, [{ message: fault.message, errorCode: fault.code }]);
};

export const createServing = (deps: ApiDeps, state: ApiState, endpoints: Endpoint[]): Handler => {
  const router = findMyWay({ ignoreTrailingSlash: true });
  for (const endpoint of endpoints) {
    for (const method of endpoint.methods) router.on(method, endpoint.path, () => {}, endpoint);
  }
  const limitInfo = (): Record<string, string> => ({
    'sforce-limit-info': `api-usage=${state.usage.used(deps.clock.now())}/${state.usage.max}`,
  });

  const runSession = (endpoint: SessionEndpoint, request: HttpRequest): Answer => {
    const token = bearerToken(request.headers);
    const session = token ? useSession(deps, token) : null;
    if (!session) throw sessionExpired();
    admit(deps, state);
    return endpoint.run(callerOf(deps, state, session, request.headers), request);
  };

  const serve = async (request: HttpRequest): Promise<HttpResponse> => {
    const url = collapseSlashes(request.url);
    const found = router.find(request.method.toUpperCase() as HTTPMethod, url.split('?')[0]!);
    if (!found) throw notFound();
    const endpoint = found.store as Endpoint;
    if (endpoint.access === 'open') {
      const params = found.params as Record<string, string>;
      return toResponse(await endpoint.run({ deps, request, url, params, origin: originOf(request.headers) }));
    }
    const response = toResponse(withErrors(deps, () => runSession(endpoint, request)));
    return { ...response, headers: { ...response.headers, ...limitInfo() } };
  };

  const answer = async (request: HttpRequest): Promise<HttpResponse> => {
    try {
      const response = await serve(request);
      return request.method === 'HEAD' ? { ...response, body: '' } : response;
    } catch (error) {
      return toResponse(failureOf(deps, error));
    }
  };
  const handler: Handler = async (request) => {
    const response = await answer(request);
    // by the org's own clock, as callers see it (RFC 9110)
    return { ...response, headers: { ...response.headers, date: new Date(deps.clock.now()).toUTCString() } };
  };
  handler.door = createDoor(deps, (method, path) => {
    const found = router.find(method.toUpperCase() as HTTPMethod, path);
    return found ? (found.store as Endpoint) : null;
  });
  return handler;
};

const withErrors = (deps: ApiDeps, work: () => Answer): Answer => {
  try {
    return work();
  } catch (error) {
    return failureOf(deps, error);
  }
};

/** A defect of the local org is answered as Salesforce answers its own, and logged. */
const failureOf = (deps: ApiDeps, error: unknown): Answer => {
  const known = asApiError(error);
  if (known) return failed(known);
  const message = error instanceof Error ? error.message : String(error);
  const ofFile = fileProblem(error);
  if (ofFile !== null) {
    deps.log?.('file-problem', { message, remedy: ofFile });
    const words = `The org's file cannot be written: ${ofFile}. Nothing of this request was stored; send it again then`;
    return failed(apiError('SERVER_UNAVAILABLE', words));
  }
  deps.log?.('api-defect', { message, stack: error instanceof Error ? error.stack : undefined });
  return {
    status: 500,
    body: [{ message: `An unexpected error occurred in the local org: ${message}`, errorCode: 'UNKNOWN_EXCEPTION' }],
  };
};
