import type { Queryable } from '../../../shared/sql/types.ts';

/** Remembers received message ids; returns those that are new. */
export const insertInbox = async (tx: Queryable, ids: readonly string[], now: Date): Promise<Set<string>> => {
  const rows = await tx.query<{ id: string }>(
    'INSERT INTO inbox (id, received_at) SELECT DISTINCT id, $2::timestamptz FROM unnest($1::text[]) AS id ORDER BY id ON CONFLICT (id) DO NOTHING RETURNING id',
    [ids, now],
  );
  return new Set(rows.map((row) => row.id));
};
