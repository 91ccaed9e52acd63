/** Apex REST: one request, one transaction, Salesforce's own answers for whatever goes wrong. */
import { json, type HttpRequest, type HttpResponse } from 'kernel/http.ts';
import type { ClassInfo, MethodInfo } from '../../../compiler/types.ts';
import type { Apex } from '../../types.ts';
import { type ApexMap, ApexBlob, ApexException, chargingTo } from '../../values/index.ts';
import type { OrgContext } from '../org-context.ts';
import { hasAnnotation, type Program } from '../program.ts';
import { accountOf, runTransaction } from '../run-transaction.ts';
import { describeUncaught } from '../uncaught.ts';
import type { RuntimeView } from '../view.ts';

const PREFIX = '/services/apexrest';

/** Which Apex REST class serves a path. */
export interface RestMatch {
  type: ClassInfo;
  /** The mapping as RestRequest.resourcePath shows it: `/services/apexrest/Cases/*`. */
  resourcePath: string;
}

/** The class whose urlMapping fits best: an exact one before wildcards, longer wildcards before shorter. Mappings are case-sensitive. */
export const matchRest = (program: Program, path: string): RestMatch | null => {
  const wanted = path.slice(PREFIX.length).replace(/\/$/, '') || '/';
  const found = program
    .classes()
    .filter((type) => hasAnnotation(type, 'restresource'))
    .map((type) => ({ type, mapping: mappingOf(type) }))
    .filter(({ mapping }) => fits(mapping, wanted))
    .sort((a, b) => Number(isWild(a.mapping)) - Number(isWild(b.mapping)) || b.mapping.length - a.mapping.length)[0];
  return found ? { type: found.type, resourcePath: PREFIX + found.mapping } : null;
};

const mappingOf = (type: ClassInfo): string => {
  const parameters = type.annotations.find((annotation) => annotation.name === 'restresource')!.parameters;
  const mapping = String(parameters['urlmapping'] ?? parameters[''] ?? '/');
  return mapping.startsWith('/') ? mapping : `/${mapping}`;
};

const isWild = (mapping: string): boolean => mapping.endsWith('*');

const fits = (mapping: string, path: string): boolean => {
  if (!isWild(mapping)) return mapping.replace(/\/$/, '') === path;
  const base = mapping.slice(0, -1);
  return path.startsWith(base) || `${path}/` === base;
};

const VERBS: Record<string, string> = {
  GET: 'httpget',
  POST: 'httppost',
  PUT: 'httpput',
  PATCH: 'httppatch',
  DELETE: 'httpdelete',
};

