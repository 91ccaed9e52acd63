import type { Database } from '../shared/sql/types.ts';

/** A flow that no program of this world runs. */
export const NEIGHBOUR = 'neighbour';

/**
 * Of each target and key the newest message of another flow, as one of the neighbour's: by turns due, leased by a worker that has
 * ended, put off for days, or dead. What came before it has ended. By the names of columns, for an upgrade renames one.
 */
const MESSAGES = `
  INSERT INTO message OVERRIDING SYSTEM VALUE
  SELECT r.* FROM (
    SELECT m.*, row_number() OVER (PARTITION BY target, key ORDER BY seq DESC) = 1 AS newest, seq % 4 AS turn
      FROM message m
     WHERE flow <> '${NEIGHBOUR}'
       AND NOT EXISTS (SELECT 1 FROM message twin WHERE twin.flow = '${NEIGHBOUR}' AND twin.key = m.key AND twin.target = m.target)
  ) AS m
  CROSS JOIN LATERAL jsonb_populate_record(NULL::message, to_jsonb(m) || jsonb_build_object(
    'seq', nextval(pg_get_serial_sequence('message', 'seq')),
    'flow', '${NEIGHBOUR}',
    'head', m.newest AND m.turn < 3,
    'state', CASE WHEN NOT m.newest THEN 'done' WHEN m.turn = 3 THEN 'dead' WHEN m.turn = 1 THEN 'sending' ELSE 'queued' END,
    'settled_at', CASE WHEN m.newest AND m.turn < 3 THEN NULL ELSE coalesce(m.settled_at, m.queued_at) END,
    'next_attempt_at', CASE WHEN m.newest AND m.turn = 2 THEN m.queued_at + interval '3 days' ELSE m.queued_at END,
    'lease', CASE WHEN m.newest AND m.turn = 1 THEN 'middleLayer-0/' || m.id END,
    'lease_until', CASE WHEN m.newest AND m.turn = 1 THEN m.queued_at END
  )) AS r
  ORDER BY r.seq`;

const OTHERS: readonly string[] = [
  `INSERT INTO dead_letter (message_seq, code, cause, history, died_at)
   SELECT seq, 'NEIGHBOUR', 'of another flow', '[]', settled_at FROM message m
    WHERE flow = '${NEIGHBOUR}' AND state = 'dead' AND NOT EXISTS (SELECT 1 FROM dead_letter d WHERE d.message_seq = m.seq) ORDER BY seq`,
  // the ids of its messages are those of the twins: whoever asks for the story of one of these must not hear of the other
  `INSERT INTO audit (at, worker, flow, target, message_id, key, kind, outcome)
   SELECT queued_at, '${NEIGHBOUR}', flow, target, id, key, kind, 'QUEUED' FROM message m
    WHERE flow = '${NEIGHBOUR}' AND NOT EXISTS (SELECT 1 FROM audit a WHERE a.flow = m.flow AND a.message_id = m.id) ORDER BY seq`,
  `INSERT INTO flow_state (flow) VALUES ('${NEIGHBOUR}') ON CONFLICT DO NOTHING`,
  `INSERT INTO inbox (flow, id, received_at) SELECT '${NEIGHBOUR}', id, received_at FROM inbox ON CONFLICT DO NOTHING`,
  `INSERT INTO counter (flow, name, value) SELECT '${NEIGHBOUR}', name, value + 1000 FROM counter ON CONFLICT DO NOTHING`,
  `INSERT INTO replay_id (flow, channel, replay_id, stored_at)
   SELECT '${NEIGHBOUR}', channel, replay_id + 1000, stored_at FROM replay_id ON CONFLICT DO NOTHING`,
];

/**
 * What nobody may touch, a line each. Messages that have ended go by retention, whosever they are. An upgrade renames their place in
 * the queue, or adds a column.
 */
const KEPT = `
  SELECT 'message ' || coalesce(to_jsonb(m)->>'turn_at', to_jsonb(m)->>'stands_at') || (to_jsonb(m) - '{turn_at,stands_at,sort}'::text[])::text AS line
    FROM message m WHERE flow = '${NEIGHBOUR}' AND state IN ('queued', 'sending', 'dead')
  UNION ALL SELECT 'dead letter ' || to_jsonb(d)::text FROM dead_letter d WHERE flow = '${NEIGHBOUR}'
  UNION ALL SELECT 'state of a flow ' || to_jsonb(s)::text FROM flow_state s WHERE flow = '${NEIGHBOUR}'
  UNION ALL SELECT 'counter ' || to_jsonb(c)::text FROM counter c WHERE flow = '${NEIGHBOUR}'
  UNION ALL SELECT 'replay id ' || to_jsonb(r)::text FROM replay_id r WHERE flow = '${NEIGHBOUR}'`;

const LEAVES: readonly string[] = [
  "SELECT set_config('concord.retention', 'on', true)",
  ...['message', 'audit', 'inbox', 'counter', 'replay_id', 'flow_state'].map(
    (table) => `DELETE FROM ${table} WHERE flow = '${NEIGHBOUR}'`,
  ),
];

/**
 * Another flow in the middle layer's database, which a program elsewhere runs: it has messages of the same targets, keys and ids as
 * the flows of this world. A flow stands still alone, so nobody may take, settle, free, replace or count any of it.
 */
export class Neighbour {
  readonly #db: Database;
  /** As it was left last. */
  #kept = new Set<string>();

  constructor(db: Database) {
    this.#db = db;
  }

  async #lines(): Promise<Set<string>> {
    return new Set((await this.#db.query<{ line: string }>(KEPT)).map(({ line }) => line));
  }

  /** Has twins of all that is there now and has none yet. What was touched since it came, a line each. */
  async moveIn(): Promise<string[]> {
    const broken = await this.#touched();
    await this.#db.transaction(async (tx) => {
      for (const statement of [MESSAGES, ...OTHERS]) await tx.query(statement);
    });
    this.#kept = await this.#lines();
    return broken;
  }

  async #touched(): Promise<string[]> {
    const now = await this.#lines();
    return [
      ...[...this.#kept].filter((line) => !now.has(line)).map((line) => `it had: ${line}`),
      ...[...now].filter((line) => !this.#kept.has(line)).map((line) => `it has: ${line}`),
    ].map((line) => `middle layer: another flow was touched, ${line}`);
  }

  /** Leaves nothing behind. What was touched since it came, a line each. */
  async moveOut(): Promise<string[]> {
    const broken = await this.#touched();
    await this.#db.transaction(async (tx) => {
      for (const statement of LEAVES) await tx.query(statement);
    });
    this.#kept = new Set();
    return broken;
  }
}
