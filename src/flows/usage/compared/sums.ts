/** Whether lines say what their entries come to, and seals what their lines do: no digest tells that. */
import type { Discrepancy, FieldDifference } from '../../../reconciliation/types.ts';
import { isAtRest, type Rules } from '../../../reconciliation/find/at-rest.ts';
import { chunks } from '../../../reconciliation/sides/salesforce-records.ts';
import { decimal, exactText, isEqual, total, type Decimal } from '../../../shared/exact-decimal.ts';
import type { SalesforceClient } from '../../../shared/salesforce/client.ts';
import { isOneOf, quoted, timeOf } from '../../../shared/salesforce/soql.ts';
import type { UsageKind } from './types.ts';

/** Lines of one query, in the order of their ids: the primary key serves it, however many there are. */
const LINES_A_PAGE = 1_000;
/** Digits of units behind the point. */
const SCALE = 3;

type Times = Pick<Rules, 'now' | 'graceMs' | 'latest'>;

interface Sum {
  entries: number;
  units: Decimal;
}

interface Line {
  id: string;
  contractId: string;
  isSealed: boolean;
  modifiedAt: number;
  told: Sum;
  /** Of the entries that count. */
  found: Sum;
}

/** Sums of units have at most fifteen digits, and a double keeps those. */
const unitsOf = (value: unknown): Decimal => decimal(Number(value ?? 0).toFixed(SCALE));

const isSame = (one: Sum, other: Sum): boolean => one.entries === other.entries && isEqual(one.units, other.units);

const linesAfter = async (client: SalesforceClient, after: string): Promise<Record<string, unknown>[]> =>
  client.query(
    `SELECT Id, SystemModstamp, Consumed_Units__c, Usage_Count__c, Contract__c, Contract__r.Fulfilled__c FROM Contract_Line__c${after === '' ? '' : ` WHERE Id > ${quoted(after)}`} ORDER BY Id LIMIT ${LINES_A_PAGE}`,
  );

/** What the entries of these lines come to: two hundred lines a query, five queries a call. */
const sumsOf = async (client: SalesforceClient, lineIds: string[]): Promise<Map<string, Sum>> => {
  const queries = chunks(lineIds).map(
    (part) =>
      `SELECT Line__c line, COUNT(Id) n, SUM(Units__c) units FROM Usage_Entry__c WHERE ${isOneOf('Line__c', part)} AND Cancelled__c = FALSE GROUP BY Line__c`,
  );
  const rows = (await client.composite(queries)).flat();
  return new Map(
    rows.map((row) => [row.line as string, { entries: Number(row.n), units: unitsOf(row.units) } satisfies Sum]),
  );
};

/** A page of lines with the sums of their entries. */
const readLines = async (client: SalesforceClient, after: string): Promise<Line[]> => {
  const rows = await linesAfter(client, after);
  const sums = await sumsOf(
    client,
    rows.map(({ Id }) => Id as string),
  );
  return rows.map((row) => ({
    id: row.Id as string,
    contractId: row.Contract__c as string,
    isSealed: (row.Contract__r as Record<string, unknown> | null)?.Fulfilled__c === true,
    modifiedAt: timeOf(row.SystemModstamp)!,
    told: { entries: Number(row.Usage_Count__c ?? 0), units: unitsOf(row.Consumed_Units__c) },
    found: sums.get(row.Id as string) ?? { entries: 0, units: decimal('0') },
  }));
};

const differing = (told: Sum, found: Sum, names: { entries: string; units: string }): FieldDifference[] =>
  (
    [
      [names.entries, told.entries, found.entries],
      [names.units, exactText(told.units), exactText(found.units)],
    ] as const
  )
    .filter(([, one, other]) => one !== other)
    .map(([field, one, other]) => ({ field, owner: 'Salesforce', salesforce: one, external: other }));

const wrongSum = ({ id, told, found }: Line): Discrepancy<UsageKind> => {
  const fields = differing(told, found, { entries: 'Usage_Count__c', units: 'Consumed_Units__c' });
  return {
    kind: 'wrong sum',
    key: id,
    recordId: id,
    externalId: null,
    fields,
    detail: `line ${id}: ${fields.map(({ field }) => field).join(', ')} not of its entries`,
  };
};

/** Seals of these contracts that are not what stands there. */
const brokenSeals = async (
  client: SalesforceClient,
  standing: ReadonlyMap<string, Sum>,
): Promise<Discrepancy<UsageKind>[]> => {
  const queries = chunks([...standing.keys()]).map(
    (part) =>
      `SELECT Id, Contract__c, Contract_Number__c, Entries__c, Units__c FROM Contract_Seal__c WHERE ${isOneOf('Contract__c', part)}`,
  );
  return (await client.composite(queries)).flat().flatMap((row): Discrepancy<UsageKind>[] => {
    const sealed: Sum = { entries: Number(row.Entries__c), units: decimal(row.Units__c as string) };
    const found = standing.get(row.Contract__c as string)!;
    if (isSame(sealed, found)) return [];
    const number = row.Contract_Number__c as string;
    return [
      {
        kind: 'broken seal',
        key: `contract ${number.toLowerCase()}`,
        recordId: row.Contract__c as string,
        externalId: null,
        fields: differing(sealed, found, { entries: 'Entries__c', units: 'Units__c' }),
        detail: `the seal of contract ${number} has ${sealed.entries} entries, ${found.entries} stand there; other units, or another number`,
      },
    ];
  });
};

/**
 * What is wrong with sums: lines one page after the other, three API calls for each thousand. What moved within the grace
 * may be amid a change, for sums and entries are read one after the other.
 */
export const findWrongSums = async (client: SalesforceClient, times: Times): Promise<Discrepancy<UsageKind>[]> => {
  const found: Discrepancy<UsageKind>[] = [];
  const standing = new Map<string, Sum>();
  for (let after = ''; ;) {
    const lines = await readLines(client, after);
    for (const line of lines.filter(({ modifiedAt }) => isAtRest(modifiedAt, times)))
      if (!isSame(line.told, line.found)) found.push(wrongSum(line));
    for (const { contractId, found: sum } of lines.filter(({ isSealed }) => isSealed)) {
      const before = standing.get(contractId) ?? { entries: 0, units: decimal('0') };
      standing.set(contractId, {
        entries: before.entries + sum.entries,
        units: total([before.units, sum.units]),
      });
    }
    if (lines.length < LINES_A_PAGE) return [...found, ...(await brokenSeals(client, standing))];
    after = lines.at(-1)!.id;
  }
};
