/** The body of POST /composite/batch. */
import type { CallRequest } from '../call.ts';
import { apiError } from '../errors.ts';
import { isObject, parseJsonObject, type Json } from '../json-body.ts';

/** REST API Developer Guide, "Composite Batch". */
const MAX_SUBREQUESTS = 25;
/** Jobs are no subrequests. */
const ALONE = /^v[\d.]+\/jobs\b/;

export const batchRequest = (text: string): { haltOnError: boolean; requests: CallRequest[] } => {
  const body = parseJsonObject(text);
  const list = body.batchRequests;
  if (!Array.isArray(list) || list.length === 0) {
    throw apiError('INVALID_INPUT', 'batchRequests must be a list of subrequests');
  }
  if (list.length > MAX_SUBREQUESTS) {
    throw apiError('LIMIT_EXCEEDED', `At most ${MAX_SUBREQUESTS} subrequests are allowed, found ${list.length}`);
  }
  return { haltOnError: body.haltOnError === true, requests: list.map(request) };
};

/** URLs may leave out `/services/data/`. */
const request = (json: Json, index: number): CallRequest => {
  const { method, url, richInput } = isObject(json) ? json : {};
  if (typeof method !== 'string' || typeof url !== 'string') {
    throw apiError('INVALID_INPUT', `Subrequest ${index + 1} needs a method and a url`);
  }
  const path = url.replace(/^\/+/, '').replace(/^services\/data\//, '');
  if (ALONE.test(path)) throw apiError('INVALID_INPUT', `Subrequest ${index + 1}: ${url} cannot be a subrequest`);
  return {
    method: method.toUpperCase(),
    url: `/services/data/${path}`,
    headers: {},
    body: richInput === undefined || richInput === null ? '' : JSON.stringify(richInput),
  };
};
