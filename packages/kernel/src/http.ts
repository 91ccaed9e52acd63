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
  /** What is answered instead of `body` when it is not text. */
  bytes?: Uint8Array;
}

/** What is known of a request before its body is read. */
export type RequestHead = Pick<HttpRequest, 'method' | 'url' | 'headers'>;

/** How much of a request's body is taken in. */
export interface Admission {
  /** The largest body in bytes; a larger one is answered 413. */
  mostBytes: number;
  /** Judges a caller who says only in the body who they are, by its first `bytes`, before more is taken in. An answer refuses. */
  beginning?: { bytes: number; judge: (text: string) => HttpResponse | null };
}

/** Why a body was not taken in: too large, or text that is not UTF-8. */
export interface BodyRefusal {
  status: 400 | 413;
  errorCode: 'TOO_LARGE' | 'NOT_UTF8';
  message: string;
  /** NOT_UTF8: the bytes from the first wrong one, and the text before it. */
  wrong?: { byte: number; before: string };
}

/** Judges requests by their heads, so that nobody's body is kept who is not let in. */
export interface Door {
  /** An answer that refuses the request, or what is taken in of it. */
  admit: (head: RequestHead) => HttpResponse | Admission;
  /** How a body that cannot be taken in is answered; absent: `{errorCode, message}`. */
  refuse?: (head: RequestHead, refusal: BodyRefusal) => HttpResponse;
}

export interface Handler {
  (request: HttpRequest): Promise<HttpResponse>;
  /** Absent: everyone is let in, with bodies of up to `LARGE_BODY_BYTES`. */
  door?: Door;
}
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

/** Bodies of requests that carry no records: some hundred keys, a filter, a time. */
export const SMALL_BODY_BYTES = 256 * 1024;
/** Bodies that carry records: the long texts of one Salesforce record have at most 1.6 million characters (Custom Fields Allowed Per Object), 9.6 MB when each is escaped. */
export const LARGE_BODY_BYTES = 16 * 1024 * 1024;
/** How long a request may take to arrive, in milliseconds. */
const ARRIVAL_MS = 60_000;
/** For how long callers are told that a connection stays without requests, in milliseconds. */
const IDLE_MS = 60_000;
/**
 * How many connections may wait until they are taken (the system may allow fewer: `net.core.somaxconn`). A server that works in
 * its own thread takes none while it answers those that it has; what is beyond is dropped, and `fetch` gives up after ten seconds.
 */
const BACKLOG = 4_096;
/** How often connections are looked through for requests that took too long. */
const LOOK_EVERY_MS = 5_000;

export const isAnswer = (verdict: HttpResponse | Admission): verdict is HttpResponse => 'status' in verdict;

const tooLarge = (mostBytes: number): BodyRefusal => ({
  status: 413,
  errorCode: 'TOO_LARGE',
  message: `the body is too large: at most ${mostBytes} bytes are taken in; send less at once`,
});

/** The text of UTF-8 bytes, or why it is none. A byte order mark is left out, as JSON has none. */
export const textOf = (bytes: Uint8Array): string | BodyRefusal => {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    const at = firstWrongByte(bytes);
    return {
      status: 400,
      errorCode: 'NOT_UTF8',
      message: `the body is not UTF-8: byte 0x${bytes[at]!.toString(16).padStart(2, '0')} at position ${at + 1}; send it encoded as UTF-8`,
      wrong: { byte: bytes[at]!, before: new TextDecoder().decode(bytes.subarray(0, at)) },
    };
  }
};

/** `cutOff`: a character that is cut off at the end is not wrong yet. */
const isUtf8 = (bytes: Uint8Array, cutOff: boolean): boolean => {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: cutOff });
    return true;
  } catch {
    return false;
  }
};

/** Where the first character that is none begins. Found by halves: decoding tells only that there is one. */
const firstWrongByte = (bytes: Uint8Array): number => {
  let [good, bad] = [0, bytes.length + 1];
  while (bad - good > 1) {
    const middle = (good + bad) >> 1;
    if (middle <= bytes.length && isUtf8(bytes.subarray(0, middle), true)) good = middle;
    else bad = middle;
  }
  while (!isUtf8(bytes.subarray(0, good), false)) good -= 1;
  return good;
};

/**
 * The body, or the answer that refuses it. Of a body that is not taken in nothing is kept: what else comes of it is
 * dropped, for a caller who is still sending reads no answer.
 */
