/** Rows of feeds: what Salesforce holds of each, what is to be written, what cannot be. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { RowProblem, Values } from '../types.ts';
import type { FeedName, RunRow } from './runs.ts';

/** A row as the view has it. */
export interface StagedRow {
  key: string;
  id: string;
  exact: string | null;
  held: string | null;
  values: Values | null;
  parents: { feed: string; key: string; id: string }[] | null;
  problem: RowProblem | null;
}

/** Where a row stands in the notes of what a run has seen, and whether Salesforce holds what the view says. */
export interface KnownRow {
  row_key: string;
  row_no: number;
  is_same: boolean;
}

/** The keys of a batch by themselves, beside a join: without statistics a plan reads all rows of the feed to join them. */
const byKeys = (parameter: number): string => `f.row_key = ANY($${parameter}::text[])`;

/** Those of the rows that are known. Nothing is written: a row that is the same costs a look. */
export const knownRows = (
  db: Queryable,
  { company, feed }: FeedName,
  rows: readonly Pick<StagedRow, 'key' | 'exact' | 'held'>[],
): Promise<KnownRow[]> =>
  db.query<KnownRow>(
    `SELECT f.row_key, f.row_no,
            coalesce(f.salesforce_id IS NOT NULL AND f.held = r.held AND (f.exact IS NULL OR f.exact = r.exact) AND f.next_values IS NULL
                     AND f.problem IS NULL AND f.vanished_run IS NULL AND NOT f.is_deactivated, false) AS is_same
       FROM jsonb_to_recordset($3::jsonb) AS r(key text, exact text, held text)
       JOIN feed_row f ON f.company = $1 AND f.feed = $2 AND f.row_key = r.key
      WHERE ${byKeys(4)}`,
    [
      company,
      feed,
      JSON.stringify(rows.map(({ key, exact, held }) => ({ key, exact, held }))),
      rows.map(({ key }) => key),
    ],
  );

/** Whether what the view says is something else than what Salesforce holds. */
const DIFFERS = `(f.salesforce_id IS NULL OR f.held IS DISTINCT FROM excluded.next_held
    OR (f.exact IS NOT NULL AND f.exact IS DISTINCT FROM excluded.next_exact))`;

/** Notes rows of the view that are not the same: values are kept of those that differ from what Salesforce holds. Their places. */
export const stageRows = (
  db: Queryable,
  { id, company, feed }: RunRow,
  rows: readonly StagedRow[],
): Promise<Omit<KnownRow, 'is_same'>[]> =>
  db.query(
    `INSERT INTO feed_row AS f (company, feed, row_key, external_id, staged_run, next_exact, next_held, next_values, next_parents, problem)
     SELECT $1, $2, r.key, r.id, $3, r.exact, r.held, r.values, r.parents, r.problem
       FROM jsonb_to_recordset($4::jsonb) AS r(key text, id text, exact text, held text, values jsonb, parents jsonb, problem jsonb)
     ON CONFLICT (company, feed, row_key) DO UPDATE
        SET staged_run = excluded.staged_run, vanished_run = NULL, external_id = excluded.external_id, problem = excluded.problem,
            next_exact = excluded.next_exact, next_held = excluded.next_held,
            next_values = CASE WHEN ${DIFFERS} THEN excluded.next_values END,
            next_parents = CASE WHEN ${DIFFERS} THEN excluded.next_parents END
     RETURNING row_key, row_no`,
    [company, feed, id, JSON.stringify(rows)],
  );

const DUPLICATE: RowProblem = {
  code: 'DUPLICATE_IN_VIEW',
  field: null,
  message: 'the view has several rows with this key; none of them is written',
  remedy: 'make the key of the view unique, or add a column to the key',
};

/** Rows with a key that others have too are not written. */
export const refuseDuplicates = (
  db: Queryable,
  { id, company, feed }: RunRow,
  keys: readonly string[],
): Promise<unknown> =>
  db.query(
    `UPDATE feed_row SET problem = $4::jsonb, next_values = NULL, next_parents = NULL, staged_run = $3
      WHERE company = $1 AND feed = $2 AND row_key = ANY($5)`,
    [company, feed, id, JSON.stringify(DUPLICATE), [...keys]],
  );

