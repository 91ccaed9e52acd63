import { RequestError } from '../../shared/router.ts';
import { conflictValues, type Held } from '../../shared/erasure.ts';
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
  await refuseQueued(tx, key);
};

const refuseQueued = async (tx: Queryable, key: string): Promise<void> => {
  const [queued] = await tx.query("SELECT 1 FROM outbox WHERE key = $1 AND state = 'queued'", [key]);
  if (queued) refuse('UNDER_WAY', `a message about ${key} waits in the outbox: ask again when it is sent`);
};

const EMPTY_REPAIRS = `WITH old AS (SELECT run, key, before AS was FROM case_repair WHERE key = $1)
  UPDATE case_repair r SET before = '{}' FROM old WHERE r.run = old.run AND r.key = old.key RETURNING old.was`;
const DELETE_SENT = `DELETE FROM outbox WHERE key = $1
  RETURNING jsonb_build_array(payload->'values', payload->'record'->'values', ${conflictValues("payload->'conflicts'")}) AS was`;

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
    `WITH old AS (SELECT key, revision, jsonb_build_array(values, request_values, ${conflictValues('conflicts')}) AS was FROM case_revision WHERE key = $1)
     UPDATE case_revision r SET values = '{}', request_values = NULL, conflicts = NULL
     FROM old WHERE r.key = old.key AND r.revision = old.revision RETURNING old.was`,
  );
  const requests = await emptied(
    `WITH old AS (SELECT idempotency_key, jsonb_build_array(message->'values', message->'extra') AS was FROM case_request WHERE key = $1)
     UPDATE case_request r SET error = NULL, message = (message - 'extra') || '{"values": {}}'
     FROM old WHERE r.idempotency_key = old.idempotency_key RETURNING old.was`,
  );
  const repairs = await emptied(EMPTY_REPAIRS);
  const sent = await emptied(DELETE_SENT);
  return heldIn({ records, revisions, requests, repairs, 'sent messages': sent });
};

const heldIn = (parts: Record<string, { was: unknown }[]>): Held => ({
  rows: Object.fromEntries(Object.entries(parts).map(([name, rows]) => [name, rows.length])),
  values: Object.values(parts)
    .flat()
    .map(({ was }) => was),
});

/**
 * Erases what the registry keeps of the past of a record that lives on: earlier revisions and requests, as far as the next request is
 * not merged on them (as `deleteOutdated`), what came with requests beside their values, what repairs and conflicts replaced, and
 * the messages that were sent. Throws RequestError 409 for a record that is deleted, or while something about it waits to be sent.
 */
export const eraseFormer = async (tx: Queryable, key: string): Promise<Held> => {
  await lockKey(tx, key);
  const record = await lockRecord(tx, key);
  if (!record || record.deleted_at || record.salesforce_deletion)
    refuse('RECORD_DELETED', `no case with the key ${key} lives here: erase it as a deleted one`);
  await refuseQueued(tx, key);
  const taken = async (sql: string): Promise<{ was: unknown }[]> => tx.query(sql, [key]);
  const records = await taken(
    `WITH old AS (SELECT key, extra AS was FROM case_record WHERE key = $1 AND extra IS NOT NULL)
     UPDATE case_record r SET extra = NULL FROM old WHERE r.key = old.key RETURNING old.was`,
  );
  const revisions = await taken(
    `DELETE FROM case_revision old USING case_record r
      WHERE r.key = old.key AND r.key = $1 AND old.revision < least(r.revision, coalesce(r.acknowledged_revision, 0))
        AND (old.request_values IS NULL OR EXISTS (
              SELECT 1 FROM case_revision newer
               WHERE newer.key = old.key AND newer.revision > old.revision AND newer.request_values IS NOT NULL))
      RETURNING jsonb_build_array(old.values, old.request_values, ${conflictValues('old.conflicts')}) AS was`,
  );
  const conflicts = await taken(
    `WITH old AS (SELECT key, revision, ${conflictValues('conflicts')} AS was FROM case_revision WHERE key = $1 AND conflicts IS NOT NULL)
     UPDATE case_revision r SET conflicts = NULL FROM old WHERE r.key = old.key AND r.revision = old.revision RETURNING old.was`,
  );
  const requests = await taken(
    `DELETE FROM case_request old WHERE key = $1
        AND EXISTS (SELECT 1 FROM case_request newer WHERE newer.key = old.key AND newer.version > old.version)
      RETURNING jsonb_build_array(message->'values', message->'extra') AS was`,
  );
  const extras = await taken(
    `WITH old AS (SELECT idempotency_key, message->'extra' AS was FROM case_request WHERE key = $1 AND message ? 'extra')
     UPDATE case_request r SET message = message - 'extra' FROM old WHERE r.idempotency_key = old.idempotency_key RETURNING old.was`,
  );
  const repairs = await taken(EMPTY_REPAIRS);
  const sent = await taken(DELETE_SENT);
  return heldIn({ records, revisions, conflicts, requests, extras, repairs, 'sent messages': sent });
};
