/** What Test.stopTest runs: asynchronous Apex and event triggers, within the test's own transaction. */
import type { Execution } from '../async/execution.ts';
import { runJob } from '../async/due.ts';
import { jobs, type Job } from '../async/job-queue.ts';
import { fireSchedule } from '../async/run-schedule.ts';
import { schedules } from '../async/schedules.ts';
import { apexException } from '../../values/index.ts';
import { deliverBatch, deliveryDue } from '../events/deliver.ts';
import { appendEvents, takeStagedEvents } from '../events/staged-events.ts';
import { subscriptions } from '../events/subscriptions.ts';
import type { CoreView } from '../view.ts';
import { newRequestId } from '../transaction.ts';
import { describeUncaught } from '../uncaught.ts';
import { newUnit } from '../unit.ts';

/** Deliveries of one stopTest at most: a trigger that publishes the event it listens to must not go on for ever. */
const DELIVERIES = 100;

/** Runs what the test enqueued and scheduled, once each, then the events that all of it published. */
export const runHeldWork = (core: CoreView): void => {
  const execution = testExecution(core, (error) => {
    throw error;
  });
  const { store } = core.transaction;
  // The platform runs a schedule here without counting it as fired.
  for (const schedule of schedules(store)) fireSchedule(execution, schedule);
  const enqueued = new Set(jobs(store).map((job) => job.id));
  for (let job = nextOf(jobs(store), enqueued); job !== undefined; job = nextOf(jobs(store), enqueued)) {
    forbidSecondChunk(job);
    runJob(execution, job);
  }
  deliverTestEvents(core);
};

const nextOf = (queue: Job[], ids: ReadonlySet<string>): Job | undefined => queue.find((job) => ids.has(job.id));

/** A test runs one execute of a batch job. Page: "Using Batch Apex", testing. */
const forbidSecondChunk = (job: Job): void => {
  if (job.kind !== 'batch' || job.phase !== 'execute' || job.chunks <= 1) return;
  throw apexException(
    'UnexpectedException',
    'No more than one executeBatch can be called from within a test method. Please make sure the iterable returned from your start method matches the batch size, resulting in one executeBatch invocation.',
  );
};

/** Runs event triggers on what was published so far. Their failures stay theirs. */
export const deliverTestEvents = (core: CoreView): void => {
  const { transaction } = core;
  const { store, org } = transaction;
  const execution = testExecution(core, (error, what) =>
    org.log('apex.failed', { what, error: describeUncaught(org.program, error).text }),
  );
  for (let deliveries = 0; deliveries < DELIVERIES; deliveries++) {
    const events = [...takeStagedEvents(transaction), ...transaction.immediateEvents.splice(0)];
    appendEvents(org, events);
    const due = subscriptions(store).filter((subscription) => deliveryDue(store, subscription) !== null);
    if (due.length === 0) return;
    for (const subscription of due) deliverBatch(execution, subscription);
  }
  org.log('test.events', { stopped: `event triggers still published events after ${DELIVERIES} deliveries` });
};

/** Units share the test's transaction and its static variables; each has limits, user and savepoint of its own. */
const testExecution = (core: CoreView, failed: Execution['failed']): Execution => ({
  org: core.transaction.org,
  run: (start, body) => {
    const { transaction } = core;
    const unit = newUnit(start.quiddity, newRequestId(transaction.org.random), start.limits);
    const savepoint = transaction.storeTransaction.savepoint();
    try {
      return transaction.inUnit(unit, () => transaction.as(start.userId, undefined, () => body(core.systemView)));
    } catch (error) {
      transaction.storeTransaction.rollbackTo(savepoint);
      throw error;
    }
  },
  failed,
});
