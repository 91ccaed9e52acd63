/**
 * Batch Apex: start, one execute per scope, finish, each in its own transaction. Each chunk is a state entry of its
 * own, so that it costs the same however long the job is.
 */
import type { Store } from '../../../store/types.ts';
import { JobContext } from '../../std/async-types.ts';
import { elementsOf } from '../../std/shared/iterate.ts';
import { QueryLocator } from '../../std/shared/query-locator.ts';
import type { Apex } from '../../types.ts';
import { type SObject, ApexList } from '../../values/index.ts';
import { LimitExceeded } from '../governor.ts';
import { ASYNCHRONOUS_LIMITS, BATCH_QUERY_LOCATOR_ROWS } from '../limits.ts';
import { queryRecords, sourceOf, queryByIds } from '../query.ts';
import { describeUncaught } from '../uncaught.ts';
import type { RuntimeView } from '../view.ts';
import { deserialize } from './deserialize.ts';
import { calloutRefusal, type Execution } from './execution.ts';
import { putJob, removeJob, type BatchJob } from './job-queue.ts';
import { changeJobRow, completeJobRow } from './job-rows.ts';
import { serialize } from './serialize.ts';

const kindOf = (jobId: string): string => `batch-chunk:${jobId}`;

/** `content`: JSON of record ids (QueryLocator) or a serialised list (Iterable). */
export const putChunk = (store: Store, jobId: string, chunk: number, content: string): void =>
  store.state.put(kindOf(jobId), String(chunk), content);

export const takeChunk = (store: Store, jobId: string, chunk: number): string | null => {
  const content = store.state.get(kindOf(jobId), String(chunk));
  store.state.delete(kindOf(jobId), String(chunk));
  return content;
};

export const dropChunks = (store: Store, jobId: string): void => {
  for (const { key } of store.state.list(kindOf(jobId))) store.state.delete(kindOf(jobId), key);
};

/** Runs one step of the job; the next one goes to the end of the queue. */
export const runBatchStep = (execution: Execution, job: BatchJob): void => {
  const start = { userId: job.userId, quiddity: 'BATCH_APEX', limits: ASYNCHRONOUS_LIMITS } as const;
  const step = STEPS[job.phase];
  try {
    execution.run(start, ($) => {
      removeJob(execution.org.store, job);
      $.transaction.unit.batchPhase = job.phase;
      $.transaction.unit.calloutRefusal = calloutRefusal(execution.org, job.className);
      step.run(execution, $, job);
    });
  } catch (error) {
    const failure = describeUncaught(execution.org.program, error).text;
    execution.run(start, () => {
      removeJob(execution.org.store, job);
      step.failed(execution, job, failure);
    });
    execution.failed(error, `batch ${job.className} (${job.phase})`);
  }
};

interface Step {
  run(execution: Execution, $: RuntimeView, job: BatchJob): void;
  failed(execution: Execution, job: BatchJob, failure: string): void;
}

const runStart = ({ org }: Execution, $: RuntimeView, job: BatchJob): void => {
  const { store } = org;
  const instance = deserialize(job.payload, $);
  const scope = $.call(instance, 'start', [batchContext(job)]);
  const { chunks, query } =
    scope instanceof QueryLocator ? locatorChunks($, job, scope) : iterableChunks($, job, $.nn(scope));
  changeJobRow(store, job.id, { Status: 'Processing', TotalJobItems: chunks });
  next(org, { ...job, payload: serialize(instance), phase: chunks === 0 ? 'finish' : 'execute', chunks, query });
};

const runExecute = ({ org }: Execution, $: RuntimeView, job: BatchJob): void => {
  const { store } = org;
  const instance = deserialize(job.payload, $);
  const records = chunkRecords($, job);
  $.call(instance, 'execute', [batchContext(job), records]);
  const payload = job.stateful ? serialize(instance) : job.payload;
  changeJobRow(store, job.id, { JobItemsProcessed: job.chunk + 1 });
  next(org, afterChunk({ ...job, payload }));
};

const runFinish = ({ org }: Execution, $: RuntimeView, job: BatchJob): void => {
  // Salesforce shows the job as completed only after finish; finish itself sees it as processing.
  $.call(deserialize(job.payload, $), 'finish', [batchContext(job)]);
  completeJobRow(org.store, job.id, org.clock.now());
};

