/** POST /composite/batch: up to 25 independent requests in one. */
import type { Answer, Call, Operation, CallRequest } from '../call.ts';
import { apiError } from '../errors.ts';
import { isObject, parseJsonObject, type Json } from '../json-body.ts';

const HALTED: Answer = {
  status: 412,
  body: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
};

const EXCEEDED: Answer = {
  status: 403,
  body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
};

const takeRequest = ({ state, deps }: Call): boolean => state.usage.take(deps.clock.now());

/** POST /composite/batch: up to 25 independent requests in one, each of which counts as an API request. */
export const compositeBatch: Operation = {
  method: 'POST',
  path: '/composite/batch',
  run(call) {
    const { haltOnError, requests } = batchRequest(call.body);
    let failed = false;
    const answers = requests.map((request, index) => {
      if (failed && haltOnError) return HALTED;
      // The call itself was counted: that is the first.
      const answer = index === 0 || takeRequest(call) ? call.dispatch(call, request) : EXCEEDED;
      failed ||= answer.status >= 300;
      return answer;
    });
    const results = answers.map(({ status, body }) => ({ statusCode: status, result: body ?? null }));
    return { status: 200, body: { hasErrors: failed, results } };
  },
};

/** REST API Developer Guide, "Composite Batch". */
const MAX_SUBREQUESTS = 25;
/** Jobs are no subrequests. */
const ALONE = /^v[\d.]+\/jobs\b/;

/** The body of POST /composite/batch. */
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
