/** What writing to Salesforce works with, one way or the other, and how it waits. */
import type { Clock } from 'kernel/clock.ts';
import type { Random } from 'kernel/random.ts';
import { TransportError } from 'kernel/http.ts';
import { pauseAfter } from '../shared/backoff.ts';
import { UnreadableAnswer } from '../shared/expected.ts';
import { SalesforceError } from '../shared/salesforce/errors.ts';
import { LoginRefused } from '../shared/salesforce/login.ts';
import type { SalesforceClient } from '../shared/salesforce/client.ts';
import { tellsRowLock } from '../shared/salesforce/row-lock.ts';
import type { Database } from '../shared/sql/types.ts';
import { storableCode, storableDiagnostic } from '../shared/text.ts';
import type { RunRow } from './db/runs.ts';
import type { RecordPlan } from './record.ts';
import type { Feed, RowProblem } from './types.ts';

const TRIES = 6;
export const PAUSE = { baseMs: 2_000, maxMs: 60_000 };
/** Whatever `Retry-After` says: all waits of a call together are shorter than a run's lease. */
const MAX_WANTED_MS = 120_000;

/** The way to Salesforce is shut, or its limit is reached: nothing is known of what was not answered. */
export class Interrupted extends Error {
  override name = 'Interrupted';
}

export interface Writing {
  client: SalesforceClient;
  feed: Feed;
  plan: RecordPlan;
  db: Database;
  run: RunRow;
  clock: Clock;
  random: Random;
  /** Ends waiting; its reason is an Interrupted. */
  signal?: AbortSignal | undefined;
  /** From so many rows on a bulk job costs fewer calls. */
  bulkFrom: number;
  /** Bytes of rows after which a job is full; absent: what keeps memory flat. */
  bytesAJob?: number | undefined;
  /** Called after each call that wrote; ends the writing when it rejects. */
  onWritten: () => Promise<void>;
}

export interface Written {
  created: number;
  updated: number;
  /** Salesforce does not take them. */
  refused: number;
  /** Others held the row until the end. */
  locked: number;
}

export const NOTHING_WRITTEN: Readonly<Written> = { created: 0, updated: 0, refused: 0, locked: 0 };

/** Why Salesforce does not take a row, in its own words. */
export const refusal = (code: string, field: string | null, message: string): RowProblem => ({
  code: storableCode(code),
  field,
  message: storableDiagnostic(message),
  remedy: 'correct the row in the source, or what refuses it in Salesforce',
});

/** What says nothing of the records: the way is shut, the org is busy, the day's calls are used up. */
const isOfTheWay = (error: unknown): boolean =>
  error instanceof TransportError ||
  error instanceof UnreadableAnswer ||
  (error instanceof SalesforceError &&
    !(error instanceof LoginRefused) &&
    (error.said === null ||
      error.status >= 500 ||
      error.status === 429 ||
      error.status === 401 ||
      /^(REQUEST_LIMIT_EXCEEDED|SERVER_UNAVAILABLE|REQUEST_RUNNING_TOO_LONG|QUERY_TIMEOUT)$/.test(error.errorCode) ||
      tellsRowLock(error.errorCode, error.message)));

/** Sends a request until it is answered, and its answer can be read. Throws Interrupted after so many tries. */
export const patiently = async <T>(
  { clock, random, signal }: Pick<Writing, 'clock' | 'random' | 'signal'>,
  send: () => Promise<T>,
): Promise<T> => {
  for (let tries = 1; ; tries++) {
    try {
      return await send();
    } catch (error) {
      if (!isOfTheWay(error)) throw error;
      const { message } = error as Error;
      if (tries === TRIES)
        throw new Interrupted(
          `Salesforce could not be asked: ${message}. Run it again: what was confirmed is not sent twice`,
          { cause: error },
        );
      const wanted = error instanceof SalesforceError ? Math.min(error.retryAfterMs ?? 0, MAX_WANTED_MS) : 0;
      await clock.sleep(Math.max(wanted, pauseAfter(tries, PAUSE, random)), signal);
    }
  }
};
