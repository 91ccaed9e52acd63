/** Runs of feeds: one at a time for each feed of a company. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { Audited, Counts, Proof } from '../types.ts';

export type RunStatus =
  'running' | 'held' | 'succeeded' | 'rows failed' | 'failed' | 'rejected' | 'interrupted' | 'dry run';

export interface RunRow {
  id: number;
  key: string;
  company: string;
  feed: string;
  status: RunStatus;
  started_at: Date;
  ended_at: Date | null;
  lease_until: Date;
  fence: Date | null;
  counts: Partial<Counts>;
  filled: Record<string, number>;
  reasons: string[];
  decided_by: string | null;
  decided_at: Date | null;
  api_calls: number;
  /** Whether Salesforce shows the run as it is. */
  is_told: boolean;
  /** Null: it did not come to its end, or is of a program before audits were noted. */
  audit: { vouchedSince: string | null; audited: Audited | null; proof: Proof | null } | null;
}

export interface FeedName {
  company: string;
  feed: string;
}

/** Lets nobody else begin a run of the feed before this transaction ends. */
export const lockFeed = (tx: Queryable, { company, feed }: FeedName): Promise<unknown> =>
  tx.query(`SELECT pg_advisory_xact_lock(hashtext('feed'), hashtext($1))`, [`${company} ${feed}`]);

/** The newest run of a feed that started by a moment or after it, dry runs aside, and how many of those broke off. */
export const runsSince = async (
  db: Queryable,
  { company, feed }: FeedName,
  since: Date,
): Promise<{ last: RunRow | null; broken: number }> => {
  const rows = await db.query<RunRow>(
    `SELECT * FROM feed_run WHERE company = $1 AND feed = $2 AND started_at >= $3 AND status <> 'dry run' ORDER BY id DESC`,
    [company, feed, since],
  );
  return { last: rows[0] ?? null, broken: rows.filter(brokeOff).length };
};

/** Whether it came to no end of its own. */
export const brokeOff = ({ status }: Pick<RunRow, 'status'>): boolean =>
  status === 'interrupted' || status === 'failed';

/** The newest run of a feed, dry runs aside. */
export const newestRun = async (db: Queryable, { company, feed }: FeedName): Promise<RunRow | null> =>
  (
    await db.query<RunRow>(
      `SELECT * FROM feed_run WHERE company = $1 AND feed = $2 AND status <> 'dry run' ORDER BY id DESC LIMIT 1`,
      [company, feed],
    )
  )[0] ?? null;

/** The run of a feed that is under way or held, locked. */
export const lockOpenRun = async (tx: Queryable, { company, feed }: FeedName): Promise<RunRow | null> =>
  (
    await tx.query<RunRow>(
      `SELECT * FROM feed_run WHERE company = $1 AND feed = $2 AND status IN ('running', 'held') FOR UPDATE`,
      [company, feed],
    )
  )[0] ?? null;

export const insertRun = async (
  tx: Queryable,
  { company, feed }: FeedName,
  { key, now, leaseUntil }: { key: string; now: Date; leaseUntil: Date },
): Promise<RunRow> =>
  (
    await tx.query<RunRow>(
      `INSERT INTO feed_run (key, company, feed, status, started_at, lease_until) VALUES ($1, $2, $3, 'running', $4, $5) RETURNING *`,
      [key, company, feed, now, leaseUntil],
    )
  )[0]!;

/** The last run whose writes were all tried: its fence and its filled values are what the next one compares with. */
export const lastFinished = async (db: Queryable, { company, feed }: FeedName): Promise<RunRow | null> =>
  (
    await db.query<RunRow>(
      `SELECT * FROM feed_run WHERE company = $1 AND feed = $2 AND status IN ('succeeded', 'rows failed') ORDER BY id DESC LIMIT 1`,
      [company, feed],
    )
  )[0] ?? null;

