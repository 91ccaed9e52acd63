import { MAX_COUNTED } from '../../shared/sql/count-along.ts';
import type { Queryable } from '../../shared/sql/types.ts';

/** Makes dead letters of dead messages, each with its history from the audit. */
export const insertDeadLetters = (
  tx: Queryable,
  letters: readonly { seq: number; code: string; cause: string }[],
  now: Date,
): Promise<unknown> =>
  tx.query(
    `INSERT INTO dead_letter (message_seq, code, cause, history, died_at)
     SELECT d.seq, d.code, d.cause, coalesce((
         SELECT jsonb_agg(jsonb_build_object('at', a.at, 'outcome', a.outcome, 'code', a.code, 'durationMs', a.duration_ms) ORDER BY a.seq)
         FROM audit a WHERE a.message_id = m.id AND a.flow = m.flow), '[]'::jsonb), $2
     FROM jsonb_to_recordset($1::jsonb) AS d(seq bigint, code text, cause text)
     JOIN message m ON m.seq = d.seq
     ORDER BY d.seq`,
    [JSON.stringify(letters), now],
  );

export interface DeadLetterSummary {
  id: number;
  flow: string;
  target: string;
  kind: string;
  key: string;
  version: number | null;
  attempt: number | null;
  revision: number | null;
  code: string;
  cause: string;
  diedAt: Date;
}

const LETTERS = 'dead_letter d JOIN message m ON m.seq = d.message_seq';
/** What tells a dead letter from the others, without texts that may hold field values. */
const WHICH = `d.seq AS id, m.flow, m.target, m.kind, m.key, m.version, m.attempt, m.revision, d.code, d.died_at AS "diedAt"`;

/** Which dead letters are meant: those that have all that is given. */
export interface DeadLetterFilter {
  flow?: string;
  target?: string;
  kind?: string;
  code?: string;
}

const MATCHES = `d.resolved_at IS NULL AND d.seq > $1 AND ($2::text IS NULL OR m.target = $2)
  AND ($3::text IS NULL OR m.kind = $3) AND ($4::text IS NULL OR d.code = $4)
  AND ($5::text IS NULL OR m.flow = $5)`;
const parameters = (after: number, { flow, target, kind, code }: DeadLetterFilter): (string | number | null)[] => [
  after,
  target ?? null,
  kind ?? null,
  code ?? null,
  flow ?? null,
];

/** How many open dead letters a filter matches. */
export const countDeadLetters = async (db: Queryable, filter: DeadLetterFilter): Promise<number> => {
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM ${LETTERS} WHERE ${MATCHES}`,
    parameters(0, filter),
  );
  return row!.count;
};

/** Open dead letters after `after`, oldest first. */
export const listDeadLetters = (
  db: Queryable,
  after: number,
  limit: number,
  filter: DeadLetterFilter = {},
): Promise<DeadLetterSummary[]> =>
  db.query<DeadLetterSummary>(
    `SELECT ${WHICH}, d.cause FROM ${LETTERS}
     WHERE ${MATCHES} ORDER BY d.seq LIMIT $6`,
    [...parameters(after, filter), limit],
  );

export interface DeadLetter extends DeadLetterSummary {
  messageSeq: number;
  message: object;
  history: { at: string; outcome: string; code: string | null; durationMs: number | null }[];
  resolvedAt: Date | null;
  resolution: 'retried' | 'superseded' | null;
}

/** A dead letter with its message and history, or null. Within a transaction it is locked. */
export const lockDeadLetter = async (tx: Queryable, id: number): Promise<DeadLetter | null> => {
  const [row] = await tx.query<DeadLetter>(
    `SELECT ${WHICH}, d.cause, d.message_seq AS "messageSeq", d.history, m.payload AS message, d.resolved_at AS "resolvedAt", d.resolution
     FROM ${LETTERS} WHERE d.seq = $1 FOR UPDATE OF m, d`,
    [id],
  );
  return row ?? null;
};

/** An open dead letter without its message and without the receiver's text: either may hold field values. */
export interface OpenDeadLetter extends Omit<DeadLetterSummary, 'cause'> {
  /** Refusals until it was given up. */
  attempts: number;
}

/** Of these keys, oldest first. */
export const openDeadLettersOfKeys = (db: Queryable, keys: readonly string[]): Promise<OpenDeadLetter[]> =>
  db.query<OpenDeadLetter>(
    `SELECT ${WHICH}, m.attempts FROM ${LETTERS}
     WHERE d.resolved_at IS NULL AND m.state = 'dead' AND m.key = ANY($1::text[]) ORDER BY d.seq`,
    [[...keys]],
  );

/** Closes the dead letters of messages; their history stays until retention. */
export const resolveDeadLetters = (
  tx: Queryable,
  messageSeqs: readonly number[],
  resolution: 'retried' | 'superseded',
  now: Date,
): Promise<unknown> =>
  tx.query(
    'UPDATE dead_letter SET resolved_at = $2, resolution = $3 WHERE message_seq = ANY($1) AND resolved_at IS NULL',
    [messageSeqs, now, resolution],
  );

/** Open dead letters of so many codes are counted. */
const MAX_CODES = 50;

const OPEN = 'FROM dead_letter d WHERE d.flow = $1 AND d.resolved_at IS NULL';

/**
 * Open dead letters of a flow by their code, the most frequent first: how many, at most MAX_COUNTED, and the keys of the
 * oldest few. It goes from code to code along an index, so its cost does not grow with their number.
 */
export const deadLettersByCode = (
  db: Queryable,
  flow: string,
): Promise<{ code: string; count: number; first: string[] }[]> =>
  db.query(
    `WITH RECURSIVE found AS (
       (SELECT d.code, 1 AS n ${OPEN} ORDER BY d.code LIMIT 1)
       UNION ALL
       SELECT (SELECT d.code ${OPEN} AND d.code > found.code ORDER BY d.code LIMIT 1), found.n + 1 FROM found
        WHERE found.code IS NOT NULL AND found.n < $2
     )
     SELECT code,
       (SELECT count(*)::int FROM (SELECT 1 ${OPEN} AND d.code = found.code ORDER BY d.seq LIMIT $3) AS counted) AS count,
       ARRAY(SELECT m.key FROM (SELECT d.seq, d.message_seq ${OPEN} AND d.code = found.code ORDER BY d.seq LIMIT 3) AS oldest
         JOIN message m ON m.seq = oldest.message_seq ORDER BY oldest.seq) AS first
     FROM found WHERE code IS NOT NULL ORDER BY count DESC, code LIMIT 10`,
    [flow, MAX_CODES, MAX_COUNTED],
  );
