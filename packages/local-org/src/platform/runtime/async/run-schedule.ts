import { SYNCHRONOUS_LIMITS } from '../limits.ts';
import type { RuntimeView } from '../view.ts';
import type { TransactionStart } from '../transaction.ts';
import { JobContext } from '../../std/async-types.ts';
import { deserialize } from './deserialize.ts';
import { enqueueBatch } from './enqueue.ts';
import type { Execution } from './execution.ts';
import { changeJobRow } from './job-rows.ts';
import { completeSchedule, fireTime, putSchedule, type Schedule } from './schedules.ts';

/**
 * Fires a schedule that is due. The next firing is counted from now: moments that passed while the org
 * stood still are made up for by one firing, as after an outage.
 */
export const runSchedule = (execution: Execution, schedule: Schedule): void => {
  const start = startOf(schedule);
  try {
    execution.run(start, ($) => {
      advance(execution, schedule);
      fire($, schedule);
    });
  } catch (error) {
    execution.run(start, () => advance(execution, schedule));
    execution.failed(error, `scheduled ${schedule.className}`);
  }
};

/** Runs the scheduled class, and leaves the schedule as it is. */
export const fireSchedule = (execution: Execution, schedule: Schedule): void =>
  execution.run(startOf(schedule), ($) => fire($, schedule));

const startOf = (schedule: Schedule): TransactionStart => ({
  userId: schedule.userId,
  quiddity: 'SCHEDULED',
  limits: SYNCHRONOUS_LIMITS,
});

const fire = ($: RuntimeView, schedule: Schedule): void => {
  $.transaction.unit.calloutRefusal = 'Callout from scheduled Apex not supported.';
  const job = deserialize(schedule.payload, $);
  if (schedule.batchScope !== null) enqueueBatch($, job, schedule.batchScope);
  else $.call(job, 'execute', [new JobContext('SchedulableContext', { getTriggerId: schedule.id })]);
};

const advance = ({ org }: Execution, schedule: Schedule): void => {
  const { store } = org;
  const now = org.clock.now();
  const nextFire = schedule.cron === null ? null : fireTime(schedule.cron, now, schedule.timeZone);
  const timesTriggered = schedule.timesTriggered + 1;
  const row = { PreviousFireTime: now };
  if (nextFire !== null) {
    putSchedule(store, { ...schedule, nextFire, timesTriggered }, row);
    return;
  }
  completeSchedule(store, schedule, { ...row, TimesTriggered: timesTriggered });
  changeJobRow(store, schedule.jobId, { Status: 'Completed', CompletedDate: now });
};
