import type { ClaimedMessage, Draft, MessageState } from '../types.ts';
import type { Database, Queryable } from '../../shared/sql/types.ts';
import { isFree, lockClaims } from './alone.ts';

/** Queues messages, in order, each behind the open ones of its target and key. An id that is queued already is left alone. */
export const insertMessages = (
  tx: Queryable,
  flow: string,
  drafts: readonly (Draft & { attempts: number; dueAt: Date; turnAt: Date })[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO message (flow, id, target, kind, key, version, attempt, revision, ordinal, payload, state, attempts, queued_at,
       next_attempt_at, turn_at, alone, head)
     SELECT $3, d.id, d.target, d.kind, d.key, d.version, d.attempt, d.revision, d.ordinal, d.payload, 'queued', d.attempts, $2,
       d."dueAt", d."turnAt", d.alone,
       row_number() OVER (PARTITION BY d.target, d.key ORDER BY d.place) = 1 AND NOT EXISTS (
         SELECT 1 FROM message m WHERE m.flow = $3 AND m.key = d.key AND m.target = d.target AND m.state IN ('queued', 'sending'))
     FROM ROWS FROM (jsonb_to_recordset($1::jsonb) AS (id text, target text, kind text, key text, version integer, attempt integer,
       revision integer, ordinal bigint, payload jsonb, attempts integer, "dueAt" timestamptz, "turnAt" timestamptz, alone text)) WITH ORDINALITY
       AS d(id, target, kind, key, version, attempt, revision, ordinal, payload, attempts, "dueAt", "turnAt", alone, place)
     ORDER BY d.place
     ON CONFLICT (flow, id) DO NOTHING`,
    [JSON.stringify(drafts), now, flow],
  );

export interface Claim {
  flow: string;
  target: string;
  limit: number;
  lease: string;
  leaseUntil: Date;
  now: Date;
}

/** As `claimMessages`; of all workers, one claims after the other, so that what messages name as `alone` is under way in one batch at a time. */
export const claimAlone = (db: Database, claim: Claim): Promise<ClaimedMessage[]> =>
  db.transaction(async (tx) => {
    await lockClaims(tx, claim);
    return claimMessages(tx, claim);
  });

/**
 * Leases up to `limit` messages, in the order of their turns: of each key only the head, so that order is kept
 * per key and keys do not wait for each other. Nothing is claimed while the flow is paused. A message that was
 * put off has its turn after those that were queued before that, so one which brings its target down cannot
 * hold up the others. What a message names as `alone` is left while a batch is under way about it. The cost depends
 * on `limit`, not on how many messages wait, but for those that are left so.
 */
export const claimMessages = (db: Queryable, claim: Claim): Promise<ClaimedMessage[]> =>
  db.query<ClaimedMessage>(
    `WITH running AS (
       SELECT 1 FROM flow_state WHERE flow = $6 AND pause IS NULL
     ), expired AS (
       SELECT m.seq FROM message m
       WHERE m.flow = $6 AND m.target = $1 AND m.state = 'sending' AND m.lease_until <= $5 AND EXISTS (SELECT 1 FROM running)
         AND ${isFree('m', 'AND u.lease_until > $5')}
       ORDER BY m.lease_until, m.seq
       LIMIT $2
       FOR UPDATE SKIP LOCKED
     ), due AS (
       SELECT m.seq FROM message m
       WHERE m.flow = $6 AND m.target = $1 AND m.head AND m.state = 'queued' AND m.next_attempt_at <= $5 AND EXISTS (SELECT 1 FROM running)
         AND ${isFree('m', 'AND u.lease_until > $5')}
       ORDER BY m.turn_at, m.seq
       LIMIT $2 - (SELECT count(*) FROM expired)
       FOR UPDATE SKIP LOCKED
     ), claimed AS (
       UPDATE message m SET state = 'sending', lease = $3, lease_until = $4
       FROM (SELECT seq FROM expired UNION ALL SELECT seq FROM due) AS taken WHERE m.seq = taken.seq
       RETURNING m.*
     )
     SELECT claimed.seq, claimed.id, claimed.target, claimed.kind, claimed.key, claimed.version, claimed.attempt, claimed.revision,
       claimed.payload, claimed.attempts, claimed.deferrals
     FROM claimed
     ORDER BY claimed.seq`,
    [claim.target, claim.limit, claim.lease, claim.leaseUntil, claim.now, claim.flow],
  );

export interface Settlement {
  seq: number;
  state: 'queued' | 'done' | 'dead';
  attempts: number;
  deferrals: number;
  /** When it may be tried again, and with that its place in the queue: the end. */
  dueAt: Date;
}

export interface Settled {
  seq: number;
  state: MessageState;
}

/**
 * Ends the lease of messages. One that is not done while a newer message of its kind waits behind it is
 * superseded. A message whose lease another worker has taken over is left alone and not returned.
 */
export const settleMessages = (
  tx: Queryable,
  settlements: readonly Settlement[],
  lease: string,
  now: Date,
): Promise<Settled[]> =>
  tx.query<Settled>(
    `WITH settlement AS (
       SELECT s.seq, s.attempts, s.deferrals, s."dueAt", CASE WHEN s.state <> 'done' AND EXISTS (
           SELECT 1 FROM message m JOIN message newer ON newer.flow = m.flow AND newer.target = m.target AND newer.kind = m.kind AND newer.key = m.key
             AND newer.state = 'queued' AND newer.seq > m.seq AND newer.ordinal >= m.ordinal
           WHERE m.seq = s.seq) THEN 'superseded' ELSE s.state END AS state
       FROM jsonb_to_recordset($1::jsonb) AS s(seq bigint, state text, attempts integer, deferrals integer, "dueAt" timestamptz)
     )
     UPDATE message m SET state = s.state, attempts = s.attempts, deferrals = s.deferrals, next_attempt_at = s."dueAt",
       turn_at = s."dueAt", head = s.state = 'queued', lease = NULL, lease_until = NULL, settled_at = CASE WHEN s.state = 'queued' THEN NULL ELSE $3::timestamptz END
     FROM settlement s
     WHERE m.seq = s.seq AND m.state = 'sending' AND m.lease = $2
     RETURNING m.seq, m.state`,
    [JSON.stringify(settlements), lease, now],
  );

/** What tells a message from all others, and what it is about. */
export type Named = Pick<Draft, 'id' | 'target' | 'kind' | 'key' | 'version' | 'attempt' | 'revision'>;

export interface Rival extends Named {
  seq: number;
  ordinal: number;
  state: MessageState;
  attempts: number;
}

/** Messages that compete with others of their target, kind and key: unsettled or dead, with an ordinal. Locked in queue order. */
export const lockRivals = (tx: Queryable, flow: string, keys: readonly string[]): Promise<Rival[]> =>
  tx.query<Rival>(
    `SELECT seq, id, target, kind, key, version, attempt, revision, ordinal, state, attempts FROM message
     WHERE flow = $2 AND key = ANY($1) AND ordinal IS NOT NULL AND state IN ('queued', 'sending', 'dead')
     ORDER BY seq FOR UPDATE`,
    [keys, flow],
  );

/** Takes messages out of the queue, and dead ones off the list, because newer ones say more. */
export const supersedeMessages = (tx: Queryable, seqs: readonly number[], now: Date): Promise<unknown> =>
  tx.query(
    "UPDATE message SET state = 'superseded', settled_at = $2, head = false WHERE seq = ANY($1) AND state IN ('queued', 'dead')",
    [seqs, now],
  );

/** Makes the first open message of each target and key the one that may be sent next. The caller holds the lock of the keys. */
export const promoteHeads = (tx: Queryable, flow: string, keys: readonly string[]): Promise<unknown> =>
  tx.query(
    `UPDATE message m SET head = true
     FROM (SELECT DISTINCT ON (key, target) seq, head FROM message WHERE flow = $2 AND key = ANY($1) AND state IN ('queued', 'sending')
           ORDER BY key, target, seq) AS first
     WHERE m.seq = first.seq AND NOT first.head`,
    [keys, flow],
  );

/** Stores a message that is dead from the start; returns its seq. */
export const buryMessage = async (tx: Queryable, flow: string, draft: Draft, now: Date): Promise<number> => {
  const [row] = await tx.query<{ seq: number }>(
    `INSERT INTO message (id, target, kind, key, version, attempt, revision, ordinal, payload, state, queued_at, next_attempt_at, turn_at, settled_at, flow)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9::jsonb, 'dead', $10, $10, $10, $10, $11) RETURNING seq`,
    [
      draft.id,
      draft.target,
      draft.kind,
      draft.key,
      draft.version,
      draft.attempt,
      draft.revision,
      draft.ordinal,
      JSON.stringify(draft.payload),
      now,
      flow,
    ],
  );
  return row!.seq;
};

/**
 * Frees what this worker had leased of a target when it ended, or lost the database: nobody works on it any more. What is
 * leased under one of `underWay` is still worked on.
 */
export const releaseLeases = async (
  db: Queryable,
  worker: string,
  flow: string,
  target: string,
  underWay: readonly string[] = [],
): Promise<number> => {
  const freed = await db.query(
    `UPDATE message SET state = 'queued', lease = NULL, lease_until = NULL
     WHERE state = 'sending' AND starts_with(lease, $1) AND target = $2 AND flow = $3 AND lease <> ALL($4::text[]) RETURNING seq`,
    [`${worker}/`, target, flow, [...underWay]],
  );
  return freed.length;
};

/** The latest that anything can be due, by what it waits for. What is due later was put off by a clock that was ahead. */
export interface Latest {
  attempt: Date;
  lease: Date;
}

/** Makes due now what a clock that was ahead, and has been set right since, put off for too long. */
export const clampTimes = (db: Queryable, flow: string, now: Date, { attempt, lease }: Latest): Promise<unknown> =>
  db.query(
    `WITH attempts AS (
       UPDATE message SET next_attempt_at = $1, turn_at = $1 WHERE flow = $4 AND head AND state = 'queued' AND next_attempt_at > $2
     )
     UPDATE message SET lease_until = $1 WHERE flow = $4 AND state = 'sending' AND lease_until > $3`,
    [now, attempt, lease, flow],
  );

/**
 * Deletes messages that were settled before then, with their closed dead letters; returns how many. A dead message stays, however
 * old: its dead letter is open, and somebody has to decide on it.
 */
export const purgeSettledMessages = async (db: Queryable, before: Date): Promise<number> =>
  (
    await db.query(`DELETE FROM message WHERE state IN ('done', 'superseded') AND settled_at < $1 RETURNING seq`, [
      before,
    ])
  ).length;
