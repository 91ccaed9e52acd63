import type { Queryable } from '../../../shared/sql/types.ts';
import type { AuditEntry } from './read-audit.ts';

/** The newest entries of each key, at most `most` of each, oldest first. */
export const readNewestAudit = (db: Queryable, keys: readonly string[], most: number): Promise<AuditEntry[]> =>
  db.query<AuditEntry>(
    `SELECT newest.* FROM unnest($1::text[]) AS wanted (key)
     CROSS JOIN LATERAL (
       SELECT seq, at, worker, target, message_id AS "messageId", key, kind, version, attempt, revision, outcome, code, field,
         duration_ms AS "durationMs"
       FROM audit WHERE audit.key = wanted.key ORDER BY seq DESC LIMIT $2
     ) AS newest
     ORDER BY newest.seq`,
    [[...keys], most],
  );
