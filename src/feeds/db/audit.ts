/** How far the rolling audit of a feed has come. */
import type { Queryable } from '../../shared/sql/types.ts';
import type { FeedName } from './runs.ts';

export interface AuditState {
  /** The last record id that was read in this round; '': the round has not begun. */
  position: string;
  round_started_at: Date | null;
  /** Each record was read at least once since then; null: not all of them were. */
  vouched_since: Date | null;
  read_at: Date | null;
}

const NONE: AuditState = { position: '', round_started_at: null, vouched_since: null, read_at: null };

export const auditState = async (db: Queryable, { company, feed }: FeedName): Promise<AuditState> =>
  (
    await db.query<AuditState>(
      'SELECT position, round_started_at, vouched_since, read_at FROM feed_audit WHERE company = $1 AND feed = $2',
      [company, feed],
    )
  )[0] ?? NONE;

export const noteAudit = (tx: Queryable, { company, feed }: FeedName, state: AuditState): Promise<unknown> =>
  tx.query(
    `INSERT INTO feed_audit (company, feed, position, round_started_at, vouched_since, read_at) VALUES ($1, $2, $3, $4, $5, $6)
     ON CONFLICT (company, feed) DO UPDATE
        SET position = excluded.position, round_started_at = excluded.round_started_at, vouched_since = excluded.vouched_since,
            read_at = excluded.read_at`,
    [company, feed, state.position, state.round_started_at, state.vouched_since, state.read_at],
  );

/** Records of the feed that Salesforce holds, as far as is known. */
export const countHeld = async (db: Queryable, { company, feed }: FeedName): Promise<number> =>
  (
    await db.query<{ n: number }>(
      'SELECT count(*) AS n FROM feed_row WHERE company = $1 AND feed = $2 AND salesforce_id IS NOT NULL',
      [company, feed],
    )
  )[0]!.n;