const readBody = (message: IncomingMessage, admission: Admission): Promise<Buffer | BodyRefusal | HttpResponse> =>
  new Promise((resolve, reject) => {
    const { mostBytes, beginning } = admission;
    let chunks: Buffer[] = [];
    let size = 0;
    let judged = !beginning;
    let over = false;
    const refuse = (refusal: BodyRefusal | HttpResponse): void => {
      over = true;
      chunks = [];
      resolve(refusal);
    };
    const judge = (): void => {
      judged = true;
      const refused = beginning!.judge(Buffer.concat(chunks).subarray(0, beginning!.bytes).toString('utf8'));
      if (refused) refuse(refused);
    };
    if (Number(message.headers['content-length'] ?? 0) > mostBytes) refuse(tooLarge(mostBytes));
    message.on('data', (chunk: Buffer) => {
      if (over) return;
      size += chunk.length;
      if (size > mostBytes) return refuse(tooLarge(mostBytes));
      chunks.push(chunk);
      if (!judged && size >= beginning!.bytes) judge();
    });
    message.on('end', () => {
      if (!over) resolve(Buffer.concat(chunks));
    });
    message.on('error', reject);
  });

const headersOf = (message: IncomingMessage): Record<string, string> => {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
};

/** What the request is answered with: by the door, for its body, or by the handler. */
const respond = async (handler: Handler, message: IncomingMessage, signal: AbortSignal): Promise<HttpResponse> => {
  const head: RequestHead = {
    method: message.method ?? 'GET',
    url: message.url ?? '/',
    headers: headersOf(message),
  };
  const refusal = ({ status, errorCode, message: words }: BodyRefusal): HttpResponse =>
    json(status, { errorCode, message: words });
  const refuse = (why: BodyRefusal): HttpResponse => handler.door?.refuse?.(head, why) ?? refusal(why);
  const verdict = handler.door?.admit(head) ?? { mostBytes: LARGE_BODY_BYTES };
  if (isAnswer(verdict)) return verdict;
  const received = await readBody(message, verdict);
  if (!Buffer.isBuffer(received)) return 'headers' in received ? received : refuse(received);
  if (head.headers['content-type']?.startsWith('multipart/'))
    return handler({ ...head, body: '', bytes: received, signal });
  const text = textOf(received);
  return typeof text === 'string' ? handler({ ...head, body: text, signal }) : refuse(text);
};

const answer = async (handler: Handler, message: IncomingMessage, response: ServerResponse): Promise<void> => {
  const gone = new AbortController();
  response.on('close', () => gone.abort(new Error('the caller has gone away')));
  try {
    const result = await respond(handler, message, gone.signal);
    response.writeHead(result.status, result.headers);
    response.end(result.bytes ?? result.body);
  } catch (error) {
    // nobody is left to be answered: the caller went, or took too long to say all
    if (!message.complete && message.destroyed) return;
    throw error;
  }
};

export interface Listening {
  url: string;
  port: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** 0, or absent: any free one. */
  port?: number;
  /** Default: this machine only. */
  host?: string;
  /** Told of an error that escapes the handler. */
  onError?: (error: unknown) => void;
  /** How long a request may take to arrive, head and body: milliseconds, default one minute. Then it is answered 408 and cut off. */
  arrivalMs?: number;
  /** For how long callers are told that a connection stays without requests: milliseconds, default one minute. It stays twice as long. */
  idleMs?: number;
}

/**
 * Serves `handler`. Its door sees the head of a request before any of the body is read; a body that is larger than the
 * door admits is 413, one that is not UTF-8 (multipart excepted) 400, one that comes too slowly 408. An error that escapes
 * the handler answers 500 and drops nothing else.
 */
export const serve = (
  handler: Handler,
  { port = 0, host = '127.0.0.1', onError = () => {}, arrivalMs = ARRIVAL_MS, idleMs = IDLE_MS }: ServeOptions = {},
): Promise<Listening> =>
  new Promise((resolve, reject) => {
    const limits = {
      requestTimeout: arrivalMs,
      headersTimeout: arrivalMs,
      connectionsCheckingInterval: Math.min(arrivalMs, LOOK_EVERY_MS),
    };
    const server: Server = createServer(limits, (message, response) => {
      answer(handler, message, response).catch((error: unknown) => {
        onError(error);
        if (!response.headersSent) response.writeHead(500, { 'content-type': 'application/json' });
        response.end('{"error":"internal error"}');
      });
    });
    server.keepAliveTimeout = idleMs;
    // Whoever hardly gets a turn, on a machine under load, still ends it first: a request on a connection that this side has just
    // ended would fail ("other side closed"), and nobody could say whether it was heard.
    server.keepAliveTimeoutBuffer = idleMs;
    server.on('error', reject);
    server.listen({ port, host, backlog: BACKLOG }, () => {
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

/** Pages of whatever stands between may be in any encoding; records come as UTF-8, or are no records. */
const bodyOf = async (response: Response): Promise<string | BodyRefusal> =>
  /^text\/(html|plain)\b/i.test(response.headers.get('content-type') ?? '')
    ? response.text()
    : textOf(await response.bytes());

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
      const text = await bodyOf(response);
      if (typeof text !== 'string') throw new Error(text.message.replace('; send it encoded as UTF-8', ''));
      return { status: response.status, headers, body: text };
    } catch (error) {
      const { origin, pathname } = new URL(request.url);
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error);
      throw new TransportError(`${request.method} ${origin}${pathname} got no answer: ${cause}`, { cause: error });
    }
  };
