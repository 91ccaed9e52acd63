import type { Queryable } from '../../../shared/sql/types.ts';

/** Remembers swept tombstones; returns the ids that are new. */
export const insertTombstones = async (
  tx: Queryable,
  tombstones: readonly { id: string; key: string }[],
  now: Date,
): Promise<Set<string>> => {
  const rows = await tx.query<{ id: string }>(
    `INSERT INTO tombstone (id, key, queued_at) SELECT t.id, t.key, $2 FROM jsonb_to_recordset($1::jsonb) AS t(id text, key text)
     ORDER BY t.id ON CONFLICT (id) DO NOTHING RETURNING id`,
    [JSON.stringify(tombstones), now],
  );
  return new Set(rows.map((row) => row.id));
};
