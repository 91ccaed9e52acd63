/**
 * A control port: it moves clocks and plants faults, so no page in a browser on the same machine may reach it. A page can
 * send what an HTML form can without being asked (fetch.spec.whatwg.org, "CORS-safelisted"), and a name of its own that
 * leads to 127.0.0.1 (DNS rebinding). So the port wants a name of this machine, no origin, JSON, and a token.
 */
import { hasBearer } from './bearer.ts';
import {
  isAnswer,
  json,
  SMALL_BODY_BYTES,
  type Admission,
  type Handler,
  type HttpResponse,
  type RequestHead,
} from './http.ts';

const OF_THIS_MACHINE = /^(127\.0\.0\.1|localhost|\[::1\])(:\d{1,5})?$/i;
/** Methods that come without a body. */
const BODILESS = new Set(['GET', 'HEAD', 'DELETE']);

/** Why a request is not let in, or null. */
const problemOf = (head: RequestHead, token: string): HttpResponse | null => {
  const refused = (status: number, errorCode: string, message: string): HttpResponse =>
    json(status, { errorCode, message, error: message });
  const { host = '', origin, 'content-type': type = '' } = head.headers;
  if (!OF_THIS_MACHINE.test(host))
    return refused(403, 'FORBIDDEN_HOST', 'a control port is called by a name of this machine: 127.0.0.1 or localhost');
  if (origin !== undefined) return refused(403, 'FORBIDDEN_ORIGIN', 'a control port answers no page of a browser');
  if (!hasBearer(head, token))
    return refused(401, 'UNAUTHORIZED', 'present the token that this control port was started with, as bearer token');
  if (!BODILESS.has(head.method) && !/^application\/json\b/i.test(type))
    return refused(415, 'UNSUPPORTED_MEDIA_TYPE', 'a control port takes JSON: send content-type application/json');
  return null;
};

/** The handler behind the checks of a control port; `token` is what callers present as bearer token. Throws when it is empty. */
export const controlPort = (handler: Handler, token: string): Handler => {
  if (token.trim() === '') throw new Error('a control port needs a token');
  const admit = (head: RequestHead): HttpResponse | Admission =>
    problemOf(head, token) ?? { mostBytes: SMALL_BODY_BYTES };
  const guarded: Handler = async (request) => {
    const verdict = admit(request);
    return isAnswer(verdict) ? verdict : handler(request);
  };
  guarded.door = { admit };
  return guarded;
};
