import type { Queryable } from '../../../shared/sql/types.ts';

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
export const insertAudit = (tx: Queryable, rows: readonly AuditRow[], worker: string, now: Date): Promise<unknown> =>
  tx.query(
    `INSERT INTO audit (at, worker, target, message_id, key, kind, version, attempt, revision, outcome, code, field, duration_ms)
     SELECT $2, $3, a.target, a.message_id, a.key, a.kind, a.version, a.attempt, a.revision, a.outcome, a.code, a.field, a.duration_ms
     FROM jsonb_to_recordset($1::jsonb) AS a(target text, message_id text, key text, kind text, version integer, attempt integer,
       revision integer, outcome text, code text, field text, duration_ms integer)`,
    [JSON.stringify(rows), now, worker],
  );
