/** What was sealed of fulfilled contracts: in the org, in the middle layer and in the service application. */
import type { World } from '../../../simulation/world.ts';
import { thousandths, type EntryRow, type ContractRow } from './in-org.ts';

interface SealRow {
  Contract_Number__c: string;
  Entries__c: number;
  Units__c: string;
  Digest__c: string;
  Pending__c: string | null;
}

const sealsIn = (world: World): Promise<SealRow[]> =>
  world.query(
    'SELECT Contract_Number__c, Entries__c, Units__c, Digest__c, Pending__c FROM Contract_Seal__c ORDER BY Contract_Number__c',
  );

/** Seals that are on their way from Salesforce to the application and back, a line each. */
export const sealsUnderWay = async (world: World): Promise<string[]> => {
  const pending = (await sealsIn(world)).filter((seal) => seal.Pending__c !== null);
  const unknown = await world.db.query<{ line: string }>(
    `SELECT 'the seal of contract ' || contract_number || ' is not known to be right' AS line FROM usage_seal
      WHERE own_digest IS DISTINCT FROM digest ORDER BY 1`,
  );
  return [
    ...pending.map((seal) => `the seal of contract ${seal.Contract_Number__c} is pending`),
    ...unknown.map(({ line }) => line),
  ];
};

/** Every fulfilled contract, and no other, is sealed with what its entries come to. */
export const brokenSeals = async (
  world: World,
  contracts: readonly ContractRow[],
  entries: readonly EntryRow[],
): Promise<string[]> => {
  const seals = new Map((await sealsIn(world)).map((seal) => [seal.Contract_Number__c, seal]));
  return contracts.flatMap(({ ContractNumber: number, Fulfilled__c: fulfilled }) => {
    const seal = seals.get(number);
    if (fulfilled !== (seal !== undefined))
      return [`contract ${number} is ${fulfilled ? '' : 'not '}fulfilled, and ${seal ? 'sealed' : 'not sealed'}`];
    if (!seal) return [];
    const used = entries.filter((row) => !row.Cancelled__c && row.Line__r.Contract__r.ContractNumber === number);
    const units = used.reduce((sum, row) => sum + thousandths(row.Units__c), 0);
    return seal.Entries__c === used.length && thousandths(seal.Units__c) === units
      ? []
      : [
          `contract ${number} is sealed with ${seal.Units__c} units of ${seal.Entries__c} entries, and ${used.length} entries have ${units / 1000}`,
        ];
  });
};

interface Kept {
  number: string;
  entries: number;
  digest: string;
  own: string | null;
}

/** Once everything has arrived: org, middle layer and application have one seal of a contract, and the bookings come to it. */
export const sealsApart = async (world: World): Promise<string[]> => {
  const kept = async (table: 'usage_seal' | 'contract_seal'): Promise<Map<string, Kept>> =>
    new Map(
      (
        await world.db.query<Kept>(
          `SELECT contract_number AS number, entries, digest, own_digest AS own FROM ${table} ORDER BY contract_number`,
        )
      ).map((row) => [row.number, row]),
    );
  const places = [
    ['the middle layer', await kept('usage_seal')],
    ['the application', await kept('contract_seal')],
  ] as const;
  const seals = await sealsIn(world);
  return places.flatMap(([where, rows]) => [
    ...seals.flatMap(({ Contract_Number__c: number, Entries__c: entries, Digest__c: digest }) => {
      const row = rows.get(number);
      return row && row.entries === entries && row.digest === digest && row.own === digest
        ? []
        : [`the seal of contract ${number} is ${digest}; in ${where} it is ${row?.digest}, of bookings ${row?.own}`];
    }),
    ...[...rows.keys()]
      .filter((number) => !seals.some((seal) => seal.Contract_Number__c === number))
      .map((number) => `${where} has a seal of contract ${number}, which has none`),
  ]);
};
