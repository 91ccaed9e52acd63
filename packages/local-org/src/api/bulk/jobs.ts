/** What query jobs and ingest jobs of Bulk API 2.0 share: ids, times, what is shown, how they are kept and for how long. */
import { recordId } from '../../store/ids/record-id.ts';
import type { Store } from '../../store/types.ts';
import { datetimeText } from '../records/values.ts';
import type { CsvFormat } from './csv.ts';

export interface BulkJob extends CsvFormat {
  id: string;
  operation: string;
  object: string;
  createdById: string;
  /** Epoch milliseconds. */
  createdAt: number;
  changedAt: number;
  state: string;
  /** `67.0` */
  version: string;
}

const PREFIX = '750';
const COUNTER = 'bulk-query-job-counter';
/** Bulk API and Bulk API 2.0 Limits and Allocations, "Batch and job lifespan". */
const LIFESPAN_MS = 7 * 86_400_000;
/** Bulk API 2.0 Developer Guide, "Job States". */
const ENDED: ReadonlySet<string> = new Set(['JobComplete', 'Failed', 'Aborted']);

export const hasEnded = ({ state }: Pick<BulkJob, 'state'>): boolean => ENDED.has(state);

/** A new id; part of the open transaction. */
export const newJobId = (store: Store): string => {
  const number = Number(store.state.get(COUNTER, '') ?? 0) + 1;
  store.state.put(COUNTER, '', String(number));
  return recordId(PREFIX, number);
};

/** Job times are of whole seconds. */
const moment = (at: number): string => datetimeText(Math.floor(at / 1000) * 1000);

/** As the answers to creating and changing a job show it. */
export const jobSummary = (job: BulkJob): Record<string, unknown> => ({
  id: job.id,
  operation: job.operation,
  object: job.object,
  createdById: job.createdById,
  createdDate: moment(job.createdAt),
  systemModstamp: moment(job.changedAt),
  state: job.state,
  concurrencyMode: 'Parallel',
  contentType: 'CSV',
  apiVersion: Number(job.version),
  lineEnding: job.lineEnding,
  columnDelimiter: job.columnDelimiter,
});

/** Where the jobs of a kind are kept: in the store's state, so that they outlive a restart. */
export interface JobTable<J extends BulkJob> {
  /** Part of the open transaction. */
  put(store: Store, job: J): void;
  /** Jobs that are not past their lifespan, in the order of their creation. */
  all(store: Store, now: number): J[];
  find(store: Store, id: string, now: number): J | null;
  /** Those that are past their lifespan. */
  expired(store: Store, now: number): J[];
  /** Part of the open transaction. */
  remove(store: Store, id: string): void;
}

const lives = ({ createdAt }: Pick<BulkJob, 'createdAt'>, now: number): boolean => now - createdAt <= LIFESPAN_MS;

/** `kind` names them in the store's state. */
export const jobTable = <J extends BulkJob>(kind: string): JobTable<J> => {
  const stored = (store: Store): J[] => store.state.list(kind).map(({ value }) => JSON.parse(value) as J);
  return {
    put: (store, job) => store.state.put(kind, job.id, JSON.stringify(job)),
    all: (store, now) => stored(store).filter((job) => lives(job, now)),
    find: (store, id, now) => {
      const normal = store.normalizeId(id);
      const text = normal === null ? null : store.state.get(kind, normal);
      const job = text === null ? null : (JSON.parse(text) as J);
      return job && lives(job, now) ? job : null;
    },
    expired: (store, now) => stored(store).filter((job) => !lives(job, now)),
    remove: (store, id) => store.state.delete(kind, id),
  };
};