/** The highest place that a row of the feed has. */
export const lastPlace = async (db: Queryable, { company, feed }: FeedName): Promise<number> =>
  (
    await db.query<{ last: number | null }>(
      'SELECT max(row_no) AS last FROM feed_row WHERE company = $1 AND feed = $2',
      [company, feed],
    )
  )[0]!.last ?? 0;

/**
 * After the last batch. `seen`: a bit for each place, in base64, the lowest of a byte first, as get_bit counts them. Rows that
 * Salesforce holds and the view has not are marked; those that Salesforce never held are forgotten.
 */
export const markVanished = async (db: Queryable, { id, company, feed }: RunRow, seen: string): Promise<void> => {
  // decoded once, not for each row
  const unseen = `get_bit((SELECT bits FROM seen), row_no::integer) = 0`;
  const withSeen = `WITH seen AS MATERIALIZED (SELECT decode($3, 'base64') AS bits)`;
  await db.query(
    `${withSeen}
     UPDATE feed_row SET vanished_run = $4, problem = NULL, next_values = NULL, next_parents = NULL
      WHERE company = $1 AND feed = $2 AND vanished_run IS NULL AND (salesforce_id IS NOT NULL OR refusal_id IS NOT NULL) AND ${unseen}`,
    [company, feed, seen, id],
  );
  await db.query(
    `${withSeen}
     DELETE FROM feed_row WHERE company = $1 AND feed = $2 AND salesforce_id IS NULL AND refusal_id IS NULL AND ${unseen}`,
    [company, feed, seen],
  );
};

const DELETED: RowProblem = {
  code: 'DELETED_IN_SALESFORCE',
  field: null,
  message: 'somebody deleted the record in Salesforce, and the view still has it',
  remedy: 'undelete it, take the row out of the view, or set the policy "deleted" to "make again"',
};

/** Where the policy says so: records that somebody deleted are told, and not made again. */
export const refuseDeleted = (tx: Queryable, { id, company, feed }: RunRow): Promise<unknown> =>
  tx.query(
    `UPDATE feed_row SET problem = $4::jsonb
      WHERE company = $1 AND feed = $2 AND staged_run = $3 AND drift = 'deleted' AND problem IS NULL`,
    [company, feed, id, JSON.stringify(DELETED)],
  );

/** What a run found before it writes, in rows. */
export interface Found {
  /** That Salesforce holds, or held until somebody deleted them. */
  known: number;
  /** Of these: the view says something else. */
  changed: number;
  drifted: number;
  fresh: number;
  refused: number;
  vanished: number;
  /** Of these: they had vanished when the last run ended well, which let it pass, or a person did. */
  settled: number;
  /** Written by this run before it read, as jobs of a run before had done it, and the view still says the same. */
  resumed: number;
}

/** `before`: the last run that ended well; null: there was none. */
export const countFound = async (
  db: Queryable,
  { id, company, feed }: RunRow,
  before: Pick<RunRow, 'id'> | null,
): Promise<Found> =>
  (
    await db.query<Found>(
      `SELECT count(*) FILTER (WHERE salesforce_id IS NOT NULL OR drift = 'deleted') AS known,
              count(*) FILTER (WHERE staged_run = $3 AND next_values IS NOT NULL AND problem IS NULL AND salesforce_id IS NOT NULL) AS changed,
              count(*) FILTER (WHERE drift IS NOT NULL) AS drifted,
              count(*) FILTER (WHERE staged_run = $3 AND next_values IS NOT NULL AND problem IS NULL AND salesforce_id IS NULL) AS fresh,
              count(*) FILTER (WHERE staged_run = $3 AND problem IS NOT NULL) AS refused,
              count(*) FILTER (WHERE vanished_run IS NOT NULL AND salesforce_id IS NOT NULL) AS vanished,
              count(*) FILTER (WHERE vanished_run <= $4 AND salesforce_id IS NOT NULL) AS settled,
              count(*) FILTER (WHERE written_run = $3 AND vanished_run IS NULL AND next_values IS NULL AND problem IS NULL) AS resumed
         FROM feed_row WHERE company = $1 AND feed = $2`,
      [company, feed, id, before?.id ?? 0],
    )
  )[0]!;

export interface RowToWrite {
  row_key: string;
  external_id: string;
  salesforce_id: string | null;
  next_values: Values;
}

/** Of a parent `p` of a row `f`: Salesforce does not hold it. Its row is refused, waits itself, or is in no view. */
const IS_MISSING = `NOT EXISTS (SELECT 1 FROM feed_row o
        WHERE o.company = f.company AND o.feed = p.feed AND o.row_key = p.key AND o.salesforce_id IS NOT NULL)`;

