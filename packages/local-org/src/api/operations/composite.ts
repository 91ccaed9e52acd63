/** POST /composite: up to 25 requests in one, each able to use the results of those before it. */
import type { Answer, Call, Caller, Operation } from '../call.ts';
import { fillBody, fillUrl } from '../composite/references.ts';
import { ApiError } from '../errors.ts';
import { transact } from '../records/transact.ts';
import { compositeRequest, type Subrequest } from '../validations/composite-request.ts';

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