/** Whether the run before this one broke off: then what it wrote last may be noted nowhere. */
export const followsBroken = async (db: Queryable, { id, company, feed }: RunRow): Promise<boolean> =>
  (
    await db.query<{ status: RunStatus }>(
      `SELECT status FROM feed_run WHERE company = $1 AND feed = $2 AND id < $3 AND status <> 'dry run' ORDER BY id DESC LIMIT 1`,
      [company, feed, id],
    )
  ).some(brokeOff);

export const runByKey = async (db: Queryable, key: string): Promise<RunRow | null> =>
  (await db.query<RunRow>('SELECT * FROM feed_run WHERE key = $1', [key]))[0] ?? null;

/** Says that the process of a run lives. False: another one has taken the run over. */
export const renewLease = async (db: Queryable, run: RunRow, leaseUntil: Date): Promise<boolean> =>
  (
    await db.query(`UPDATE feed_run SET lease_until = $2 WHERE id = $1 AND status = 'running' RETURNING id`, [
      run.id,
      leaseUntil,
    ])
  ).length > 0;

export interface RunEnd {
  status: RunStatus;
  endedAt: Date | null;
  fence: Date | null;
  counts: Counts;
  filled: Record<string, number>;
  reasons: readonly string[];
  apiCalls: number;
  isTold: boolean;
  audit: { vouchedSince: Date | null; audited: Audited | null; proof: Proof | null };
}

export const endRun = (tx: Queryable, run: Pick<RunRow, 'id'>, end: RunEnd): Promise<unknown> =>
  tx.query(
    `UPDATE feed_run SET status = $2, ended_at = $3, fence = $4, counts = $5::jsonb, filled = $6::jsonb, reasons = $7::jsonb,
            api_calls = api_calls + $8, is_told = $9, audit = $10::jsonb
      WHERE id = $1`,
    [
      run.id,
      end.status,
      end.endedAt,
      end.fence,
      JSON.stringify(end.counts),
      JSON.stringify(end.filled),
      JSON.stringify(end.reasons),
      end.apiCalls,
      end.isTold,
      JSON.stringify(end.audit),
    ],
  );

/** Notes whether Salesforce shows the run as it is. */
export const noteTold = (db: Queryable, run: Pick<RunRow, 'id'>, isTold: boolean): Promise<unknown> =>
  db.query('UPDATE feed_run SET is_told = $2 WHERE id = $1', [run.id, isTold]);

/** Runs that ended or are held, and Salesforce does not show it, oldest first. */
export const untoldRuns = (db: Queryable, { company, feed }: FeedName): Promise<RunRow[]> =>
  db.query<RunRow>(
    `SELECT * FROM feed_run WHERE company = $1 AND feed = $2 AND NOT is_told AND status IN ('held', 'succeeded', 'rows failed', 'failed', 'interrupted')
      ORDER BY id`,
    [company, feed],
  );

/** A run whose process is gone: what it staged stays, the next run reads again. */
export const interruptRun = (tx: Queryable, run: RunRow, now: Date): Promise<unknown> =>
  tx.query(`UPDATE feed_run SET status = 'interrupted', ended_at = $2, reasons = $3::jsonb WHERE id = $1`, [
    run.id,
    now,
    JSON.stringify(['its process ended before the run did']),
  ]);

/** A person's word on a held run: released runs go on, rejected ones end. False: it is not held (any more). */
export const decideRun = async (
  tx: Queryable,
  run: RunRow,
  { status, by, now, leaseUntil }: { status: 'running' | 'rejected'; by: string; now: Date; leaseUntil: Date },
): Promise<boolean> =>
  (
    await tx.query(
      `UPDATE feed_run SET status = $2, decided_by = $3, decided_at = $4::timestamptz, lease_until = $5, is_told = $2 = 'rejected',
              ended_at = CASE WHEN $2 = 'rejected' THEN $4::timestamptz END
        WHERE id = $1 AND status = 'held' RETURNING id`,
      [run.id, status, by, now, leaseUntil],
    )
  ).length > 0;
