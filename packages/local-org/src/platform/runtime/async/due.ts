/** What is due, and running it: jobs, schedules and event deliveries in the order of their times. */
import { deliverBatch, deliveryDue } from '../events/deliver.ts';
import { subscriptions } from '../events/subscriptions.ts';
import type { OrgContext } from '../org-context.ts';
import { runTransaction } from '../run-transaction.ts';
import { describeUncaught } from '../uncaught.ts';
import type { Execution } from './execution.ts';
import { firstJob, type Job } from './job-queue.ts';
import { runBatchStep } from './run-batch.ts';
import { runFuture } from './run-future.ts';
import { runFinalizer, runQueueable } from './run-queueable.ts';
import { runSchedule } from './run-schedule.ts';
import { schedules } from './schedules.ts';

/** Work that one call of `runAllDue` does at most: an endless chain of queueables must not hold its caller for ever. */
const UNITS_AT_ONCE = 10_000;

interface DueWork {
  at: number;
  run: (execution: Execution) => void;
}

/** The execution of a running org: every unit has its own transaction, failures are logged. */
const orgExecution = (org: OrgContext): Execution => ({
  org,
  run: (start, body) => runTransaction(org, start, (core) => body(core.systemView)),
  failed: (error, what) =>
    org.log('apex.failed', {
      what,
      error: describeUncaught(org.program, error).type,
      stack: describeUncaught(org.program, error).stack,
    }),
});

/** When the next work is due, in epoch milliseconds, or null. */
export const nextDueTime = (org: OrgContext): number | null => {
  const times = [
    firstJob(org.store)?.dueAt ?? null,
    ...schedules(org.store).map((schedule) => schedule.nextFire),
    ...subscriptions(org.store).map((s) => deliveryDue(org.store, s)),
  ];
  return times.reduce((a, b) => (b === null || (a !== null && a <= b) ? a : b), null);
};

/** Runs the first piece of work that is due at the clock's now. False when there is none. */
export const runNextDue = (org: OrgContext): boolean => {
  const now = org.clock.now();
  const [first] = dueWork(org, now);
  if (!first) return false;
  first.run(orgExecution(org));
  return true;
};

/** Runs everything that is due, what becomes due meanwhile included; answers how many units ran. */
export const runAllDue = (org: OrgContext): number => {
  let units = 0;
  while (units < UNITS_AT_ONCE && runNextDue(org)) units++;
  return units;
};

const dueWork = (org: OrgContext, now: number): DueWork[] => {
  const { store } = org;
  const work: DueWork[] = [
    ...subscriptions(store).flatMap((subscription) => {
      const at = deliveryDue(store, subscription);
      return at === null ? [] : [{ at, run: (execution: Execution) => deliverBatch(execution, subscription) }];
    }),
    ...schedules(store).map((schedule) => ({
      at: schedule.nextFire,
      run: (execution: Execution) => runSchedule(execution, schedule),
    })),
  ];
  const job = firstJob(store);
  if (job) work.push({ at: job.dueAt, run: (execution) => runJob(execution, job) });
  return work.filter(({ at }) => at <= now).sort((a, b) => a.at - b.at);
};

export const runJob = (execution: Execution, job: Job): void => {
  switch (job.kind) {
    case 'queueable':
      return runQueueable(execution, job);
    case 'future':
      return runFuture(execution, job);
    case 'batch':
      return runBatchStep(execution, job);
    case 'finalizer':
      return runFinalizer(execution, job);
  }
};
