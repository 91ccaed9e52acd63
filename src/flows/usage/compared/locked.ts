import { chunks } from '../../../reconciliation/sides/salesforce-records.ts';
import type { Compared as AnyCompared } from '../../../reconciliation/types.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { isOneOf } from '../../../shared/salesforce/soql.ts';
import type { BookingState, EntryState, UsageKind } from './types.ts';

type Compared = AnyCompared<EntryState, BookingState, UsageKind>;

/** Kinds whose repair would write into the contract that the booking names. */
const WRITTEN: ReadonlySet<UsageKind> = new Set<UsageKind>([
  'missing in Salesforce',
  'field mismatch',
  'version skew',
  'bypassed trigger',
]);

/** The contract that the booking names, where another than the entry's would be written. */
const namedContract = ({ discrepancy, external }: Compared): string | null =>
  WRITTEN.has(discrepancy.kind) ? (external?.contractNumber ?? null) : null;

/** Tells differences of contracts that are fulfilled as what they are: nobody changes those any more. */
export const lookWhetherLocked = async (client: SalesforceClient, found: Compared[]): Promise<Compared[]> => {
  const numbers = [...new Set(found.map(namedContract).filter((number) => number !== null))];
  if (numbers.length === 0) return found;
  const queries = chunks(numbers).map(
    (part) => `SELECT ContractNumber FROM Contract WHERE ${isOneOf('ContractNumber', part)} AND Fulfilled__c = TRUE`,
  );
  const locked = new Set((await client.composite(queries)).flat().map((row) => row.ContractNumber as string));
  return found.map((compared) =>
    locked.has(namedContract(compared) ?? '')
      ? { ...compared, discrepancy: { ...compared.discrepancy, kind: 'broken seal' } }
      : compared,
  );
};
