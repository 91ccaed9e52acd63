import { storableDiagnostic } from '../../../shared/text.ts';
import type { Queryable } from '../../../shared/sql/types.ts';

/** The receiver has committed these messages. */
export const markSent = (db: Queryable, ids: number[], now: Date): Promise<unknown> =>
  db.query(`UPDATE outbox SET state = 'sent', sent_at = $2 WHERE id = ANY($1::bigint[]) AND state = 'queued'`, [
    ids,
    now,
  ]);

/** The receiver will never take this message: kept, shown by readiness, not sent again. */
export const markRejected = (db: Queryable, id: number, error: string): Promise<unknown> =>
  db.query(`UPDATE outbox SET state = 'rejected', error = $2 WHERE id = $1`, [id, storableDiagnostic(error)]);

/** Not delivered: due again at `nextAt`. */
export const postpone = (db: Queryable, ids: number[], nextAt: Date): Promise<unknown> =>
  db.query(`UPDATE outbox SET attempts = attempts + 1, next_at = $2 WHERE id = ANY($1::bigint[])`, [ids, nextAt]);
