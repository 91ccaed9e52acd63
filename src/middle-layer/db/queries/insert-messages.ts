import type { Queryable } from '../../../shared/sql/types.ts';
import type { Draft } from '../../types.ts';

/** Queues messages, in order, each behind the open ones of its target and key. An id that is queued already is left alone. */
export const insertMessages = (
  tx: Queryable,
  drafts: readonly (Draft & { attempts: number; dueAt: Date; turnAt: Date })[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO message (id, target, kind, key, version, attempt, revision, ordinal, payload, state, attempts, queued_at,
       next_attempt_at, turn_at, head)
     SELECT d.id, d.target, d.kind, d.key, d.version, d.attempt, d.revision, d.ordinal, d.payload, 'queued', d.attempts, $2,
       d."dueAt", d."turnAt",
       row_number() OVER (PARTITION BY d.target, d.key ORDER BY d.place) = 1 AND NOT EXISTS (
         SELECT 1 FROM message m WHERE m.key = d.key AND m.target = d.target AND m.state IN ('queued', 'sending'))
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id text, target text, kind text, key text, version integer, attempt integer,
       revision integer, ordinal bigint, payload jsonb, attempts integer, "dueAt" timestamptz, "turnAt" timestamptz)) WITH ORDINALITY
       AS d(id, target, kind, key, version, attempt, revision, ordinal, payload, attempts, "dueAt", "turnAt", place)
     ORDER BY d.place
     ON CONFLICT (id) DO NOTHING`,
    [JSON.stringify(drafts), now],
  );
