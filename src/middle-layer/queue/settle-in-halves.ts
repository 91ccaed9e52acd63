import { inHalves } from '../db/in-halves.ts';
import type { OpenFlow } from '../flow.ts';
import type { ClaimedMessage, FlowContext, Timed } from '../types.ts';
import { settle } from './settle.ts';

const nothingFollows: OpenFlow['settled'] = () => Promise.resolve([]);

/** Settles messages; one whose result cannot be written down is refused alone, and nothing follows from it. */
export const settleInHalves = async (
  context: FlowContext,
  follow: OpenFlow['settled'],
  lease: string,
  messages: readonly ClaimedMessage[],
  results: readonly Timed[],
): Promise<void> => {
  const pairs = messages.map((message, place) => ({ message, result: results[place]! }));
  await inHalves(
    pairs,
    (part) =>
      settle(
        context,
        follow,
        lease,
        part.map(({ message }) => message),
        part.map(({ result }) => result),
      ),
    ({ message, result: { durationMs } }, fault) => {
      const { target, id, key, kind } = message;
      context.log('error', 'result cannot be stored', { target, id, key, kind, code: fault.errorCode });
      const cause = `what the target answered cannot be written down: ${fault.message}`;
      return settle(
        context,
        nothingFollows,
        lease,
        [message],
        [{ is: 'refused', code: fault.errorCode, cause, durationMs }],
      );
    },
  );
};