/** A request that Apex never saw. */
class RestRefusal extends Error {
  readonly status: number;
  readonly code: string;
  constructor(status: number, code: string, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

const refusal = (status: number, errorCode: string, message: string): HttpResponse =>
  json(status, [{ errorCode, message }]);

/** Serves a path below /services/apexrest. */
export const serveRest = (org: OrgContext, request: HttpRequest, userId: string): HttpResponse => {
  const url = new URL(request.url, 'http://org');
  const match = matchRest(org.program, url.pathname);
  if (match === null) return refusal(404, 'NOT_FOUND', 'Could not find a match for URL');
  const method = methodFor(match.type, request.method);
  if (method === undefined) {
    const allowed = Object.keys(VERBS).filter((verb) => methodFor(match.type, verb) !== undefined);
    return refusal(
      405,
      'METHOD_NOT_ALLOWED',
      `HTTP Method '${request.method}' not allowed. Allowed are ${allowed.join(', ')}`,
    );
  }
  if (!org.store.permissions.apexClass(userId, match.type.name)) {
    return refusal(403, 'FORBIDDEN', `You do not have access to the Apex class named: ${match.type.name}`);
  }
  try {
    return runTransaction(org, { userId, quiddity: 'REST' }, (core) =>
      dispatch(core.systemView, match, method, request, url),
    );
  } catch (error) {
    if (error instanceof RestRefusal) return refusal(error.status, error.code, error.message);
    const { text, stack } = describeUncaught(org.program, error);
    return refusal(500, 'APEX_ERROR', `${text}\n\n${stack}`);
  }
};

const methodFor = (type: ClassInfo, verb: string): MethodInfo | undefined => {
  const annotation = VERBS[verb];
  return annotation === undefined ? undefined : type.methods.find((method) => hasAnnotation(method, annotation));
};

const dispatch = (
  $: RuntimeView,
  match: RestMatch,
  method: MethodInfo,
  request: HttpRequest,
  url: URL,
): HttpResponse => {
  const { rest } = $.transaction;
  const typed = method.parameters.length > 0;
  rest.request = restRequest($, match, request, url, typed);
  rest.response = $.std['restresponse']!.create!([]);
  const args = typed ? bodyArguments($, method, request.body) : [];
  const result: Apex = $.cls(match.type.name)[method.member](...args);
  return answer($, method, result);
};

const restRequest = ($: RuntimeView, match: RestMatch, request: HttpRequest, url: URL, typed: boolean): Apex => {
  const type = $.std['restrequest']!;
  const made: Apex = type.create!([]);
  const set = (name: string, value: Apex): void => type.p![name]!.set!(made, value);
  set('httpmethod', request.method);
  set('requesturi', decodeURIComponent(url.pathname.replace(/^\/services\/apexrest/, '')));
  set('resourcepath', match.resourcePath);
  set('remoteaddress', '127.0.0.1');
  // A method with parameters gets the body as them, and none as text.
  set('requestbody', new ApexBlob(typed ? new Uint8Array() : Buffer.from(request.body, 'utf8')));
  const put = (name: string, entries: Iterable<[string, string]>): void => {
    const map = type.p![name]!.get(made) as ApexMap;
    for (const [key, value] of entries) map.put(key, value);
  };
  put(
    'headers',
    Object.entries(request.headers).filter(([name]) => name !== 'authorization'),
  );
  put('params', url.searchParams);
  return made;
};

/** The members of the body as the method's parameters, by name. A parameter without a member is null. */
const bodyArguments = ($: RuntimeView, method: MethodInfo, body: string): Apex[] => {
  const members = bodyMembers(body);
  for (const name of members.keys()) {
    if (!method.parameters.some((parameter) => parameter.name.toLowerCase() === name.toLowerCase())) {
      throw new RestRefusal(
        400,
        'JSON_PARSER_ERROR',
        `Unexpected parameter encountered during deserialization: ${name}`,
      );
    }
  }
  const find = (wanted: string): unknown =>
    [...members].find(([name]) => name.toLowerCase() === wanted.toLowerCase())?.[1];
  return method.parameters.map((parameter) => {
    const value = find(parameter.name);
    if (value === undefined || value === null) return null;
    try {
      return $.std['json']!.s!['deserialize']!(JSON.stringify(value), $.typeOf(parameter.type));
    } catch (error) {
      if (error instanceof ApexException) throw new RestRefusal(400, 'JSON_PARSER_ERROR', error.text());
      throw error;
    }
  });
};

const bodyMembers = (body: string): Map<string, unknown> => {
  if (body.trim() === '') return new Map();
  let parsed: unknown;
  try {
    parsed = JSON.parse(body);
  } catch (error) {
    throw new RestRefusal(400, 'JSON_PARSER_ERROR', (error as Error).message);
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new RestRefusal(
      400,
      'JSON_PARSER_ERROR',
      'HTTP entity body is required to be a JSON object whose members are the parameters of the method',
    );
  }
  return new Map(Object.entries(parsed));
};

const answer = ($: RuntimeView, method: MethodInfo, result: Apex): HttpResponse => {
  const type = $.std['restresponse']!;
  const { response } = $.transaction.rest;
  const get = (name: string): Apex => type.p![name]!.get(response);
  const headers: Record<string, string> = {};
  for (const [name, value] of (get('headers') as ApexMap | null)?.entries() ?? [])
    headers[String(name).toLowerCase()] = String(value);
  const status = get('statuscode') as number | null;
  const body = get('responsebody') as ApexBlob | null;
  if (method.returns.toLowerCase() !== 'void') {
    $.transaction.heap.check([result]);
    // The platform writes the answer: its text is in no heap.
    const { spend } = accountOf($.transaction);
    const text = chargingTo({ spend, checkHeap: () => {} }, () => $.std['json']!.s!['serialize']!(result) as string);
    return {
      status: status ?? 200,
      headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
      body: text,
    };
  }
  if (body === null) return { status: status ?? 204, headers, body: '' };
  return {
    status: status ?? 200,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: body.text() ?? '',
  };
};
