/** How far the rolling audit of a feed has come. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { FeedName } from './runs.ts';

export interface AuditState {
  /** The last record id that was read in this round; '': the round has not begun. */
  position: string;
  round_started_at: Date | null;
  /** Each record was read at least once since then; null: not all of them were. */
  vouched_since: Date | null;
  read_at: Date | null;
  /** The query job that reads the next part, its records in the order of their ids after one, up to another (null: to the end). */
  job_id: string | null;
  job_made_at: Date | null;
  job_from: string | null;
  job_to: string | null;
}

export const NO_JOB = { job_id: null, job_made_at: null, job_from: null, job_to: null };

const NONE: AuditState = { position: '', round_started_at: null, vouched_since: null, read_at: null, ...NO_JOB };

export const auditState = async (db: Queryable, { company, feed }: FeedName): Promise<AuditState> =>
  (
    await db.query<AuditState>(
      `SELECT position, round_started_at, vouched_since, read_at, job_id, job_made_at, job_from, job_to
         FROM feed_audit WHERE company = $1 AND feed = $2`,
      [company, feed],
    )
  )[0] ?? NONE;

export const noteAudit = (tx: Queryable, { company, feed }: FeedName, state: AuditState): Promise<unknown> =>
  tx.query(
    `INSERT INTO feed_audit (company, feed, position, round_started_at, vouched_since, read_at, job_id, job_made_at, job_from, job_to)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (company, feed) DO UPDATE
        SET position = excluded.position, round_started_at = excluded.round_started_at, vouched_since = excluded.vouched_since,
            read_at = excluded.read_at, job_id = excluded.job_id, job_made_at = excluded.job_made_at,
            job_from = excluded.job_from, job_to = excluded.job_to`,
    [
      company,
      feed,
      state.position,
      state.round_started_at,
      state.vouched_since,
      state.read_at,
      state.job_id,
      state.job_made_at,
      state.job_from,
      state.job_to,
    ],
  );

/** Records of the feed that Salesforce holds, as far as is known. */
export const countHeld = async (db: Queryable, { company, feed }: FeedName): Promise<number> =>
  (
    await db.query<{ n: number }>(
      'SELECT count(*) AS n FROM feed_row WHERE company = $1 AND feed = $2 AND salesforce_id IS NOT NULL',
      [company, feed],
    )
  )[0]!.n;

/** Of the records that Salesforce is known to hold after one, the id of the one that so many end with; null: there are no more. */
export const idAfter = async (
  db: Queryable,
  { company, feed }: FeedName,
  { from, records }: { from: string; records: number },
): Promise<string | null> =>
  (
    await db.query<{ salesforce_id: string }>(
      `SELECT salesforce_id FROM feed_row
        WHERE company = $1 AND feed = $2 AND salesforce_id IS NOT NULL AND salesforce_id COLLATE "C" > $3
        ORDER BY salesforce_id COLLATE "C" OFFSET $4 LIMIT 1`,
      [company, feed, from, records - 1],
    )
  )[0]?.salesforce_id ?? null;
