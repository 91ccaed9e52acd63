import type { Queryable } from '../../shared/sql/types.ts';

/**
 * Locks keys of a flow for queueing, in their order, so that two workers cannot wait for each other. Every
 * transaction takes this lock before any message row.
 */
export const lockKeys = async (tx: Queryable, flow: string, keys: Iterable<string>): Promise<void> => {
  const distinct = [...new Set(keys)];
  await tx.query(
    'INSERT INTO key_lock (flow, key) SELECT $2, key FROM unnest($1::text[]) AS key ORDER BY key ON CONFLICT DO NOTHING',
    [distinct, flow],
  );
  await tx.query('SELECT 1 FROM key_lock WHERE flow = $2 AND key = ANY($1) ORDER BY key FOR UPDATE', [distinct, flow]);
};
