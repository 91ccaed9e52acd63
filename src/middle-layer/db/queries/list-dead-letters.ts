import type { Queryable } from '../../../shared/sql/types.ts';

export interface DeadLetterSummary {
  id: number;
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

/** Which dead letters are meant: those that have all that is given. */
export interface DeadLetterFilter {
  target?: string;
  kind?: string;
  code?: string;
}

const MATCHES = `d.resolved_at IS NULL AND d.seq > $1 AND ($2::text IS NULL OR m.target = $2)
  AND ($3::text IS NULL OR m.kind = $3) AND ($4::text IS NULL OR d.code = $4)`;
const parameters = (after: number, { target, kind, code }: DeadLetterFilter): (string | number | null)[] => [
  after,
  target ?? null,
  kind ?? null,
  code ?? null,
];

/** How many open dead letters a filter matches. */
export const countDeadLetters = async (db: Queryable, filter: DeadLetterFilter): Promise<number> => {
  const [row] = await db.query<{ count: number }>(
    `SELECT count(*) AS count FROM dead_letter d JOIN message m ON m.seq = d.message_seq WHERE ${MATCHES}`,
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
    `SELECT d.seq AS id, m.target, m.kind, m.key, m.version, m.attempt, m.revision, d.code, d.cause, d.died_at AS "diedAt"
     FROM dead_letter d JOIN message m ON m.seq = d.message_seq
     WHERE ${MATCHES} ORDER BY d.seq LIMIT $5`,
    [...parameters(after, filter), limit],
  );
