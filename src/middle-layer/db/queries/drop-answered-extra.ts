import type { Queryable } from '../../../shared/sql/types.ts';

/** Drops the unstored fields of delivered intakes whose answer came before their delivery was written down. */
export const dropAnsweredExtra = (db: Queryable): Promise<unknown> =>
  db.query(
    `UPDATE message m SET payload = m.payload - 'extra' FROM intake i
     WHERE i.key = m.key AND i.answered_at IS NOT NULL AND m.kind = 'request' AND m.state IN ('done', 'superseded') AND m.payload ? 'extra'`,
  );
