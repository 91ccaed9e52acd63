import type { Queryable } from '../../shared/sql/types.ts';

/** Adds to a counter that outlives restarts. */
export const addToCounter = (tx: Queryable, flow: string, name: string, by: number): Promise<unknown> =>
  tx.query(
    'INSERT INTO counter (flow, name, value) VALUES ($3, $1, $2) ON CONFLICT (flow, name) DO UPDATE SET value = counter.value + excluded.value',
    [name, by, flow],
  );

/** The counters of a flow since its database was made. */
export const readCounters = async (db: Queryable, flow: string): Promise<Record<string, number>> => {
  const rows = await db.query<{ name: string; value: number }>(
    'SELECT name, value FROM counter WHERE flow = $1 ORDER BY name',
    [flow],
  );
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
};
