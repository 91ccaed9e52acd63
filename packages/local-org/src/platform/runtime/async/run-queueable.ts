import type { RuntimeView } from '../view.ts';
import { QUEUEABLE_LIMITS } from '../limits.ts';
import { describeUncaught } from '../uncaught.ts';
import { apexException } from '../../values/index.ts';
import { calloutRefusal, type Execution } from './execution.ts';
import { JobContext } from '../../std/async-types.ts';
import { deserialize } from './deserialize.ts';
import { changeJobRow, completeJobRow, failJobRow } from './job-rows.ts';
import { putJob, removeJob, type FinalizerJob, type QueueableJob } from './job-queue.ts';
import { serialize } from './serialize.ts';

/** Runs a queueable, then leaves its finalizer in the queue if it attached one. */
export const runQueueable = (execution: Execution, job: QueueableJob): void => {
  const { org } = execution;
  const { store, clock } = org;
  const start = { userId: job.userId, quiddity: 'QUEUEABLE', limits: QUEUEABLE_LIMITS } as const;
  let finalizer: { payload: string; className: string } | null = null;
  try {
    execution.run(start, ($) => {
      try {
        removeJob(store, job);
        changeJobRow(store, job.id, { Status: 'Processing' });
        $.transaction.unit.chain = job.chain;
        $.transaction.unit.calloutRefusal = calloutRefusal(org, job.className);
        $.call(deserialize(job.payload, $), 'execute', [new JobContext('QueueableContext', { getJobId: job.id })]);
        completeJobRow(store, job.id, clock.now());
      } finally {
        finalizer = attachedFinalizer($);
      }
      queueFinalizer(execution, job, finalizer, null);
    });
  } catch (error) {
    const failure = describeUncaught(org.program, error);
    execution.run(start, () => {
      removeJob(store, job);
      failJobRow(store, job.id, clock.now(), failure.text);
      queueFinalizer(execution, job, finalizer, { type: failure.type, message: failure.message });
    });
    execution.failed(error, `queueable ${job.className}`);
  }
};

const attachedFinalizer = ($: RuntimeView): { payload: string; className: string } | null => {
  const { finalizer } = $.transaction.unit;
  return finalizer === null ? null : { payload: serialize(finalizer), className: finalizer.apexType as string };
};

const queueFinalizer = (
  { org }: Execution,
  job: QueueableJob,
  finalizer: { payload: string; className: string } | null,
  failure: FinalizerJob['failure'],
): void => {
  if (finalizer === null) return;
  putJob(org.store, {
    kind: 'finalizer',
    id: job.id,
    userId: job.userId,
    dueAt: org.clock.now(),
    failure,
    ...finalizer,
  });
};

/** Runs a finalizer; it may enqueue one job, which begins a new chain. */
export const runFinalizer = (execution: Execution, job: FinalizerJob): void => {
  const { store } = execution.org;
  const start = { userId: job.userId, quiddity: 'TRANSACTION_FINALIZER_QUEUEABLE', limits: QUEUEABLE_LIMITS } as const;
  try {
    execution.run(start, ($) => {
      removeJob(store, job);
      const exception = job.failure && apexException(job.failure.type.replace(/^System\./, ''), job.failure.message);
      const result = $.enumConstant('ParentJobResult', exception ? 'UNHANDLED_EXCEPTION' : 'SUCCESS');
      const context = new JobContext('FinalizerContext', {
        getAsyncApexJobId: job.id,
        getRequestId: $.transaction.unit.request.requestId,
        getResult: result,
        getException: exception,
      });
      $.call(deserialize(job.payload, $), 'execute', [context]);
    });
  } catch (error) {
    execution.run(start, () => removeJob(store, job));
    execution.failed(error, `finalizer ${job.className}`);
  }
};
