import { isDatabaseUnavailable, isTransactionConflict } from '../../shared/sql/errors.ts';
import { describeError } from '../log.ts';
import type { ClaimedMessage, Context, Deliver, Timed } from '../types.ts';

type Refused = Timed & { is: 'refused' };

/** A message that provokes a bug is refused: it uses up attempts, and ends as a dead letter that people see. */
export const refuseCulprit = (
  context: Context,
  error: unknown,
  { target, id, key, kind, version }: ClaimedMessage,
): Refused => {
  context.log('error', 'delivery failed', { target, id, key, kind, version, ...describeError(error) });
  const name = error instanceof Error ? error.name : 'an error';
  const cause = `the middle layer fails at this message (${name}); its log says where`;
  return { is: 'refused', code: 'INTERNAL_ERROR', cause, durationMs: 0 };
};

/**
 * Delivers messages. When that ends in an error that nobody foresaw, halves of them are tried, so that a message
 * which provokes it holds up no other. While the database is away nothing is known of the messages.
 */
export const deliverInHalves = async (
  context: Context,
  target: string,
  deliver: Deliver,
  messages: ClaimedMessage[],
): Promise<Timed[]> => {
  try {
    return await deliver(messages);
  } catch (error) {
    if (isDatabaseUnavailable(error) || isTransactionConflict(error)) {
      context.log('error', 'delivery failed', { target, ...describeError(error) });
      return messages.map(() => ({ is: 'unavailable', code: 'DATABASE_UNAVAILABLE', durationMs: 0 }));
    }
    if (messages.length === 1) return [refuseCulprit(context, error, messages[0]!)];
  }
  const middle = Math.ceil(messages.length / 2);
  const first = await deliverInHalves(context, target, deliver, messages.slice(0, middle));
  return [...first, ...(await deliverInHalves(context, target, deliver, messages.slice(middle)))];
};
