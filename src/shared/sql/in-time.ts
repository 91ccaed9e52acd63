import { DatabaseUnavailable } from './errors.ts';

/** Whoever watches a service gives up soon, and takes a late answer for a dead process. */
const IN_TIME_MS = 3_000;

/** What was asked of the database, or DatabaseUnavailable when it takes longer than a watcher waits. */
export const inTime = <T>(answer: Promise<T>, ms = IN_TIME_MS): Promise<T> =>
  new Promise((resolve, reject) => {
    const late = (): void => reject(new DatabaseUnavailable(`the database does not answer within ${ms} ms`));
    const timer = setTimeout(late, ms);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
