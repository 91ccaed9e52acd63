/** Seals of fulfilled contracts that do not come to their end: no digest tells that. */
import type { Rules } from '../../../reconciliation/find/at-rest.ts';
import type { Discrepancy } from '../../../reconciliation/types.ts';
import { isStuck, PROGRESS_COLUMNS, progressOf } from '../../../shared/seal-progress.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { keyOfContract } from '../carried/drafts.ts';
import type { UsageKind } from './types.ts';

/** Contracts of which a run names the seals, those first that have not moved for the longest time. */
const MAX_NAMED = 200;

/** Seals in progress that somebody has to look at; one API call. */
export const findUnfinishedSeals = async (
  client: SalesforceClient,
  { now }: Pick<Rules, 'now'>,
): Promise<Discrepancy<UsageKind>[]> => {
  const rows = await client.query(
    `SELECT Contract__c, Contract__r.ContractNumber, ${PROGRESS_COLUMNS} FROM Contract_Sealing__c ORDER BY LastModifiedDate LIMIT ${MAX_NAMED}`,
  );
  return rows.flatMap((row): Discrepancy<UsageKind>[] => {
    const sealing = progressOf(row);
    if (!isStuck(sealing, now)) return [];
    const number = (row.Contract__r as { ContractNumber: string }).ContractNumber;
    return [
      {
        kind: 'unfinished seal',
        key: `contract ${keyOfContract(number)}`,
        recordId: row.Contract__c as string,
        externalId: null,
        fields: [],
        detail: `the seal of contract ${number} has ${sealing.counted} of ${sealing.expected} entries; ${sealing.notice === null ? `its last step was at ${new Date(sealing.movedAt).toISOString()}` : 'its notice says why it does not go on'}`,
      },
    ];
  });
};
