import { RequestError } from '../../shared/router.ts';
import type { Held } from '../../shared/erasure.ts';
import type { Queryable } from '../../shared/sql/types.ts';
import { lockKey, lockRecord } from './records.ts';

const refuse = (errorCode: string, message: string): never => {
  throw new RequestError(409, errorCode, `${message}; nothing was erased`);
};

/** A record that lives would be carried again; an outgoing message would carry what was just erased. */
const refuseLiving = async (tx: Queryable, key: string): Promise<void> => {
  await lockKey(tx, key);
  const record = await lockRecord(tx, key);
  if (record && !record.deleted_at && !record.salesforce_deletion)
    refuse(
      'RECORD_LIVES',
      `case ${record.external_id} is not deleted, neither here nor in Salesforce: delete it first`,
    );
  const [queued] = await tx.query("SELECT 1 FROM outbox WHERE key = $1 AND state = 'queued'", [key]);
  if (queued) refuse('UNDER_WAY', `a message about ${key} waits in the outbox: ask again when it is sent`);
};

/**
 * Empties what the registry keeps of a deleted record: its values, those of its history and its requests, what repairs
 * replaced, and the messages that were sent. Key, numbers, revisions and times stay, so that no number is used twice.
 * Throws RequestError 409 while the record lives, or something about it waits to be sent.
 */
export const eraseRecord = async (tx: Queryable, key: string, now: Date): Promise<Held> => {
  await refuseLiving(tx, key);
  const emptied = async (sql: string, ...more: Date[]): Promise<{ was: unknown }[]> => tx.query(sql, [key, ...more]);
  const records = await emptied(
    `WITH old AS (SELECT key, jsonb_build_array(values, extra) AS was FROM case_record WHERE key = $1)
     UPDATE case_record r SET values = '{}', extra = NULL, sync_error = NULL, sync_next_at = NULL, deleted_at = coalesce(deleted_at, $2)
     FROM old WHERE r.key = old.key RETURNING old.was`,
    now,
  );
  const revisions = await emptied(
    `WITH old AS (SELECT key, revision, jsonb_build_array(values, request_values, conflicts) AS was FROM case_revision WHERE key = $1)
     UPDATE case_revision r SET values = '{}', request_values = NULL, conflicts = NULL
     FROM old WHERE r.key = old.key AND r.revision = old.revision RETURNING old.was`,
  );
  const requests = await emptied(
    `WITH old AS (SELECT idempotency_key, jsonb_build_array(message->'values', message->'extra') AS was FROM case_request WHERE key = $1)
     UPDATE case_request r SET error = NULL, message = (message - 'extra') || '{"values": {}}'
     FROM old WHERE r.idempotency_key = old.idempotency_key RETURNING old.was`,
  );
  const repairs = await emptied(
    `WITH old AS (SELECT run, key, before AS was FROM case_repair WHERE key = $1)
     UPDATE case_repair r SET before = '{}' FROM old WHERE r.run = old.run AND r.key = old.key RETURNING old.was`,
  );
  const sent = await emptied(
    `DELETE FROM outbox WHERE key = $1 RETURNING jsonb_build_array(payload->'values', payload->'record'->'values', payload->'conflicts') AS was`,
  );
  const parts = { records, revisions, requests, repairs, 'sent messages': sent };
  return {
    rows: Object.fromEntries(Object.entries(parts).map(([name, rows]) => [name, rows.length])),
    values: Object.values(parts)
      .flat()
      .map(({ was }) => was),
  };
};
