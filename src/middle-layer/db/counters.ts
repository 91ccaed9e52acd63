import type { Queryable } from '../../shared/sql/types.ts';

/** Adds to a counter that outlives restarts. */
export const addToCounter = (tx: Queryable, flow: string, name: string, by: number): Promise<unknown> =>
  tx.query(
    'INSERT INTO counter (flow, name, value) VALUES ($3, $1, $2) ON CONFLICT (flow, name) DO UPDATE SET value = counter.value + excluded.value',
    [name, by, flow],
  );

/** The counters of each flow since the database was made, by flow. */
export const readCounters = async (db: Queryable): Promise<Record<string, Record<string, number>>> => {
  const rows = await db.query<{ flow: string; name: string; value: number }>(
    'SELECT flow, name, value FROM counter ORDER BY flow, name',
  );
  const counters: Record<string, Record<string, number>> = {};
  for (const { flow, name, value } of rows) (counters[flow] ??= {})[name] = value;
  return counters;
};
