/** The queue of what must be reported: a row an ad. */
import { countAlong } from '../../shared/sql/count-along.ts';
import type { Queryable } from '../../shared/sql/types.ts';

export interface QueuedReport {
  adId: string;
  version: number;
  messageId: string;
  attempts: number;
}

/** Puts an ad's newest version at the end of the queue, within the transaction that saves it. */
export const queueReport = (
  tx: Queryable,
  report: { adId: string; version: number; messageId: string; now: Date },
): Promise<unknown> =>
  tx.query(
    `INSERT INTO report (ad_id, version, message_id, state, not_before, queued_at) VALUES ($1, $2, $3, 'queued', $4, $4)
     ON CONFLICT (ad_id) DO UPDATE SET place = nextval('report_place'), version = excluded.version, message_id = excluded.message_id,
       state = 'queued', attempts = 0, not_before = excluded.not_before, error = NULL, queued_at = excluded.queued_at`,
    [report.adId, report.version, report.messageId, report.now],
  );

/** Those that are due, in the order of their places. A time beyond `latest` was set by a clock that was ahead: it is due. */
export const dueReports = (db: Queryable, now: Date, latest: Date, limit: number): Promise<QueuedReport[]> =>
  db.query<QueuedReport>(
    `SELECT ad_id AS "adId", version, message_id AS "messageId", attempts FROM report
      WHERE state = 'queued' AND (not_before <= $1 OR not_before > $2) ORDER BY place LIMIT $3`,
    [now, latest, limit],
  );

/** The middle layer has committed these versions. Until `askAgainAt` their outcomes are waited for. */
export const markTaken = (tx: Queryable, taken: readonly QueuedReport[], askAgainAt: Date): Promise<unknown> =>
  tx.query(
    `UPDATE report SET state = 'taken', not_before = $3 FROM unnest($1::text[], $2::integer[]) AS t (ad_id, version)
      WHERE report.ad_id = t.ad_id AND report.version = t.version AND state = 'queued'`,
    [taken.map(({ adId }) => adId), taken.map(({ version }) => version), askAgainAt],
  );

/** To the end of the queue, not before `notBefore`. */
export const putLast = (tx: Queryable, { adId, version }: QueuedReport, notBefore: Date): Promise<unknown> =>
  tx.query(
    `UPDATE report SET place = nextval('report_place'), attempts = attempts + 1, not_before = $3
      WHERE ad_id = $1 AND version = $2 AND state = 'queued'`,
    [adId, version, notBefore],
  );

/** The middle layer will never take it: it stays, and people see why. */
export const markRejected = (tx: Queryable, { adId, version }: QueuedReport, error: string): Promise<unknown> =>
  tx.query(`UPDATE report SET state = 'rejected', error = $3 WHERE ad_id = $1 AND version = $2`, [
    adId,
    version,
    error,
  ]);

/** Ads whose outcome did not come in time. */
export const overdueReports = async (db: Queryable, now: Date, latest: Date, limit: number): Promise<string[]> =>
  (
    await db.query<{ adId: string }>(
      `SELECT ad_id AS "adId" FROM report WHERE state = 'taken' AND (not_before <= $1 OR not_before > $2)
        ORDER BY not_before LIMIT $3`,
      [now, latest, limit],
    )
  ).map(({ adId }) => adId);

/** They are asked for once more, at the end of the queue. A new message: the one before was taken, and is not looked at again. */
export const queueAgain = (
  db: Queryable,
  overdue: readonly { adId: string; messageId: string }[],
  now: Date,
): Promise<unknown> =>
  db.query(
    `UPDATE report SET state = 'queued', place = nextval('report_place'), message_id = t.message_id, not_before = $3
       FROM unnest($1::text[], $2::text[]) AS t (ad_id, message_id) WHERE report.ad_id = t.ad_id AND state = 'taken'`,
    [overdue.map(({ adId }) => adId), overdue.map(({ messageId }) => messageId), now],
  );

/** The outcome of this version is known: nothing is left to report. */
export const endReport = (tx: Queryable, adId: string, version: number): Promise<unknown> =>
  tx.query('DELETE FROM report WHERE ad_id = $1 AND version <= $2', [adId, version]);

/** At most MAX_COUNTED of each. */
export interface QueueState {
  queued: number;
  taken: number;
  rejected: number;
  /** Since when the first of those that wait to be sent has waited; null: none does. */
  oldest: Date | null;
}

export const queueState = async (db: Queryable): Promise<QueueState> =>
  (
    await db.query<QueueState>(
      `SELECT ${countAlong('report', ['place'], "state = 'queued'")} AS queued, ${countAlong('report', ['place'], "state = 'taken'")} AS taken,
         ${countAlong('report', ['place'], "state = 'rejected'")} AS rejected,
         (SELECT queued_at FROM report WHERE state = 'queued' ORDER BY queued_at LIMIT 1) AS oldest`,
    )
  )[0]!;