const WITHOUT_PARENT = `EXISTS (
    SELECT 1 FROM jsonb_to_recordset(f.next_parents) AS p(feed text, key text) WHERE ${IS_MISSING})`;

const TO_WRITE = `company = $1 AND feed = $2 AND staged_run = $3 AND next_values IS NOT NULL AND problem IS NULL`;

/** Rows to be written whose parents are there, in the order of their keys, after one of them. */
export const rowsToWrite = (
  db: Queryable,
  { id, company, feed }: RunRow,
  after: string,
  limit: number,
): Promise<RowToWrite[]> =>
  db.query<RowToWrite>(
    `SELECT row_key, external_id, salesforce_id, next_values FROM feed_row f
      WHERE ${TO_WRITE} AND row_key > $4 AND NOT ${WITHOUT_PARENT}
      ORDER BY row_key LIMIT $5`,
    [company, feed, id, after, limit],
  );

/** Rows that differ, for people to see before anything is written. */
export const rowsToShow = (db: Queryable, { id, company, feed }: RunRow, limit: number): Promise<RowToWrite[]> =>
  db.query<RowToWrite>(
    `SELECT row_key, external_id, salesforce_id, next_values FROM feed_row f WHERE ${TO_WRITE} ORDER BY row_key LIMIT $4`,
    [company, feed, id, limit],
  );

/** Notes that Salesforce holds what was to be written. */
export const settleRows = (
  tx: Queryable,
  { id, company, feed }: RunRow,
  written: readonly { key: string; salesforceId: string }[],
): Promise<unknown> =>
  tx.query(
    `UPDATE feed_row f
        SET salesforce_id = w.id, written_run = $4, exact = next_exact, held = next_held, parents = next_parents, next_values = NULL, next_parents = NULL, drift = NULL,
            problem = NULL, refused_since = NULL, attempts = 0, is_deactivated = false
       FROM jsonb_to_recordset($3::jsonb) AS w(key text, id text)
      WHERE company = $1 AND feed = $2 AND row_key = w.key AND ${byKeys(5)}`,
    [
      company,
      feed,
      JSON.stringify(written.map(({ key, salesforceId }) => ({ key, id: salesforceId }))),
      id,
      written.map(({ key }) => key),
    ],
  );