const STEPS: Record<BatchJob['phase'], Step> = {
  start: {
    run: runStart,
    failed: ({ org }, job, failure) => {
      dropChunks(org.store, job.id);
      changeJobRow(org.store, job.id, {
        Status: 'Failed',
        CompletedDate: org.clock.now(),
        ...firstError(job, failure),
      });
    },
  },
  execute: {
    run: runExecute,
    failed: ({ org }, job, failure) => {
      takeChunk(org.store, job.id, job.chunk);
      changeJobRow(org.store, job.id, { JobItemsProcessed: job.chunk + 1, ...firstError(job, failure) });
      next(org, afterChunk({ ...job, errors: job.errors + 1 }));
    },
  },
  finish: {
    run: runFinish,
    failed: ({ org }, job, failure) =>
      changeJobRow(org.store, job.id, {
        Status: 'Failed',
        CompletedDate: org.clock.now(),
        ...firstError(job, failure),
      }),
  },
};

const firstError = (job: BatchJob, failure: string): Record<string, string | number> => ({
  NumberOfErrors: job.errors + 1,
  ...(job.errors === 0 ? { ExtendedStatus: `First error: ${failure}`.slice(0, 255) } : {}),
});

const afterChunk = (job: BatchJob): BatchJob => ({
  ...job,
  chunk: job.chunk + 1,
  phase: job.chunk + 1 < job.chunks ? 'execute' : 'finish',
});

const next = (org: Execution['org'], { sequence: _, ...job }: BatchJob): void =>
  putJob(org.store, { ...job, dueAt: org.clock.now() });

const batchContext = (job: BatchJob): JobContext =>
  new JobContext('Database.BatchableContext', { getJobId: job.id, getChildJobId: null });

type Chunks = Pick<BatchJob, 'chunks' | 'query'>;

/** Which records there are is settled now; what they hold is read when their chunk runs. */
const locatorChunks = ($: RuntimeView, job: BatchJob, locator: QueryLocator): Chunks => {
  const mode = locator.options.access ?? 'system';
  const records =
    locator.soql === null
      ? locator.fetch($)
      : queryRecords($, locator.soql, locator.options.binds ?? {}, mode, { counted: false });
  const query = locator.soql === null ? sourceOf(records) : { soql: locator.soql, access: mode };
  if (query === null) return iterableChunks($, job, records);
  if (records.size > BATCH_QUERY_LOCATOR_ROWS) throw new LimitExceeded(`Too many query locator rows: ${records.size}`);
  const chunks = split(
    records.items.map((record: SObject) => record.id),
    job.scope,
  );
  chunks.forEach((ids, i) => putChunk($.transaction.store, job.id, i, JSON.stringify(ids)));
  return { chunks: chunks.length, query };
};

const iterableChunks = ($: RuntimeView, job: BatchJob, iterable: Apex): Chunks => {
  const element = iterable instanceof ApexList ? iterable.elementType : 'Object';
  const chunks = split(elementsOf($, iterable), job.scope);
  chunks.forEach((items, i) => putChunk($.transaction.store, job.id, i, serialize(new ApexList(element, items))));
  return { chunks: chunks.length, query: null };
};

const split = <T>(items: T[], size: number): T[][] => {
  const chunks: T[][] = [];
  for (let i = 0; i < items.length; i += size) chunks.push(items.slice(i, i + size));
  return chunks;
};

/** The scope of the chunk: records deleted since the start are missing from it. */
const chunkRecords = ($: RuntimeView, job: BatchJob): ApexList => {
  const content = takeChunk($.transaction.store, job.id, job.chunk) ?? '[]';
  if (job.query === null) return deserialize(content, $) as ApexList;
  const ids = JSON.parse(content) as string[];
  const list = queryRecords(
    $,
    queryByIds(job.query.soql, CHUNK_BIND),
    { [CHUNK_BIND]: new ApexList('Id', ids) },
    job.query.access,
    { counted: false },
  );
  const byId = new Map(list.items.map((record: SObject) => [record.id, record]));
  return new ApexList(
    list.elementType,
    ids.flatMap((id) => byId.get(id) ?? []),
  );
};

/** Not a name that Apex could use. */
const CHUNK_BIND = 'batchChunkIds';
