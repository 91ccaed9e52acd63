import type { Queryable } from '../../../shared/sql/types.ts';

export const readCounters = async (db: Queryable): Promise<Record<string, number>> => {
  const rows = await db.query<{ name: string; value: number }>('SELECT name, value FROM counter ORDER BY name');
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]));
};
