import { isDatabaseUnavailable, sqlState } from './errors.ts';
import { StorageFailed } from './storage.ts';
import type { DatabaseLog } from './types.ts';

/** Tells once that the database went away, and once that it is back, however many statements notice. */
export class Availability {
  #log: DatabaseLog;
  #away = false;

  constructor(log: DatabaseLog) {
    this.#log = log;
  }

  /** Notes the error of a connection; returns it. */
  lost<E>(error: E): E {
    if (!this.#away && (isDatabaseUnavailable(error) || sqlState(error) === null)) {
      this.#away = true;
      this.#log('warn', 'database away', {
        reason: error instanceof Error ? error.message : String(error),
        sqlState: sqlState(error),
        remedy:
          error instanceof StorageFailed
            ? error.remedy
            : 'none here: work goes on by itself once the server answers again',
      });
    }
    return error;
  }

  answered(): void {
    if (!this.#away) return;
    this.#away = false;
    this.#log('info', 'database back');
  }
}
