import type { Values } from '../../shared/case-messages.ts';
import { countAlong } from '../../shared/sql/count-along.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import type { CaseRecord } from '../records.ts';

/**
 * Locks a key until the transaction ends, whether or not there is a record with it. Serialises the creation of a
 * record with deletions that arrive first.
 */
export const lockKey = (tx: Queryable, key: string): Promise<unknown> =>
  tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [key]);

/** The record with this key, locked until the transaction ends, or null. */
export const lockRecord = async (tx: Queryable, key: string): Promise<CaseRecord | null> =>
  (await tx.query<CaseRecord>('SELECT * FROM case_record WHERE key = $1 FOR UPDATE', [key]))[0] ?? null;

/** The record with this number, or null. */
export const recordByNumber = async (db: Queryable, externalId: string): Promise<CaseRecord | null> =>
  (await db.query<CaseRecord>('SELECT * FROM case_record WHERE external_id = $1', [externalId]))[0] ?? null;

/** The record with this key, or null. */
export const recordByKey = async (db: Queryable, key: string): Promise<CaseRecord | null> =>
  (await db.query<CaseRecord>('SELECT * FROM case_record WHERE key = $1', [key]))[0] ?? null;

/** Records in order of their numbers, from after `after`. */
export const listRecords = (db: Queryable, after: string, limit: number): Promise<CaseRecord[]> =>
  db.query<CaseRecord>('SELECT * FROM case_record WHERE external_id > $1 ORDER BY external_id LIMIT $2', [
    after,
    limit,
  ]);

/**
 * Records that are not known to have arrived in Salesforce, or share their Case with another record: sums cannot tell
 * either.
 */
export const unsettledCases = (db: Queryable, limit: number): Promise<CaseRecord[]> =>
  db.query<CaseRecord>(
    `SELECT * FROM case_record
      WHERE deleted_at IS NULL AND salesforce_deletion IS NULL
        AND (salesforce_case_id IS NULL OR sync_status <> 'Success' OR salesforce_case_id IN (
              SELECT salesforce_case_id FROM case_record
               WHERE salesforce_case_id IS NOT NULL AND deleted_at IS NULL AND salesforce_deletion IS NULL
               GROUP BY salesforce_case_id HAVING count(*) > 1))
      ORDER BY key LIMIT $1`,
    [limit],
  );

/** Records by key, by the identity halves of a decoded digest element, or by number. */
export const lookUpRecords = (
  db: Queryable,
  { keys, elements, externalIds }: { keys: string[]; elements: { k1: number; k2: number }[]; externalIds: string[] },
): Promise<CaseRecord[]> =>
  db.query<CaseRecord>(
    `SELECT * FROM case_record
      WHERE key = ANY($1::text[])
         OR (digest_k1, digest_k2) IN (SELECT * FROM unnest($2::bigint[], $3::bigint[]))
         OR external_id = ANY($4::text[])
      ORDER BY key`,
    [keys, elements.map(({ k1 }) => k1), elements.map(({ k2 }) => k2), externalIds],
  );

export interface NewRecord {
  key: string;
  externalId: string;
  revision: number;
  values: Values;
  extra: Values | null;
  requestVersion: number | null;
  requestedAt: Date | null;
  requestDigest: number | null;
  lineage: string[];
  originCaseId: string | null;
  now: Date;
  nextAt: Date;
}

/** Inserts a record, unsettled until `nextAt`. It takes over what is known of its Case's deletion: that may have been told before, and after its request began. */
export const insertRecord = async (tx: Queryable, record: NewRecord): Promise<CaseRecord> => {
  await lockKey(tx, record.key);
  const rows = await tx.query<CaseRecord>(
    `INSERT INTO case_record (external_id, key, revision, values, extra, request_version, origin_case_id,
                                sync_status, sync_next_at, salesforce_deletion, created_at, updated_at, lineage, requested_at, request_digest)
       VALUES ($9, $1, $8, $2::jsonb, $3::jsonb, $4, $5, 'In Progress', $6,
               (SELECT deletion FROM salesforce_deletion WHERE key = $1 AND ($11::timestamptz IS NULL OR at >= $11)), $7, $7, $10::text[], $11, $12)
       RETURNING *`,
    [
      record.key,
      JSON.stringify(record.values),
      record.extra ? JSON.stringify(record.extra) : null,
      record.requestVersion,
      record.originCaseId,
      record.nextAt,
      record.now,
      record.revision,
      record.externalId,
      record.lineage,
      record.requestedAt,
      record.requestDigest,
    ],
  );
  return rows[0]!;
};

export interface RecordChange {
  key: string;
  /** A new number, or null to keep the one it has. */
  externalId: string | null;
  values: Values;
  requestVersion: number | null;
  requestedAt: Date | null;
  requestDigest: number | null;
  originCaseId: string | null;
  deletedAt: Date | null;
  lineage: string[];
  /** The newest revision that the other side is known to have seen: the new one is above it. */
  seenRevision: number | null;
  /** Whether these values include all that the other side has seen. */
  isLevel: boolean;
  now: Date;
  nextAt: Date;
}

