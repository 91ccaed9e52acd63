import type { World } from './world.ts';

/** What the middle layer still carries, a line each. */
export const carried = async (world: World): Promise<string[]> => {
  const rows = await world.db.query<{ line: string }>(
    `SELECT kind || ' of ' || key || ' for ' || target || ' is ' || state || ' after ' || attempts || ' refusals' AS line
       FROM message WHERE state IN ('queued', 'sending') ORDER BY 1`,
  );
  return rows.map(({ line }) => line);
};

/** Every message that was queued, and every one that has ended, is in the audit. */
export const unaudited = async (world: World): Promise<string[]> => {
  const missing = await world.db.query<{ id: string; kind: string; state: string }>(
    `SELECT m.id, m.kind, m.state FROM message m
      WHERE NOT EXISTS (SELECT 1 FROM audit a WHERE a.message_id = m.id AND a.outcome IN ('QUEUED', 'SUPERSEDED'))
         OR m.state IN ('done', 'dead', 'superseded')
            AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.message_id = m.id AND a.outcome NOT IN ('QUEUED', 'UNAVAILABLE', 'DEFERRED'))
      ORDER BY m.seq`,
  );
  return missing.map(({ id, kind, state }) => `the ${kind} ${id} is ${state}, and the audit does not show it`);
};

/** No message is refused because of the middle layer itself, or because a database was away: neither is anybody's word on its record. */
export const mishandled = async (world: World): Promise<string[]> => {
  const rows = await world.db.query<{ message_id: string; kind: string }>(
    "SELECT message_id, kind FROM audit WHERE outcome = 'REFUSED' AND code = 'INTERNAL_ERROR' ORDER BY seq",
  );
  return rows.map(({ message_id: id, kind }) => `the ${kind} ${id} was refused with INTERNAL_ERROR`);
};
