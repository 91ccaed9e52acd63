import type { Queryable } from '../../../../shared/sql/types.ts';

/** Of tombstones that Salesforce holds pending, the ids of those that wait for an answer and are not due again yet. */
export const waitingTombstones = async (db: Queryable, ids: readonly string[], now: Date): Promise<Set<string>> => {
  const rows = await db.query<{ id: string }>('SELECT id FROM tombstone WHERE id = ANY($1) AND due_at > $2', [
    ids,
    now,
  ]);
  return new Set(rows.map(({ id }) => id));
};

/**
 * Remembers swept tombstones that are to be sent now; returns their ids: those that are new, and those that were
 * sent and stayed without an answer past their grace (doubled with each sending, up to `maxMs`), unless a message about their
 * key's deletions is still in the queue or dead.
 */
export const takeTombstones = async (
  tx: Queryable,
  tombstones: readonly { id: string; key: string }[],
  now: Date,
  graceMs: number,
  maxMs: number,
): Promise<Set<string>> => {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO tombstone (id, key, queued_at, due_at)
     SELECT t.id, t.key, $2, $2::timestamptz + $3::float8 * interval '1 ms'
       FROM jsonb_to_recordset($1::jsonb) AS t(id text, key text) ORDER BY t.id
     ON CONFLICT (id) DO UPDATE
        SET sendings = tombstone.sendings + 1,
            due_at = $2::timestamptz + least($3::float8 * 2 ^ least(tombstone.sendings, 10), $4::float8) * interval '1 ms'
      WHERE tombstone.due_at <= $2
        AND NOT EXISTS (SELECT 1 FROM message m WHERE m.flow = 'cases' AND m.key = tombstone.key AND m.kind IN ('deletion', 'deletionRecorded')
                           AND m.state IN ('queued', 'sending', 'dead'))
     RETURNING id`,
    [JSON.stringify(tombstones), now, graceMs, maxMs],
  );
  return new Set(rows.map((row) => row.id));
};

/** Forgets tombstones queued before then, unless something about their key is open; returns how many. */
export const purgeTombstones = async (db: Queryable, before: Date): Promise<number> =>
  (
    await db.query(
      `DELETE FROM tombstone WHERE queued_at < $1 AND NOT EXISTS (SELECT 1 FROM message m WHERE m.flow = 'cases' AND m.key = tombstone.key AND m.state IN ('queued', 'sending', 'dead')) RETURNING id`,
      [before],
    )
  ).length;
