import { STATUS_CODES } from 'node:http';
import type { HttpRequest, HttpResponse } from 'kernel/http.ts';
import { CalloutFailure } from './failure.ts';
import type { BlockingHttp } from './blocking-http.ts';

/** A callout transport over a function of the caller's, for simulations. Bodies cross it as text. */
export const fromHandler = (send: (request: HttpRequest) => HttpResponse): BlockingHttp =>
  Object.assign(
    ((request) => {
      const headers = Object.fromEntries(
        Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), value]),
      );
      try {
        const response = send({
          method: request.method,
          url: request.endpoint,
          headers,
          body: Buffer.from(request.body).toString('utf8'),
        });
        return {
          status: response.status,
          statusText: STATUS_CODES[response.status] ?? '',
          headers: response.headers,
          body: Buffer.from(response.body, 'utf8'),
        };
      } catch (error) {
        throw new CalloutFailure(error instanceof Error ? error.message : String(error), { cause: error });
      }
    }) satisfies (request: Parameters<BlockingHttp>[0]) => ReturnType<BlockingHttp>,
    { close: () => undefined },
  );
