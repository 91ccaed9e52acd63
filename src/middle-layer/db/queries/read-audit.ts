import type { Queryable } from '../../../shared/sql/types.ts';

export interface AuditEntry {
  seq: number;
  at: Date;
  worker: string;
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

/** What happened to a key after entry `after`, oldest first. */
export const readAudit = (db: Queryable, key: string, after: number, limit: number): Promise<AuditEntry[]> =>
  db.query<AuditEntry>(
    `SELECT seq, at, worker, target, message_id AS "messageId", key, kind, version, attempt, revision, outcome, code, field,
       duration_ms AS "durationMs"
     FROM audit WHERE key = $1 AND seq > $2 ORDER BY seq LIMIT $3`,
    [key, after, limit],
  );
