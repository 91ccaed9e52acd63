import { BatchRefused, TargetUnavailable } from '../clients/errors.ts';
import type { Clock } from 'kernel/clock.ts';
import type { Result, Timed } from '../types.ts';
import { storableResult } from './storable-result.ts';

const rethrow = (error: unknown): never => {
  throw error;
};

/**
 * Sends a batch. When the target refuses it as a whole, or sending it ends in an error that nobody foresaw, halves of
 * it are tried, so that one bad message is found and delays no other; `unforeseen` judges the one that provokes such an
 * error. Once the target is unavailable, the rest is not tried.
 */
export const sendInHalves = async <M>(
  clock: Clock,
  batch: readonly M[],
  send: (batch: readonly M[]) => Promise<Result[]>,
  unforeseen: (error: unknown, culprit: M) => Timed = rethrow,
): Promise<Timed[]> => {
  const started = clock.now();
  const all = (result: Result): Timed[] =>
    batch.map(() => ({ ...storableResult(result), durationMs: clock.now() - started }));
  try {
    const results = await send(batch);
    return results.map((result) => ({ ...storableResult(result), durationMs: clock.now() - started }));
  } catch (error) {
    if (error instanceof TargetUnavailable) {
      return all({
        is: 'unavailable',
        code: error.code,
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
      });
    }
    if (batch.length === 1) {
      if (!(error instanceof BatchRefused)) return [unforeseen(error, batch[0]!)];
      return all(
        error.retryable
          ? { is: 'deferred', code: error.code }
          : { is: 'refused', code: error.code, cause: error.message },
      );
    }
  }
  const middle = Math.ceil(batch.length / 2);
  const first = await sendInHalves(clock, batch.slice(0, middle), send, unforeseen);
  const failure = first.find((result) => result.is === 'unavailable');
  if (failure) return [...first, ...batch.slice(middle).map(() => failure)];
  return [...first, ...(await sendInHalves(clock, batch.slice(middle), send, unforeseen))];
};
