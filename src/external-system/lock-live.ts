import { RequestError } from '../shared/router.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { lockRecord } from './db/queries/lock-record.ts';
import type { CaseRecord } from './records.ts';

/** The record, locked until the transaction ends. Throws RequestError when there is none, or it is deleted. */
export const lockLive = async (tx: Queryable, externalId: string): Promise<CaseRecord> => {
  const [row] = await tx.query<{ key: string }>('SELECT key FROM case_record WHERE external_id = $1', [externalId]);
  const record = row ? await lockRecord(tx, row.key) : null;
  if (!record) throw new RequestError(404, 'NOT_FOUND', `no case ${externalId} is registered here`);
  if (record.deleted_at) throw new RequestError(409, 'DELETED', `case ${externalId} is deleted; it is not sent again`);
  return record;
};
