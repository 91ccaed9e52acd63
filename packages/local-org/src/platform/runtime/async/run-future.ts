import { ASYNCHRONOUS_LIMITS } from '../limits.ts';
import { describeUncaught } from '../uncaught.ts';
import type { ApexList } from '../../values/index.ts';
import { deserialize } from './deserialize.ts';
import type { Execution } from './execution.ts';
import { changeJobRow, completeJobRow, failJobRow } from './job-rows.ts';
import { removeJob, type FutureJob } from './job-queue.ts';
import type { Program } from '../program.ts';

/** Runs the body of a @future method. */
export const runFuture = (execution: Execution, job: FutureJob): void => {
  const { store, clock, program } = execution.org;
  const start = { userId: job.userId, quiddity: 'FUTURE', limits: ASYNCHRONOUS_LIMITS } as const;
  try {
    execution.run(start, ($) => {
      removeJob(store, job);
      changeJobRow(store, job.id, { Status: 'Processing' });
      $.transaction.unit.calloutRefusal = futureCalloutRefusal(program, job);
      const args = deserialize(job.payload, $) as ApexList;
      $.core.runFutureBody(job.className, job.member, args.items);
      completeJobRow(store, job.id, clock.now());
    });
  } catch (error) {
    execution.run(start, () => {
      removeJob(store, job);
      failJobRow(store, job.id, clock.now(), describeUncaught(program, error).text);
    });
    execution.failed(error, `future method of ${job.className}`);
  }
};

const futureCalloutRefusal = (program: Program, job: FutureJob): string | null => {
  const method = program.classInfo(job.className)?.methods.find((candidate) => candidate.member === job.member);
  const annotation = method?.annotations.find(({ name }) => name === 'future');
  if (String(annotation?.parameters['callout']).toLowerCase() === 'true') return null;
  return 'Callout not allowed from this future method. Please enable by annotating it with callout=true. eg, @Future(callout=true)';
};
