/** What query jobs and ingest jobs of Bulk API 2.0 share: ids, times, how long they live. */
import { recordId } from '../../store/ids/record-id.ts';
import type { Store } from '../../store/types.ts';
import { datetimeText } from '../records/values.ts';

const PREFIX = '750';
const COUNTER = 'bulk-query-job-counter';
/** Bulk API and Bulk API 2.0 Limits and Allocations, "Batch and job lifespan". */
const LIFESPAN_MS = 7 * 86_400_000;

/** A new id; part of the open transaction. */
export const newJobId = (store: Store): string => {
  const number = Number(store.state.get(COUNTER, '') ?? 0) + 1;
  store.state.put(COUNTER, '', String(number));
  return recordId(PREFIX, number);
};

/** `createdAt` and `now` in epoch milliseconds. */
export const lives = ({ createdAt }: { createdAt: number }, now: number): boolean => now - createdAt <= LIFESPAN_MS;

/** Job times are of whole seconds. */
export const moment = (at: number): string => datetimeText(Math.floor(at / 1000) * 1000);