/** Notes why rows were refused. What is to be written of them stays, and is tried by the next run that sees them. */
export const refuseRows = (
  tx: Queryable,
  { company, feed }: FeedName,
  refused: readonly { key: string; problem: RowProblem }[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `UPDATE feed_row f
        SET problem = w.problem, refused_since = coalesce(refused_since, $4), attempts = attempts + 1
       FROM jsonb_to_recordset($3::jsonb) AS w(key text, problem jsonb)
      WHERE company = $1 AND feed = $2 AND row_key = w.key AND ${byKeys(5)}`,
    [company, feed, JSON.stringify(refused), now, refused.map(({ key }) => key)],
  );

/** Rows that a run wrote. */
export const writtenRows = (
  db: Queryable,
  { id, company, feed }: RunRow,
  after: string,
  limit: number,
): Promise<{ row_key: string; external_id: string; salesforce_id: string }[]> =>
  db.query(
    `SELECT row_key, external_id, salesforce_id FROM feed_row
      WHERE company = $1 AND feed = $2 AND written_run = $3 AND row_key > $4 ORDER BY row_key LIMIT $5`,
    [company, feed, id, after, limit],
  );

/** Rows that a run meant to write and has not: it is held, or broke off, or others hold them, or their parents are missing. */
export const unwrittenRows = (
  db: Queryable,
  { id, company, feed }: RunRow,
  after: string,
  limit: number,
): Promise<{ row_key: string; external_id: string; missing: { feed: string; id: string }[] }[]> =>
  db.query(
    `SELECT row_key, external_id,
            coalesce((SELECT jsonb_agg(jsonb_build_object('feed', p.feed, 'id', p.id))
                        FROM jsonb_to_recordset(f.next_parents) AS p(feed text, key text, id text)
                       WHERE ${IS_MISSING}), '[]') AS missing
       FROM feed_row f WHERE ${TO_WRITE} AND row_key > $4 ORDER BY row_key LIMIT $5`,
    [company, feed, id, after, limit],
  );

/** Rows that wait for one of the same feed that Salesforce does not hold, with it: at most `limit`. */
export const waitingForOwn = (
  db: Queryable,
  { id, company, feed }: RunRow,
  limit: number,
): Promise<{ row_key: string; external_id: string; parent: string }[]> =>
  db.query(
    `SELECT row_key, external_id, w.parent
       FROM feed_row f
      CROSS JOIN LATERAL (
            SELECT p.key AS parent FROM jsonb_to_recordset(f.next_parents) AS p(feed text, key text)
             WHERE p.feed = $2 AND ${IS_MISSING}) w
      WHERE ${TO_WRITE} ORDER BY row_key LIMIT $4`,
    [company, feed, id, limit],
  );

/** Rows that wait for a parent that Salesforce does not hold. */
export const countWaiting = async (db: Queryable, { id, company, feed }: RunRow): Promise<number> =>
  (
    await db.query<{ n: number }>(`SELECT count(*) AS n FROM feed_row f WHERE ${TO_WRITE} AND ${WITHOUT_PARENT}`, [
      company,
      feed,
      id,
    ])
  )[0]!.n;

export interface FailedRow {
  external_id: string;
  problem: RowProblem;
  refused_since: Date | null;
  attempts: number;
}

/** What the view has and Salesforce does not take, in the order of the keys. */
export const failedRows = (
  db: Queryable,
  { id, company, feed }: RunRow,
  after: string,
  limit: number,
): Promise<(FailedRow & { row_key: string; refusal_id: string | null })[]> =>
  db.query(
    `SELECT row_key, external_id, problem, refused_since, attempts, refusal_id FROM feed_row
      WHERE company = $1 AND feed = $2 AND staged_run = $3 AND problem IS NOT NULL AND row_key > $4 ORDER BY row_key LIMIT $5`,
    [company, feed, id, after, limit],
  );

/** Notes the records in Salesforce that tell of refused rows; null: there is none any more. */
export const noteRefusals = (
  db: Queryable,
  { company, feed }: FeedName,
  refusals: readonly { key: string; id: string | null }[],
): Promise<unknown> =>
  db.query(
    `UPDATE feed_row f SET refusal_id = w.id FROM jsonb_to_recordset($3::jsonb) AS w(key text, id text)
      WHERE company = $1 AND feed = $2 AND row_key = w.key AND ${byKeys(4)}`,
    [company, feed, JSON.stringify(refusals), refusals.map(({ key }) => key)],
  );

/** Rows of which a record in Salesforce says that they are refused, and which are not. */
export const settledRefusals = (
  db: Queryable,
  { company, feed }: FeedName,
  limit: number,
): Promise<{ row_key: string; refusal_id: string }[]> =>
  db.query(
    `SELECT row_key, refusal_id FROM feed_row
      WHERE company = $1 AND feed = $2 AND refusal_id IS NOT NULL AND problem IS NULL ORDER BY row_key LIMIT $3`,
    [company, feed, limit],
  );

/** A record as Salesforce told it. */
export interface ObservedRecord {
  key: string;
  id: string;
  salesforceId: string;
  held: string;
  parents: { feed: string; key: string }[] | null;
}

/** It is there, and nobody knows what it holds now. */
const STAYS_UNKNOWN = '($5 AND f.salesforce_id IS NOT NULL AND f.held IS NULL)';

/**
 * Notes what Salesforce holds. A record that was written as something else is drifted, unless it was only met now. `isLate`: it was
 * read a while ago, so that what has become unknown since, as look-ups whose parent was deleted, stays so.
 */
export const observeRecords = (
  tx: Queryable,
  { id, company, feed }: RunRow,
  records: readonly ObservedRecord[],
  { isLate }: { isLate: boolean },
): Promise<unknown> =>
  tx.query(
    `INSERT INTO feed_row AS f (company, feed, row_key, external_id, salesforce_id, held, parents, observed_run)
     SELECT $1, $2, r.key, r.id, r."salesforceId", r.held, r.parents, $4
       FROM jsonb_to_recordset($3::jsonb) AS r(key text, id text, "salesforceId" text, held text, parents jsonb)
     ON CONFLICT (company, feed, row_key) DO UPDATE
        SET drift = CASE WHEN ${STAYS_UNKNOWN} THEN f.drift WHEN f.held IS NULL THEN NULL WHEN f.held <> excluded.held THEN 'edited' ELSE f.drift END,
            held = CASE WHEN ${STAYS_UNKNOWN} THEN NULL ELSE excluded.held END,
            parents = CASE WHEN ${STAYS_UNKNOWN} THEN f.parents ELSE excluded.parents END,
            salesforce_id = excluded.salesforce_id, observed_run = excluded.observed_run`,
    [company, feed, JSON.stringify(records), id, isLate],
  );

/** What is gone from Salesforce; a look-up of a child that was known to hold it is empty now, without any stamp on the child. */
const gone = (which: string): string => `
  WITH gone AS (
    UPDATE feed_row SET drift = 'deleted', salesforce_id = NULL, exact = NULL, held = NULL, parents = NULL
     WHERE company = $1 AND feed = $2 AND salesforce_id IS NOT NULL AND ${which} RETURNING row_key)
  UPDATE feed_row f SET drift = 'edited', exact = NULL, held = NULL FROM gone
   WHERE f.company = $1 AND f.salesforce_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM gone g WHERE f.feed = $2 AND g.row_key = f.row_key)
     AND f.parents @> jsonb_build_array(jsonb_build_object('feed', $2::text, 'key', gone.row_key))`;

/** After all records, or those of a span of ids, were read: those that were not met are gone from Salesforce. `to`: null, to the end. */
export const observeNotMet = (
  tx: Queryable,
  { id, company, feed }: RunRow,
  { from, to }: { from: string; to: string | null } = { from: '', to: null },
): Promise<unknown> =>
  tx.query(
    gone(`observed_run IS DISTINCT FROM $3
        AND salesforce_id COLLATE "C" > $4 AND ($5::text IS NULL OR salesforce_id COLLATE "C" <= $5)`),
    [company, feed, id, from, to],
  );

/** Records that the run met as somebody else had left them. */
export const editedIds = async (db: Queryable, { id, company, feed }: RunRow): Promise<string[]> =>
  (
    await db.query<{ external_id: string }>(
      `SELECT external_id FROM feed_row WHERE company = $1 AND feed = $2 AND observed_run = $3 AND drift = 'edited' ORDER BY row_key`,
      [company, feed, id],
    )
  ).map(({ external_id: externalId }) => externalId);

/** Rows that Salesforce does not hold as the view has them, or holds and the view has not: at most `limit`. */
export const unsettledIds = async (db: Queryable, { company, feed }: FeedName, limit: number): Promise<string[]> =>
  (
    await db.query<{ external_id: string }>(
      `SELECT external_id FROM feed_row
        WHERE company = $1 AND feed = $2
          AND (problem IS NOT NULL OR next_values IS NOT NULL OR (vanished_run IS NOT NULL AND salesforce_id IS NOT NULL))
        LIMIT $3`,
      [company, feed, limit],
    )
  ).map(({ external_id: externalId }) => externalId);

/** Notes that records are gone from Salesforce. */
export const observeDeleted = (tx: Queryable, { company, feed }: FeedName, ids: readonly string[]): Promise<unknown> =>
  tx.query(gone('salesforce_id = ANY($3)'), [company, feed, [...ids]]);

/** Rows that the view has no longer, and Salesforce has. `onlyActive`: without those that were deactivated before. */
export const vanishedRows = (
  db: Queryable,
  { company, feed }: FeedName,
  { after, limit, onlyActive }: { after: string; limit: number; onlyActive: boolean },
): Promise<{ row_key: string; external_id: string; salesforce_id: string }[]> =>
  db.query(
    `SELECT row_key, external_id, salesforce_id FROM feed_row
      WHERE company = $1 AND feed = $2 AND vanished_run IS NOT NULL AND salesforce_id IS NOT NULL AND row_key > $3
        AND NOT ($5 AND is_deactivated)
      ORDER BY row_key LIMIT $4`,
    [company, feed, after, limit, onlyActive],
  );

/** Notes that records were deactivated. What they held is not what the view wrote: a row that comes back is written again. */
export const noteDeactivated = (
  db: Queryable,
  { company, feed }: FeedName,
  keys: readonly string[],
): Promise<unknown> =>
  db.query(
    'UPDATE feed_row SET is_deactivated = true, exact = NULL, held = NULL WHERE company = $1 AND feed = $2 AND row_key = ANY($3)',
    [company, feed, [...keys]],
  );
