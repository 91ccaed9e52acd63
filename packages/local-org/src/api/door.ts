/**
 * What the API takes in by a request's head alone: a session, and bodies of the sizes that Salesforce takes. Bodies of
 * callers without a session are not read; SOAP has its session in the body, at the beginning.
 */
import type { Admission, BodyRefusal, Door, HttpResponse, RequestHead } from 'kernel/http.ts';
import { bearerToken, useSession } from './auth/sessions.ts';
import { apiError, asApiError, notFound, sessionExpired } from './errors.ts';
import { collapseSlashes, toResponse } from './http-request.ts';
import type { Endpoint } from './endpoint.ts';
import { fault, sessionIdAt } from './soap/envelope.ts';
import type { ApiDeps } from './types.ts';

/** "Maximum size of request is 52428800 bytes", as Salesforce words it. */
const REQUEST_BYTES = 52_428_800;
/** A zip of 39 MB (Metadata API Developer Guide, "Metadata Limits") in base64, and what is around it. */
const DEPLOY_BYTES = 56_000_000;
/** Apex Developer Guide, "Introduction to Apex REST": 6 MB for synchronous Apex. */
const APEX_REST_BYTES = 6_000_000;
/** Bulk API and Bulk API 2.0 Limits and Allocations: 150 MB of data a job. */
const BULK_BYTES = 157_286_400;
/** Forms with a login, or a JWT; queries of events. Salesforce's own limit is not documented. */
const FORM_BYTES = 1_000_000;
/** A SOAP header with a session comes first, after some namespaces; smaller messages are read whole. */
const SOAP_HEADER_BYTES = 16_384;

const PARTNER = 'urn:partner.soap.sforce.com';

const answerOf = (error: unknown): HttpResponse => {
  const known = asApiError(error);
  if (!known) throw error;
  return toResponse({ status: known.status, body: known.errors, headers: known.headers });
};

const mostBytesOf = (path: string): number => {
  if (path.startsWith('/services/apexrest/')) return APEX_REST_BYTES;
  if (/^\/services\/data\/[^/]+\/metadata\/deployRequest/i.test(path)) return DEPLOY_BYTES;
  if (/^\/services\/data\/[^/]+\/jobs\/ingest/i.test(path)) return BULK_BYTES;
  return path.startsWith('/services/data') ? REQUEST_BYTES : FORM_BYTES;
};

/** Login has no session and is small; the other SOAP services show their session before the rest is read. */
const soapAdmission = (deps: ApiDeps, path: string): Admission => {
  if (path.startsWith('/services/Soap/u/')) return { mostBytes: FORM_BYTES };
  const judge = (text: string): HttpResponse | null => {
    const session = sessionIdAt(text);
    if (session !== null && useSession(deps, session)) return null;
    const words = 'Invalid Session ID found in SessionHeader: session not found or expired';
    return toResponse(fault(PARTNER, 'INVALID_SESSION_ID', words));
  };
  return { mostBytes: DEPLOY_BYTES, beginning: { bytes: SOAP_HEADER_BYTES, judge } };
};

const refusalOf = (head: RequestHead, { errorCode, message, wrong }: BodyRefusal): HttpResponse => {
  const path = collapseSlashes(head.url).split('?')[0]!;
  if (path.startsWith('/services/Soap/')) return toResponse(fault(PARTNER, 'UNKNOWN_EXCEPTION', message));
  if (errorCode === 'TOO_LARGE') {
    const most = mostBytesOf(path);
    const words = `Maximum size of request reached. Maximum size of request is ${most} bytes.`;
    return answerOf(apiError('JSON_PARSER_ERROR', words));
  }
  const { byte, before } = wrong!;
  const lines = before.split('\n');
  const place = `[line:${lines.length}, column:${lines.at(-1)!.length + 1}]`;
  return answerOf(apiError('JSON_PARSER_ERROR', `Invalid UTF-8 byte 0x${byte.toString(16)} at ${place}`));
};

/** `find`: the endpoint of a method and a path, or null. */
export const createDoor = (deps: ApiDeps, find: (method: string, path: string) => Endpoint | null): Door => ({
  admit: (head) => {
    const path = collapseSlashes(head.url).split('?')[0]!;
    try {
      const endpoint = find(head.method, path);
      if (!endpoint) throw notFound();
      if (path.startsWith('/services/Soap/')) return soapAdmission(deps, path);
      if (endpoint.access === 'session') {
        const token = bearerToken(head.headers);
        if (!token || !useSession(deps, token)) throw sessionExpired();
      }
      return { mostBytes: mostBytesOf(path) };
    } catch (error) {
      return answerOf(error);
    }
  },
  refuse: refusalOf,
});