/** Stores new values as the next revision; the update-sync-status starts again at `In Progress`. */
export const updateRecord = async (tx: Queryable, change: RecordChange): Promise<CaseRecord> =>
  (
    await tx.query<CaseRecord>(
      `UPDATE case_record
          SET revision = greatest(revision, seen_revision, $8) + 1, values = $2::jsonb, request_version = $3,
              origin_case_id = coalesce(origin_case_id, $4), external_id = coalesce($12, external_id),
              deleted_at = $5, sync_status = 'In Progress', sync_error_code = NULL, sync_error = NULL, sync_attempts = 0,
              sync_next_at = $6, updated_at = $7, lineage = $9::text[],
              seen_revision = CASE WHEN $10 THEN NULL ELSE seen_revision END, seen_mark = CASE WHEN $10 THEN NULL ELSE seen_mark END,
              requested_at = $11, request_digest = $13
        WHERE key = $1
        RETURNING *`,
      [
        change.key,
        JSON.stringify(change.values),
        change.requestVersion,
        change.originCaseId,
        change.deletedAt,
        change.nextAt,
        change.now,
        change.seenRevision,
        change.lineage,
        change.isLevel,
        change.requestedAt,
        change.externalId,
        change.requestDigest,
      ],
    )
  )[0]!;

/** Notes that the record includes a request whose values it holds already: no new revision. */
export const noteRequest = async (
  tx: Queryable,
  request: { key: string; requestVersion: number | null; requestedAt: Date | null; requestDigest: number | null },
): Promise<CaseRecord> =>
  (
    await tx.query<CaseRecord>(
      'UPDATE case_record SET request_version = $2, requested_at = $3, request_digest = $4 WHERE key = $1 RETURNING *',
      [request.key, request.requestVersion, request.requestedAt, request.requestDigest],
    )
  )[0]!;

/** Stores the Case id that Salesforce has given; nothing more is left to do when the values were acknowledged too. */
export const storeCaseId = async (tx: Queryable, key: string, salesforceCaseId: string): Promise<CaseRecord> =>
  (
    await tx.query<CaseRecord>(
      `UPDATE case_record
          SET salesforce_case_id = $2,
              sync_next_at = CASE WHEN sync_status = 'Success' THEN NULL ELSE sync_next_at END
        WHERE key = $1
        RETURNING *`,
      [key, salesforceCaseId],
    )
  )[0]!;

/** No Case stands for the record any more. */
export const forgetCase = (tx: Queryable, key: string): Promise<unknown> =>
  tx.query('UPDATE case_record SET salesforce_case_id = NULL WHERE key = $1', [key]);

export interface SyncOutcome {
  key: string;
  revision: number;
  success: boolean;
  errorCode: string | null;
  error: string | null;
  /** When a poller should look at the record again, or null when nothing is left to do. */
  nextAt: Date | null;
}

/** Sets the update-sync-status of the current revision; an outcome of an older one changes nothing. Returns whether it counted. */
export const settleRecord = async (tx: Queryable, outcome: SyncOutcome): Promise<boolean> =>
  (
    await tx.query(
      `UPDATE case_record
          SET sync_status = CASE WHEN $3 THEN 'Success' ELSE 'Failed' END, sync_error_code = $4, sync_error = $5,
              sync_attempts = CASE WHEN $3 THEN 0 ELSE sync_attempts END, sync_next_at = $6,
              acknowledged_revision = CASE WHEN $3 AND deleted_at IS NULL THEN revision ELSE acknowledged_revision END
        WHERE key = $1 AND revision = $2
        RETURNING key`,
      [outcome.key, outcome.revision, outcome.success, outcome.errorCode, outcome.error, outcome.nextAt],
    )
  ).length > 0;

/** Notes that the other side has seen a revision that is not known here, and when its state is asked for again. */
export const fallBehind = (
  tx: Queryable,
  { key, seenRevision, seenMark, nextAt }: { key: string; seenRevision: number; seenMark: string | null; nextAt: Date },
): Promise<unknown> =>
  tx.query(
    `UPDATE case_record
        SET seen_revision = greatest(seen_revision, $2), seen_mark = coalesce($3, seen_mark),
            sync_status = 'In Progress', sync_error_code = NULL, sync_error = NULL, sync_next_at = $4
      WHERE key = $1`,
    [key, seenRevision, seenMark, nextAt],
  );

/** What a trigger can still reach: a Case that is gone needs to hear nothing but that the record is gone too. */
export const REACHABLE = '(deleted_at IS NOT NULL OR salesforce_deletion IS NULL)';

/** Records due for a new trigger, oldest first, locked; a second poller skips them. */
export const lockUnsettledRecords = (
  tx: Queryable,
  now: Date,
  /** The latest that a trigger can be due: one that is later was put off by a clock that was ahead, and is due. */
  latest: Date,
  limit: number,
): Promise<CaseRecord[]> =>
  tx.query<CaseRecord>(
    `SELECT * FROM case_record
      WHERE (sync_next_at <= $1 OR sync_next_at > $3) AND ${REACHABLE}
      ORDER BY sync_next_at, key LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit, latest],
  );

/** Counts the new trigger and says when to look again. */
export const markRetriggered = (tx: Queryable, key: string, nextAt: Date | null): Promise<unknown> =>
  tx.query(
    `UPDATE case_record SET sync_status = 'In Progress', sync_attempts = sync_attempts + 1, sync_next_at = $2 WHERE key = $1`,
    [key, nextAt],
  );

const BEHIND = 'sync_next_at IS NOT NULL AND seen_revision IS NOT NULL';

/** Records that stand behind what the other side has seen: how many, at most MAX_COUNTED, and the first few numbers. */
export const recordsBehind = async (db: Queryable): Promise<{ count: number; first: string[] }> => {
  const [row] = await db.query<{ count: number; first: string[] }>(
    `SELECT ${countAlong('case_record', ['external_id'], BEHIND)} AS count,
       ARRAY(SELECT external_id FROM case_record WHERE ${BEHIND} ORDER BY external_id LIMIT 5) AS first`,
  );
  return row!;
};
