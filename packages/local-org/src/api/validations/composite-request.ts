/** The body of POST /composite. */
import { apiError } from '../errors.ts';
import { asText, isObject, parseJsonObject, type Json } from '../json-body.ts';

/** REST API Developer Guide, "Composite". */
const MAX_SUBREQUESTS = 25;
const MAX_QUERIES_AND_COLLECTIONS = 5;
const REFERENCE_ID = /^\w+$/;
const COUNTED = /^\/services\/data\/v[\d.]+\/(query|queryAll|composite\/sobjects)\b/;
/** Composite resources do not nest, except collections; jobs are no subrequests. */
const ALONE = /^\/services\/data\/v[\d.]+\/(composite(?!\/sobjects\b)|jobs\b)/;

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
