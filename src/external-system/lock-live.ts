import { RequestError } from '../shared/router.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { lockRecord, recordByNumber } from './db/records.ts';
import type { CaseRecord } from './records.ts';

/** The record, locked until the transaction ends. Throws RequestError when there is none, or it is deleted. */
export const lockLive = async (tx: Queryable, externalId: string): Promise<CaseRecord> => {
  const found = await recordByNumber(tx, externalId);
  const record = found ? await lockRecord(tx, found.key) : null;
  if (!record) throw new RequestError(404, 'NOT_FOUND', `no case ${externalId} is registered here`);
  if (record.deleted_at) throw new RequestError(409, 'DELETED', `case ${externalId} is deleted`);
  return record;
};
