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

/** A seal in progress. */
export interface SealingRow {
  Id: string;
  Contract__c: string;
  Contract__r: { ContractNumber: string };
  Entries__c: number;
  Expected__c: number;
  Step__c: number;
  Notice__c: string | null;
}

export const sealingsIn = (world: World): Promise<SealingRow[]> =>
  world.query(
    'SELECT Id, Contract__c, Contract__r.ContractNumber, Entries__c, Expected__c, Step__c, Notice__c FROM Contract_Sealing__c ORDER BY Contract__r.ContractNumber',
  );

/** Seals that are on their way from Salesforce to the application and back, a line each. */
export const sealsUnderWay = async (world: World): Promise<string[]> => {
  const sealings = await sealingsIn(world);
  const pending = (await sealsIn(world)).filter((seal) => seal.Pending__c !== null);
  const unknown = await world.db.query<{ line: string }>(
    `SELECT 'the middle layer does not know what the bookings of contract ' || contract_number || ' come to' AS line FROM contract_seal
      WHERE told_since IS DISTINCT FROM own_since ORDER BY 1`,
  );
  return [
    ...sealings.map(
      ({ Contract__r: { ContractNumber: number }, Entries__c: done, Expected__c: all, Notice__c: notice }) =>
        `contract ${number} is being sealed, ${done} of ${all} entries: ${notice ?? 'nothing is in the way'}`,
    ),
    ...pending.map((seal) => `the seal of contract ${seal.Contract_Number__c} is pending`),
    ...unknown.map(({ line }) => line),
  ];
};

/** What a seal in progress must not be: it never counts more than there is. */
const brokenSealings = (sealings: readonly SealingRow[]): string[] =>
  sealings
    .filter(({ Entries__c: counted, Expected__c: expected }) => counted > expected)
    .map(
      ({ Contract__r: { ContractNumber: number }, Entries__c: counted, Expected__c: expected }) =>
        `the seal in progress of contract ${number} has counted ${counted} of ${expected} entries`,
    );

/** Every fulfilled contract, and no other, is sealed with what its entries come to, or is being sealed. */
export const brokenSeals = async (
  world: World,
  contracts: readonly ContractRow[],
  entries: readonly EntryRow[],
): Promise<string[]> => {
  const seals = new Map((await sealsIn(world)).map((seal) => [seal.Contract_Number__c, seal]));
  const sealings = await sealingsIn(world);
  const begun = new Set(sealings.map((sealing) => sealing.Contract__r.ContractNumber));
  const ofContracts = contracts.flatMap(({ ContractNumber: number, Fulfilled__c: fulfilled }) => {
    const seal = seals.get(number);
    const states = [...(seal ? ['sealed'] : []), ...(begun.has(number) ? ['being sealed'] : [])];
    if (states.length !== (fulfilled ? 1 : 0))
      return [`contract ${number} is ${fulfilled ? '' : 'not '}fulfilled, and ${states.join(' and ') || 'not sealed'}`];
    if (!seal) return [];
    const used = entries.filter((row) => !row.Cancelled__c && row.Line__r.Contract__r.ContractNumber === number);
    const units = used.reduce((sum, row) => sum + thousandths(row.Units__c), 0);
    return seal.Entries__c === used.length && thousandths(seal.Units__c) === units
      ? []
      : [
          `contract ${number} is sealed with ${seal.Units__c} units of ${seal.Entries__c} entries, and ${used.length} entries have ${units / 1000}`,
        ];
  });
  return [...ofContracts, ...brokenSealings(sealings)];
};

interface Kept {
  number: string;
  entries: number;
  digest: string;
  own: string | null;
}

/**
 * Once everything has arrived: org, middle layer and application have one seal of a contract, and the bookings come to it.
 * `broken`: contracts of which the comparison told that the bookings come to something else.
 */
export const sealsApart = async (world: World, broken: ReadonlySet<string> = new Set()): Promise<string[]> => {
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
      return row && row.entries === entries && row.digest === digest && (row.own === digest || broken.has(number))
        ? []
        : [`the seal of contract ${number} is ${digest}; in ${where} it is ${row?.digest}, of bookings ${row?.own}`];
    }),
    ...[...rows.keys()]
      .filter((number) => !seals.some((seal) => seal.Contract_Number__c === number))
      .map((number) => `${where} has a seal of contract ${number}, which has none`),
  ]);
};
