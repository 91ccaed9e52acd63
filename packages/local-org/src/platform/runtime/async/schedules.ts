/** Scheduled Apex: System.schedule, CronTrigger and CronJobDetail rows, firing. */
import type { Store, Value } from '../../../store/types.ts';
import type { Apex } from '../../types.ts';
import { apexException } from '../../values/index.ts';
import { CronError, nextFireTime } from '../cron.ts';
import { SCHEDULED_JOBS } from '../limits.ts';
import type { RuntimeView } from '../view.ts';
import { userDetails } from '../org-info.ts';
import { createJobRow } from './job-rows.ts';
import { serialize } from './serialize.ts';

/** CronJobDetail.JobType of Scheduled Apex. */
const SCHEDULED_APEX = '7';
const SCHEDULES = 'schedule';

export interface Schedule {
  /** Id of the CronTrigger. */
  id: string;
  name: string;
  /** Absent for System.scheduleBatch, which fires once. */
  cron: string | null;
  timeZone: string;
  className: string;
  userId: string;
  nextFire: number;
  timesTriggered: number;
  /** Id of the CronJobDetail. */
  detailId: string;
  /** Id of the AsyncApexJob that stands for the schedule. */
  jobId: string;
  /** The serialised Schedulable, or the Batchable of scheduleBatch. */
  payload: string;
  batchScope: number | null;
}

export const schedules = (store: Store): Schedule[] =>
  store.state.list(SCHEDULES).map(({ value }) => JSON.parse(value) as Schedule);

/** Writes the schedule and its CronTrigger. */
export const putSchedule = (store: Store, schedule: Schedule, row: Record<string, Value>): void => {
  store.state.put(SCHEDULES, schedule.id, JSON.stringify(schedule));
  changeCronTrigger(store, schedule.id, {
    ...row,
    NextFireTime: schedule.nextFire,
    TimesTriggered: schedule.timesTriggered,
  });
};

const changeCronTrigger = (store: Store, id: string, values: Record<string, Value>): void =>
  store.writePlatformRow({ object: 'CronTrigger', id, values: new Map(Object.entries(values)) });

/** The schedule will not fire again: its CronTrigger stays as a record of it. */
export const completeSchedule = (store: Store, schedule: Schedule, row: Record<string, Value>): void => {
  store.state.delete(SCHEDULES, schedule.id);
  changeCronTrigger(store, schedule.id, { ...row, State: 'COMPLETE', NextFireTime: null });
};

/** The schedule was aborted: its rows go with it. */
export const removeSchedule = (store: Store, schedule: Schedule): void => {
  store.state.delete(SCHEDULES, schedule.id);
  store.removePlatformRow('CronTrigger', schedule.id);
  store.removePlatformRow('CronJobDetail', schedule.detailId);
};

/** System.schedule: answers the id of the CronTrigger. */
export const scheduleApex = ($: RuntimeView, name: string, cron: string, job: Apex): string => {
  const { store, org, userId } = $.transaction;
  const now = org.clock.now();
  const { timeZone } = userDetails(store, userId);
  const nextFire = fireTime(cron, now, timeZone);
  if (nextFire === null)
    throw apexException('AsyncException', `Based on configured schedule, the given trigger '${name}' will never fire.`);
  return create($, { name, cron, timeZone, nextFire, job, batchScope: null });
};

/** System.scheduleBatch: once, some minutes from now. */
export const scheduleBatchApex = ($: RuntimeView, job: Apex, name: string, minutes: number, scope: number): string => {
  if (minutes < 1) throw apexException('AsyncException', 'The minutes from now must be a positive number');
  const { store, org, userId } = $.transaction;
  const nextFire = org.clock.now() + minutes * 60_000;
  return create($, {
    name,
    cron: null,
    timeZone: userDetails(store, userId).timeZone,
    nextFire,
    job,
    batchScope: scope,
  });
};

/** The next moment, with the platform's exception for what it cannot read. */
export const fireTime = (cron: string, after: number, timeZone: string): number | null => {
  try {
    return nextFireTime(cron, after, timeZone);
  } catch (error) {
    if (error instanceof CronError) throw apexException('StringException', error.message);
    throw error;
  }
};

interface Creation {
  name: string;
  cron: string | null;
  timeZone: string;
  nextFire: number;
  job: Apex;
  batchScope: number | null;
}

const create = ($: RuntimeView, { name, cron, timeZone, nextFire, job, batchScope }: Creation): string => {
  const { store, org, userId, unit } = $.transaction;
  const instance = $.nn(job);
  const existing = schedules(store);
  if (existing.some((schedule) => schedule.name === name))
    throw apexException('AsyncException', `The Apex job named "${name}" is already scheduled for execution.`);
  if (existing.length >= SCHEDULED_JOBS)
    throw apexException(
      'AsyncException',
      `You have exceeded the maximum number (${SCHEDULED_JOBS}) of Apex scheduled jobs.`,
    );
  unit.uncommitted = true;
  const now = org.clock.now();
  const className = instance.apexType as string;
  const detailId = store.newId('CronJobDetail');
  store.writePlatformRow({
    object: 'CronJobDetail',
    id: detailId,
    values: new Map<string, Value>([
      ['Name', name],
      ['JobType', SCHEDULED_APEX],
    ]),
  });
  const id = store.newId('CronTrigger');
  const jobId = createJobRow(store, { type: 'ScheduledApex', className, userId, now, cronTriggerId: id });
  const schedule: Schedule = {
    id,
    detailId,
    name,
    cron,
    timeZone,
    className,
    userId,
    nextFire,
    timesTriggered: 0,
    jobId,
    payload: serialize(instance),
    batchScope,
  };
  putSchedule(store, schedule, {
    CreatedDate: now,
    CreatedById: userId,
    LastModifiedById: userId,
    OwnerId: userId,
    CronJobDetailId: detailId,
    CronExpression: cron ?? '',
    TimeZoneSidKey: timeZone,
    StartTime: now,
    State: 'WAITING',
  });
  return id;
};
