/** POST /composite: up to 25 requests in one, each able to use the results of those before it. */
import type { Answer, Call, Caller, Operation } from '../call.ts';
import { ApiError, apiError } from '../errors.ts';
import { isObject, type Json, asText, parseJsonObject } from '../json-body.ts';
import { transact } from '../records/save.ts';

interface Result {
  body: unknown;
  httpHeaders: Record<string, string>;
  httpStatusCode: number;
  referenceId: string;
}

export const composite: Operation = {
  method: 'POST',
  path: '/composite',
  run(call) {
    const { allOrNone, subrequests } = compositeRequest(call.body);
    const compositeResponse = allOrNone
      ? allOrNothing(call, subrequests)
      : subrequests.map(runner(call)).map(({ result }) => result);
    return { status: 200, body: { compositeResponse } };
  },
};

const allOrNothing = (call: Call, subrequests: Subrequest[]): Result[] =>
  transact(call, (transaction, undo: (outcome: Result[]) => never) => {
    const run = runner({ ...call, allOrNone: true, transaction: (work) => work(transaction) });
    return subrequests.map((subrequest) => {
      const { result, ok } = run(subrequest);
      if (ok) return result;
      const { referenceId } = subrequest;
      return undo(
        subrequests.map((each) => (each.referenceId === referenceId ? result : rolledBack(each.referenceId))),
      );
    });
  });

/** Runs subrequests one after the other and remembers their results for the references of later ones. */
const runner = (caller: Caller & Pick<Call, 'dispatch'>) => {
  const results = new Map<string, unknown>();
  return (subrequest: Subrequest): { result: Result; ok: boolean } => {
    const { referenceId } = subrequest;
    const answer = runSubrequest(caller, subrequest, results);
    const ok = answer.status < 300 && !answer.failed;
    if (ok) results.set(referenceId, answer.body);
    const httpHeaders = Object.fromEntries(
      Object.entries(answer.headers ?? {}).map(([name, value]) => [name === 'location' ? 'Location' : name, value]),
    );
    return { ok, result: { body: answer.body ?? null, httpHeaders, httpStatusCode: answer.status, referenceId } };
  };
};

const runSubrequest = (
  caller: Caller & Pick<Call, 'dispatch'>,
  { method, url, body, headers }: Subrequest,
  results: ReadonlyMap<string, unknown>,
): Answer => {
  try {
    const filled = body === undefined || body === null ? '' : JSON.stringify(fillBody(body, results));
    return caller.dispatch(caller, { method, url: fillUrl(url, results), headers, body: filled });
  } catch (error) {
    if (error instanceof ApiError) return { status: error.status, body: error.errors };
    throw error;
  }
};

const rolledBack = (referenceId: string): Result => ({
  body: [
    {
      errorCode: 'PROCESSING_HALTED',
      message: 'The transaction was rolled back since another operation in the same transaction failed.',
    },
  ],
  httpHeaders: {},
  httpStatusCode: 400,
  referenceId,
});

const REFERENCE = /@\{([^}]+)\}/g;
const WHOLE = /^@\{([^}]+)\}$/;

/** Bodies of finished subrequests by reference id. */
export type Results = ReadonlyMap<string, unknown>;

/** A copy of a request body with the references filled in. A text that is nothing but a reference takes the value's type. */
export const fillBody = (json: Json, results: Results): Json => {
  if (typeof json === 'string') {
    const whole = WHOLE.exec(json);
    return whole
      ? lookUp(whole[1]!, results)
      : json.replace(REFERENCE, (_, name: string) => String(lookUp(name, results)));
  }
  if (Array.isArray(json)) return json.map((item) => fillBody(item, results));
  if (!isObject(json)) return json;
  return Object.fromEntries(Object.entries(json).map(([key, value]) => [key, fillBody(value, results)]));
};

export const fillUrl = (url: string, results: Results): string =>
  url.replace(REFERENCE, (_, name: string) => encodeURIComponent(String(lookUp(name, results))));

const lookUp = (reference: string, results: Results): boolean | number | string => {
  const [id, ...steps] = reference.split(/[.[\]]+/).filter((step) => step !== '');
  let value: unknown = results.get(id!);
  for (const step of steps) value = (value as Record<string, unknown> | null | undefined)?.[step];
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  throw apiError('PROCESSING_HALTED', `Invalid reference specified. No value for ${reference} found in ${id}`);
};

/** REST API Developer Guide, "Composite". */
const MAX_SUBREQUESTS = 25;
const MAX_QUERIES_AND_COLLECTIONS = 5;
const REFERENCE_ID = /^\w+$/;
const COUNTED = /^\/services\/data\/v[\d.]+\/(query|queryAll|composite\/sobjects)\b/;
/** Composite resources do not nest, except collections; jobs are no subrequests. */
const ALONE = /^\/services\/data\/v[\d.]+\/(composite(?!\/sobjects\b)|jobs\b)/;

/** The body of POST /composite. */
export interface Subrequest {
  method: string;
  url: string;
  referenceId: string;
  body: Json | undefined;
  headers: Record<string, string>;
}

export interface CompositeRequest {
  allOrNone: boolean;
  subrequests: Subrequest[];
}

const invalid = (message: string): Error => apiError('INVALID_INPUT', message);

export const compositeRequest = (text: string): CompositeRequest => {
  const body = parseJsonObject(text);
  const list = body.compositeRequest;
  if (!Array.isArray(list) || list.length === 0) throw invalid('compositeRequest must be a list of subrequests');
  if (list.length > MAX_SUBREQUESTS) {
    throw apiError('LIMIT_EXCEEDED', `At most ${MAX_SUBREQUESTS} subrequests are allowed, found ${list.length}`);
  }
  const subrequests = list.map(subrequest);
  const counted = subrequests.filter(({ url }) => COUNTED.test(url)).length;
  if (counted > MAX_QUERIES_AND_COLLECTIONS) {
    throw apiError(
      'LIMIT_EXCEEDED',
      `At most ${MAX_QUERIES_AND_COLLECTIONS} subrequests may be queries or sObject collections, found ${counted}`,
    );
  }
  const ids = new Set<string>();
  for (const { referenceId } of subrequests) {
    if (ids.has(referenceId)) throw invalid(`Duplicate reference id: ${referenceId}`);
    ids.add(referenceId);
  }
  return { allOrNone: body.allOrNone === true, subrequests };
};

const subrequest = (json: Json, index: number): Subrequest => {
  const given = isObject(json) ? json : {};
  const { method, url, referenceId, body, httpHeaders } = given;
  if (typeof method !== 'string') throw invalid(`Subrequest ${index + 1} has no method`);
  if (typeof url !== 'string' || !url.startsWith('/services/data/')) {
    throw invalid(`Subrequest ${index + 1}: url must begin with /services/data/`);
  }
  if (ALONE.test(url)) throw invalid(`Subrequest ${index + 1}: ${url} cannot be a subrequest`);
  if (typeof referenceId !== 'string' || !REFERENCE_ID.test(referenceId)) {
    throw invalid(`Subrequest ${index + 1}: referenceId must consist of letters, digits and underscores`);
  }
  return { method: method.toUpperCase(), url, referenceId, body, headers: headersOf(httpHeaders) };
};

const headersOf = (given: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(isObject(given) ? given : {}).map(([name, value]) => [name.toLowerCase(), asText(value)]),
  );
