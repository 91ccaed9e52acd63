/** POST /composite/batch: up to 25 independent requests in one. */
import type { Answer, Operation } from '../call.ts';
import { batchRequest } from '../validations/batch-request.ts';

const HALTED: Answer = {
  status: 412,
  body: [{ errorCode: 'BATCH_PROCESSING_HALTED', message: 'Batch processing halted per request' }],
};

export const compositeBatch: Operation = {
  method: 'POST',
  path: '/composite/batch',
  run(call) {
    const { haltOnError, requests } = batchRequest(call.body);
    let failed = false;
    const answers = requests.map((request) => {
      if (failed && haltOnError) return HALTED;
      const answer = call.dispatch(call, request);
      failed ||= answer.status >= 300;
      return answer;
    });
    const results = answers.map(({ status, body }) => ({ statusCode: status, result: body ?? null }));
    return { status: 200, body: { hasErrors: failed, results } };
  },
};
