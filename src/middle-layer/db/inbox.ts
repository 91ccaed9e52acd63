import type { Queryable } from '../../shared/sql/types.ts';

/** Remembers received message ids; returns those that are new. */
export const insertInbox = async (
  tx: Queryable,
  flow: string,
  ids: readonly string[],
  now: Date,
): Promise<Set<string>> => {
  const rows = await tx.query<{ id: string }>(
    'INSERT INTO inbox (flow, id, received_at) SELECT DISTINCT $3, id, $2::timestamptz FROM unnest($1::text[]) AS id ORDER BY id ON CONFLICT (flow, id) DO NOTHING RETURNING id',
    [ids, now, flow],
  );
  return new Set(rows.map((row) => row.id));
};

/** Forgets messages received before then; returns how many. */
export const purgeInbox = async (db: Queryable, before: Date): Promise<number> =>
  (await db.query(`DELETE FROM inbox WHERE received_at < $1 RETURNING id`, [before])).length;
