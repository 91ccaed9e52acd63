import type { MessageState } from '../types.ts';
import { isFree } from './alone.ts';
import type { Queryable } from '../../shared/sql/types.ts';

export interface QueueDepth {
  flow: string;
  target: string;
  kind: string;
  state: MessageState;
  count: number;
}

/** How many messages are open or dead, by flow, target, kind and state. Reads the sums that are kept, not the messages. */
export const queueDepths = (db: Queryable): Promise<QueueDepth[]> =>
  db.query<QueueDepth>(
    `SELECT flow, target, kind, state, sum(count)::bigint AS count FROM queue_depth
     GROUP BY flow, target, kind, state HAVING sum(count) <> 0 ORDER BY flow, target, kind, state`,
  );

/** Folds the changes of the depths into one row each. Two that fold at once do not count anything twice. */
export const foldDepths = (db: Queryable): Promise<unknown> =>
  db.query(
    `WITH folded AS (DELETE FROM queue_depth RETURNING flow, target, kind, state, count)
     INSERT INTO queue_depth (flow, target, kind, state, count)
     SELECT flow, target, kind, state, sum(count) FROM folded GROUP BY flow, target, kind, state HAVING sum(count) <> 0`,
  );

/**
 * How many messages of each target could be sent now or are under way. At most `most` of either are counted: nobody
 * needs to know how far beyond that it goes, and counting on would cost.
 */
export const countDue = async (
  db: Queryable,
  flow: string,
  targets: readonly string[],
  now: Date,
  most: number,
): Promise<Map<string, number>> => {
  const rows = await db.query<{ target: string; due: number }>(
    `SELECT t.target,
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.flow = $4 AND m.target = t.target AND m.head AND m.state = 'queued' AND m.next_attempt_at <= $2
         LIMIT $3) AS waiting) +
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.flow = $4 AND m.target = t.target AND m.state = 'sending' LIMIT $3) AS sent) AS due
     FROM unnest($1::text[]) AS t(target)`,
    [targets, now, most, flow],
  );
  return new Map(rows.map(({ target, due }) => [target, due]));
};

/** When the next message of a target can be claimed, or null when none is open. Only the first of each key counts, and what a batch is under way about is free when that ends. */
export const nextDue = async (db: Queryable, flow: string, target: string): Promise<number | null> => {
  const [row] = await db.query<{ due: Date | null }>(
    `SELECT least(
       (SELECT min(m.next_attempt_at) FROM message m WHERE m.flow = $2 AND m.target = $1 AND m.head AND m.state = 'queued' AND ${isFree('m')}),
       (SELECT min(lease_until) FROM message WHERE flow = $2 AND target = $1 AND state = 'sending')) AS due`,
    [target, flow],
  );
  return row?.due ? row.due.getTime() : null;
};

export interface TargetState {
  flow: string;
  target: string;
  /** Why nothing of the flow may be sent, or null. */
  pause: string | null;
  /** As countDue tells. */
  due: number;
  /** As nextDue tells. */
  next: Date | null;
}

/** What waits for each of these targets, in one statement: whoever asks for all of them waits for the database once. */
export const readTargets = (
  db: Queryable,
  targets: readonly { flow: string; target: string }[],
  now: Date,
  most: number,
): Promise<TargetState[]> =>
  db.query<TargetState>(
    `SELECT t.flow, t.target, s.pause,
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.flow = t.flow AND m.target = t.target AND m.head AND m.state = 'queued' AND m.next_attempt_at <= $3
         LIMIT $4) AS waiting) +
       (SELECT count(*) FROM (SELECT 1 FROM message m WHERE m.flow = t.flow AND m.target = t.target AND m.state = 'sending' LIMIT $4) AS sent) AS due,
       least(
         (SELECT min(m.next_attempt_at) FROM message m WHERE m.flow = t.flow AND m.target = t.target AND m.head AND m.state = 'queued' AND ${isFree('m')}),
         (SELECT min(m.lease_until) FROM message m WHERE m.flow = t.flow AND m.target = t.target AND m.state = 'sending')) AS next
     FROM unnest($1::text[], $2::text[]) AS t(flow, target) JOIN flow_state s ON s.flow = t.flow`,
    [targets.map(({ flow }) => flow), targets.map(({ target }) => target), now, most],
  );
