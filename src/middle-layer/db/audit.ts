import type { Database, Queryable } from '../../shared/sql/types.ts';

export interface AuditRow {
  target: string;
  message_id: string | null;
  key: string;
  kind: string;
  version?: number | null;
  attempt?: number | null;
  revision?: number | null;
  outcome: string;
  code?: string | null;
  field?: string | null;
  duration_ms?: number | null;
}

/** Appends to the audit. */
export const insertAudit = (
  tx: Queryable,
  { flow, worker }: { flow: string; worker: string },
  rows: readonly AuditRow[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO audit (at, worker, flow, target, message_id, key, kind, version, attempt, revision, outcome, code, field, duration_ms)
     SELECT $2, $3, $4, a.target, a.message_id, a.key, a.kind, a.version, a.attempt, a.revision, a.outcome, a.code, a.field, a.duration_ms
     FROM jsonb_to_recordset($1::jsonb) AS a(target text, message_id text, key text, kind text, version integer, attempt integer,
       revision integer, outcome text, code text, field text, duration_ms integer)`,
    [JSON.stringify(rows), now, worker, flow],
  );

export interface AuditEntry {
  seq: number;
  at: Date;
  worker: string;
  flow: string;
  target: string;
  messageId: string | null;
  key: string;
  kind: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  outcome: string;
  code: string | null;
  field: string | null;
  durationMs: number | null;
}

const ENTRY = `seq, at, worker, flow, target, message_id AS "messageId", key, kind, version, attempt, revision, outcome, code, field,
  duration_ms AS "durationMs"`;

/** What happened to a key after entry `after`, oldest first. */
export const readAudit = (db: Queryable, key: string, after: number, limit: number): Promise<AuditEntry[]> =>
  db.query<AuditEntry>(
    `SELECT ${ENTRY}
     FROM audit WHERE key = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [key, after, limit],
  );

/** The newest entries of each key, at most `most` of each, oldest first. */
export const readNewestAudit = (db: Queryable, keys: readonly string[], most: number): Promise<AuditEntry[]> =>
  db.query<AuditEntry>(
    `SELECT newest.* FROM unnest($1::text[]) AS wanted (key)
     CROSS JOIN LATERAL (
       SELECT ${ENTRY}
       FROM audit WHERE audit.key = wanted.key ORDER BY seq DESC LIMIT $2
     ) AS newest
     ORDER BY newest.seq`,
    [[...keys], most],
  );

/** Rows that one transaction deletes. */
const PURGED_AT_ONCE = 5_000;

/** Deletes entries from before then, from the oldest on; returns how many. Only this deletes from the audit. */
export const purgeAudit = async (db: Database, before: Date): Promise<number> => {
  let purged = 0;
  for (;;) {
    const gone = await db.transaction(async (tx) => {
      await tx.query("SELECT set_config('concord.retention', 'on', true)");
      return tx.query(
        'DELETE FROM audit WHERE seq IN (SELECT seq FROM audit ORDER BY seq LIMIT $2) AND at < $1 RETURNING seq',
        [before, PURGED_AT_ONCE],
      );
    });
    purged += gone.length;
    if (gone.length < PURGED_AT_ONCE) return purged;
  }
};
