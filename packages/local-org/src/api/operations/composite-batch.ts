/** POST /composite/batch: up to 25 independent requests in one, each of which counts as an API request. */
import type { Answer, Call, Operation } from '../call.ts';
import { batchRequest } from '../validations/batch-request.ts';

const HALTED: Answer = {
  status: 412,
  body: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
};

const EXCEEDED: Answer = {
  status: 403,
  body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'TotalRequests Limit exceeded.' }],
};

const takeRequest = ({ state, deps }: Call): boolean => state.usage.take(deps.clock.now());

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
