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

/**
 * No message is refused because of the middle layer itself, because a database was away, or because somebody could not
 * store it for now: none of that is anybody's word on its record.
 */
export const mishandled = async (world: World): Promise<string[]> => {
  const rows = await world.db.query<{ message_id: string; kind: string; code: string }>(
    "SELECT message_id, kind, code FROM audit WHERE outcome = 'REFUSED' AND code IN ('INTERNAL_ERROR', 'NOT_STORED') ORDER BY seq",
  );
  return rows.map(({ message_id: id, kind, code }) => `the ${kind} ${id} was refused with ${code}`);
};

/** A message that died has an open dead letter, and one that lives on, or was replaced, has none. */
export const misfiled = async (world: World): Promise<string[]> => {
  const rows = await world.db.query<{ id: string; kind: string; state: string; resolution: string | null }>(
    `SELECT m.id, m.kind, m.state, d.resolution FROM message m LEFT JOIN dead_letter d ON d.message_seq = m.seq
      WHERE (m.state = 'dead') <> (d.seq IS NOT NULL AND d.resolved_at IS NULL) ORDER BY m.seq`,
  );
  return rows.map(
    ({ id, kind, state, resolution }) =>
      `the ${kind} ${id} is ${state}, its dead letter ${resolution ?? 'open, or missing'}`,
  );
};
