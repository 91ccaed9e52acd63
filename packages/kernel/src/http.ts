/**
 * HTTP as data. A part is a Handler; a Transport carries a request to one. Over real
 * sockets they are joined by `serve` and `fetchTransport`; in a simulation by the seeded network.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface HttpRequest {
  method: string;
  /** Path and query as received, for example `/v1/cases?limit=2`. Transports take an absolute URL. */
  url: string;
  /** Lower-cased names. */
  headers: Record<string, string>;
  body: string;
  /** The body as it came, when it is not text: `multipart/form-data`. `body` is empty then. */
  bytes?: Uint8Array;
  /** Aborted when the caller has gone away (long polling). */
  signal?: AbortSignal;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  body: string;
}

export type Handler = (request: HttpRequest) => Promise<HttpResponse>;
/** Sends a request to the absolute URL in `request.url`. Rejects with TransportError when no answer came. */
export type Transport = (request: HttpRequest) => Promise<HttpResponse>;

/** No answer arrived: refused, reset, timed out. Whether the other side acted is unknown. */
export class TransportError extends Error {
  override name = 'TransportError';
}

export const json = (status: number, value: unknown, headers: Record<string, string> = {}): HttpResponse => ({
  status,
  headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
  body: JSON.stringify(value),
});

/** Larger than any body here: a deployment's zip of 39 MB in base64 (Metadata API Developer Guide, limits). */
const BODY_LIMIT_BYTES = 64 * 1024 * 1024;

/** The whole body, or null when it is over the limit: then the rest is read and dropped. */
const readBody = (message: IncomingMessage): Promise<Buffer | null> =>
  new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    message.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > BODY_LIMIT_BYTES) chunks = [];
      else chunks.push(chunk);
    });
    message.on('end', () => resolve(size > BODY_LIMIT_BYTES ? null : Buffer.concat(chunks)));
    message.on('error', reject);
  });

const answer = async (handler: Handler, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the caller has gone away')));
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  const received = await readBody(message);
  if (received === null) {
    response.writeHead(413, { 'content-type': 'application/json' });
    response.end(`{"errorCode":"TOO_LARGE","message":"a body has at most ${BODY_LIMIT_BYTES} bytes"}`);
    return;
  }
  const content = headers['content-type']?.startsWith('multipart/')
    ? { body: '', bytes: received }
    : { body: received.toString('utf8') };
  const result = await handler({
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers,
    ...content,
    signal: gone.signal,
  });
  response.writeHead(result.status, result.headers);
  response.end(result.body);
};

export interface Listening {
  url: string;
  port: number;
  close(): Promise<void>;
}

/**
 * Serves `handler` on `host:port` (0 = any free port; only this machine by default). An error that
 * escapes the handler answers 500 and drops nothing else.
 */
export const serve = (
  handler: Handler,
  port = 0,
  onError: (error: unknown) => void = () => {},
  host = '127.0.0.1',
): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const server: Server = createServer((message, response) => {
      answer(handler, message, response).catch((error: unknown) => {
        onError(error);
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
        response.end('{"error":"internal error"}');
      });
    });
    server.keepAliveTimeout = 60_000;
    server.on('error', reject);
    server.listen(port, host, () => {
      const { port: bound } = server.address() as AddressInfo;
      resolve({
        url: `http://${host === '0.0.0.0' ? '127.0.0.1' : host}:${bound}`,
        port: bound,
        close: () =>
          new Promise((done) => {
            server.close(() => done());
            server.closeAllConnections();
          }),
      });
    });
  });

/** A Transport over the platform's fetch. `timeoutMs` bounds the whole exchange. Redirects (3xx) are handed to the caller. */
export const fetchTransport =
  (timeoutMs = 30_000): Transport =>
  async (request) => {
    const signals = [AbortSignal.timeout(timeoutMs)];
    if (request.signal) signals.push(request.signal);
    try {
      const response = await fetch(request.url, {
        method: request.method,
        headers: request.headers,
        body: request.method === 'GET' || request.method === 'HEAD' ? null : request.body,
        signal: AbortSignal.any(signals),
        // what is sent is for this origin alone: an answer that points elsewhere is an answer, and is not followed
        redirect: 'manual',
      });
      const headers = Object.fromEntries(response.headers);
      // the one header that cannot be joined with commas
      const cookies = response.headers.getSetCookie();
      if (cookies.length) headers['set-cookie'] = cookies.join('\n');
      return { status: response.status, headers, body: await response.text() };
    } catch (error) {
      const { origin, pathname } = new URL(request.url);
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new TransportError(`${request.method} ${origin}${pathname} got no answer: ${cause}`, { cause: error });
    }
  };
