/** Bulk jobs of feeds, by the ids that Salesforce gave them. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { FeedName, RunRow } from './runs.ts';

export const insertJob = (db: Queryable, { id, company, feed }: RunRow, jobId: string, now: Date): Promise<unknown> =>
  db.query('INSERT INTO feed_job (job_id, run_id, company, feed, created_at) VALUES ($1, $2, $3, $4, $5)', [
    jobId,
    id,
    company,
    feed,
    now,
  ]);

/** Jobs whose results were not noted, oldest first. */
export const openJobs = async (db: Queryable, { company, feed }: FeedName): Promise<string[]> =>
  (
    await db.query<{ job_id: string }>(
      'SELECT job_id FROM feed_job WHERE company = $1 AND feed = $2 AND noted_at IS NULL ORDER BY created_at, job_id',
      [company, feed],
    )
  ).map(({ job_id: id }) => id);

export const noteJob = (db: Queryable, jobId: string, now: Date): Promise<unknown> =>
  db.query('UPDATE feed_job SET noted_at = $2 WHERE job_id = $1', [jobId, now]);
