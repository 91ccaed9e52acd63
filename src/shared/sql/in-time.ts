import { DatabaseUnavailable } from './errors.ts';
import type { Database } from './types.ts';

/** Whoever watches a service gives up soon, and takes a late answer for a dead process. */
const IN_TIME_MS = 3_000;

/** What was asked of the database, or DatabaseUnavailable when it takes longer than a watcher waits. */
export const inTime = <T>(answer: Promise<T>, ms = IN_TIME_MS): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new DatabaseUnavailable(`the database does not answer within ${ms} ms`));
    const timer = setTimeout(late, ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });

/**
 * What a watcher is told of a database: its answer, or the problem: what keeps it from storing, else that it does not
 * answer. Reading may go on while nothing can be stored.
 */
export const askedInTime = async <T>(
  db: Pick<Database, 'trouble'>,
  ask: () => Promise<T>,
): Promise<{ answer: T; problem: null } | { problem: string; error: unknown }> => {
  try {
    const answer = await inTime(ask());
    const problem = db.trouble?.() ?? null;
    return problem === null ? { answer, problem } : { problem, error: problem };
  } catch (error) {
    return { problem: db.trouble?.() ?? 'the database does not answer', error };
  }
};
