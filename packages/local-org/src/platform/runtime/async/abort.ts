/** System.abortJob. */
import { apexException } from '../../values/index.ts';
import type { RuntimeView } from '../view.ts';
import { dropChunks } from './run-batch.ts';
import { changeJobRow } from './job-rows.ts';
import { jobs, removeJob } from './job-queue.ts';
import { removeSchedule, schedules } from './schedules.ts';

/** Stops a queued job, a batch between its chunks, or a schedule; a schedule's finished firings stay. */
export const abortJob = ($: RuntimeView, id: string): void => {
  const { store, org } = $.transaction;
  const wanted = store.normalizeId(id);
  const now = org.clock.now();
  const schedule = schedules(store).find((candidate) => candidate.id === wanted || candidate.jobId === wanted);
  if (schedule) {
    removeSchedule(store, schedule);
    changeJobRow(store, schedule.jobId, { Status: 'Aborted', CompletedDate: now });
    return;
  }
  const job = jobs(store).find((candidate) => candidate.id === wanted);
  if (job) {
    removeJob(store, job);
    if (job.kind === 'batch') dropChunks(store, job.id);
    changeJobRow(store, job.id, { Status: 'Aborted', CompletedDate: now });
    return;
  }
  const known = wanted === null ? null : store.objectOfId(wanted)?.name;
  if ((known !== 'AsyncApexJob' && known !== 'CronTrigger') || store.read(known, [wanted!]).length === 0) {
    throw apexException('StringException', `Job does not exist or is already aborted: ${id}`);
  }
};
