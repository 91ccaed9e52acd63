import createRouter, { type HTTPMethod } from 'find-my-way';
import { json, type Handler, type HttpRequest, type HttpResponse } from './http.ts';

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

/** A Handler from routes named `METHOD /path/:parameter`. RequestErrors become `{errorCode, message}` answers. */
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
      return await (found.store as Route)({ ...request, params, query: new URLSearchParams(query) });
    } catch (error) {
      if (!(error instanceof RequestError)) throw error;
      return json(error.status, { errorCode: error.errorCode, message: error.message });
    }
  };
};
