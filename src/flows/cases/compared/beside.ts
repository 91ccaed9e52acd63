import { chunks } from '../../../reconciliation/sides/salesforce-records.ts';
import type { Compared as AnyCompared } from '../../../reconciliation/types.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { isOneOf } from '../../../shared/salesforce/soql.ts';
import type { CaseKind, CaseState, RegistryState } from './types.ts';

type Compared = AnyCompared<CaseState, RegistryState, CaseKind>;

/** What a Case would be found as whose state the org does not let Concord store. */
const MAY_STAND_BESIDE: ReadonlySet<CaseKind> = new Set<CaseKind>([
  'stuck in progress',
  'failed',
  'lost acknowledgement',
  'lost write-back',
  'version skew',
  'field mismatch',
]);

const COLUMNS = 'Sync_Key__c, Version__c, Status__c, Error_Code__c, Error__c';

/** The rows of Unsaved_Sync_State__c by key: one call for each 1,000 keys. */
const readRows = async (client: SalesforceClient, keys: string[]): Promise<Map<string, Record<string, unknown>>> => {
  const queries = chunks(keys).map(
    (part) => `SELECT ${COLUMNS} FROM Unsaved_Sync_State__c WHERE ${isOneOf('Sync_Key__c', part)}`,
  );
  return new Map((await client.composite(queries)).flat().map((row) => [row.Sync_Key__c as string, row]));
};

/** Tells the Cases whose state stands beside them, in the words with which the org refused it (docs/host-automation.md). */
export const lookBeside = async (client: SalesforceClient, found: Compared[]): Promise<Compared[]> => {
  const suspects = found.filter(({ discrepancy, salesforce }) => salesforce && MAY_STAND_BESIDE.has(discrepancy.kind));
  if (suspects.length === 0) return found;
  const rows = await readRows(
    client,
    suspects.map(({ discrepancy }) => discrepancy.key),
  );
  return found.map((compared) => {
    const row = rows.get(compared.discrepancy.key);
    // a Case of a later version was saved since: what stood beside it speaks of an earlier one
    if (!row || !suspects.includes(compared) || Number(row.Version__c) !== compared.salesforce!.version)
      return compared;
    const detail = `in truth it is ${String(row.Status__c)}; the org refuses to store that: ${String(row.Error_Code__c)}: ${String(row.Error__c)}`;
    return { ...compared, discrepancy: { ...compared.discrepancy, kind: 'state not stored', detail } };
  });
};
