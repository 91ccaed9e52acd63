import type { Queryable } from '../../shared/sql/types.ts';

/** Makes the row of a flow, unless it has one. */
export const ensureFlow = (db: Queryable, flow: string): Promise<unknown> =>
  db.query('INSERT INTO flow_state (flow) VALUES ($1) ON CONFLICT (flow) DO NOTHING', [flow]);

/** What is wrong when the row of a flow is not there. */
export const lostRowOf = (flow: string): Error =>
  new Error(
    `the table flow_state has lost the row of ${flow}: restore it with INSERT INTO flow_state (flow) VALUES ('${flow}')`,
  );

/** Why nothing of the flow may be sent, or null. */
export const readPause = async (db: Queryable, flow: string): Promise<string | null> => {
  const [row] = await db.query<{ pause: string | null }>('SELECT pause FROM flow_state WHERE flow = $1', [flow]);
  if (!row) throw lostRowOf(flow);
  return row.pause;
};

/** Stops a flow, saying why, or (null) lets it go on. */
export const savePause = (db: Queryable, flow: string, pause: string | null): Promise<unknown> =>
  db.query('UPDATE flow_state SET pause = $2 WHERE flow = $1', [flow, pause]);
