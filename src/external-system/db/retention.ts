import type { Queryable } from '../../shared/sql/types.ts';

/** Times before which rows are deleted. */
export interface Before {
  /** Messages that were sent, or replaced by newer ones. */
  sent: Date;
  /** Earlier revisions, requests that newer ones have replaced, what repairs replaced. */
  history: Date;
}

const deletedBy = async (db: Queryable, sql: string, before: Date): Promise<number> =>
  (await db.query(sql, [before])).length;

/**
 * Deletes what nobody needs any more; how many rows of each kind. Of a record's history this stays, however old: the present
 * revision, the one that Salesforce holds and all after it, and the last state that Salesforce asked for: they are what the
 * next request is merged on. What the receiver refused for good stays until a newer message replaces it. The newest request of each record stays, so that a repeat is known.
 */
export const deleteOutdated = async (db: Queryable, before: Before): Promise<Record<string, number>> => ({
  sent: await deletedBy(
    db,
    `DELETE FROM outbox WHERE state IN ('sent', 'superseded') AND created_at < $1 RETURNING id`,
    before.sent,
  ),
  revisions: await deletedBy(
    db,
    `DELETE FROM case_revision old USING case_record r
      WHERE r.key = old.key AND old.at < $1
        AND old.revision < least(r.revision, coalesce(r.acknowledged_revision, 0))
        AND (old.request_values IS NULL OR EXISTS (
              SELECT 1 FROM case_revision newer
               WHERE newer.key = old.key AND newer.revision > old.revision AND newer.request_values IS NOT NULL))
      RETURNING old.key`,
    before.history,
  ),
  requests: await deletedBy(
    db,
    `DELETE FROM case_request old WHERE old.at < $1
        AND EXISTS (SELECT 1 FROM case_request newer WHERE newer.key = old.key AND newer.version > old.version)
      RETURNING old.key`,
    before.history,
  ),
  repairs: await deletedBy(db, `DELETE FROM case_repair WHERE at < $1 RETURNING key`, before.history),
});
