/** What is asked of Salesforce about contracts, and how its answers are read, whatever carries them. */
import { isArrayOf, isPlain } from '../../shared/shapes.ts';
import { anywhere, isOneOf, quoted, timeOf } from '../../shared/salesforce/soql.ts';
import { partsOfKey } from '../../shared/usage-entry.ts';
import { PROGRESS_COLUMNS, progressOf } from '../../shared/seal-progress.ts';
import { decimalOfNumber, exactText } from '../../shared/exact-decimal.ts';
import {
  SalesforceAway,
  type ContractHead,
  type Contracts,
  type Line,
  type LiveAd,
  type LiveEntry,
  type LiveSeal,
} from '../contracts.ts';

type Row = Record<string, unknown>;

const CONTRACT = 'SELECT ContractNumber, Account.Name, Usage_Currency__c, Fulfilled__c';

/** Numbers as the text that they came as: a float of sixteen digits is another number. */
const exactJson = (text: string): unknown =>
  JSON.parse(text, (_name, value: unknown, context?: { source: string }) =>
    typeof value === 'number' && context ? context.source : value,
  );

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const headOf = (row: Row): ContractHead => ({
  number: text(row.ContractNumber),
  account: text((row.Account as Row | null)?.Name),
  currency: text(row.Usage_Currency__c),
  fulfilled: row.Fulfilled__c === true,
});

/** What a subquery found. */
const rowsIn = (details: unknown): Row[] => (details as { records?: Row[] } | null)?.records ?? [];

const lineOf = (row: Row): Line => ({
  productNumber: text((row.Product__r as Row | null)?.ProductCode),
  productName: text((row.Product__r as Row | null)?.Name),
  unitPrice: text(row.Unit_Price__c),
  sold: text(row.Units__c),
  consumed: text(row.Consumed_Units__c) || '0',
  available: text(row.Available_Units__c),
});

const sealOf = (row: Row): LiveSeal => ({
  entries: Number(row.Entries__c),
  units: text(row.Units__c),
  amount: text(row.Amount__c),
  digest: text(row.Digest__c),
  basis: text(row.Basis__c),
  basisDigest: text(row.Basis_Digest__c),
});

const entryOf = (row: Row): LiveEntry => ({
  key: text(row.Booking_Key__c),
  version: Number(row.Version__c),
  units: exactText(decimalOfNumber(text(row.Units__c))),
  lineId: text(row.Line__c),
});

/** Rows of one response of the REST API, at most (REST API Developer Guide, Query). */
const MAX_ROWS = 2_000;

/** The entries of a contract that count, page by page in the order of their ids. */
const entriesOf = async (query: Query, contractId: string): Promise<LiveEntry[]> => {
  const entries: LiveEntry[] = [];
  for (let after = ''; ;) {
    const rows = await query(
      `SELECT Id, Booking_Key__c, Version__c, Units__c, Line__c FROM Usage_Entry__c WHERE Line__r.Contract__c = ${quoted(contractId)} AND Cancelled__c = FALSE${after === '' ? '' : ` AND Id > ${quoted(after)}`} ORDER BY Id LIMIT ${MAX_ROWS}`,
    );
    if (rows.length === 0) return entries;
    entries.push(...rows.map(entryOf));
    after = text(rows.at(-1)!.Id);
  }
};

const AD_COLUMNS =
  'Ad_Id__c, Booking_Key__c, Title__c, Booked_At__c, Version__c, Units__c, Cancelled__c, Line__r.Product__r.ProductCode, Line__r.Contract__r.ContractNumber, Line__r.Contract__r.Usage_Currency__c';
/** ISO 4217: no currency. A contract may take any. */
const NO_CURRENCY = 'XXX';

/** An ad of its entries: those that count, or of a cancelled one those that its last version took back. */
const adOf = (id: string, rows: readonly Row[]): LiveAd => {
  const counting = rows.filter(({ Cancelled__c: cancelled }) => cancelled !== true);
  const version = Math.max(...rows.map((row) => Number(row.Version__c)));
  const said = counting.length > 0 ? counting : rows.filter((row) => Number(row.Version__c) === version);
  const line = said[0]!.Line__r as Row;
  const contract = line.Contract__r as Row;
  return {
    id,
    version,
    title: text(said[0]!.Title__c) || id,
    contractNumber: text(contract.ContractNumber),
    currency: text(contract.Usage_Currency__c) || NO_CURRENCY,
    bookedAt: new Date(timeOf(said[0]!.Booked_At__c) ?? 0),
    cancelled: counting.length === 0,
    uses: said
      .map((row) => ({
        position: partsOfKey(text(row.Booking_Key__c))?.position ?? 1,
        productNumber: text(((row.Line__r as Row).Product__r as Row | null)?.ProductCode),
        units: exactText(decimalOfNumber(text(row.Units__c))),
      }))
      .toSorted((a, b) => a.position - b.position),
  };
};

/** Answers the records of a query, numbers as the text that they came as. Rejects with SalesforceAway. */
export type Query = (soql: string) => Promise<Row[]>;

/** The records of a query's answer; throws SalesforceAway where it is none. */
export const recordsOf = (answer: string): Row[] => {
  let page: unknown;
  try {
    page = exactJson(answer);
  } catch {
    page = null;
  }
  if (isPlain(page) && isArrayOf(page.records, isPlain)) return page.records;
  throw new SalesforceAway('What answers there is not Salesforce.');
};

/** Contracts as such queries find them. */
export const contractsOver = (query: Query): Contracts => ({
  search: async (wanted, limit) => {
    const like = anywhere(wanted);
    const where = wanted === '' ? '' : ` WHERE ContractNumber LIKE ${like} OR Account.Name LIKE ${like}`;
    return (await query(`${CONTRACT} FROM Contract${where} ORDER BY CreatedDate DESC LIMIT ${limit}`)).map(headOf);
  },
  read: async (number) => {
    const [found] = await query(
      `${CONTRACT}, (SELECT Product__r.ProductCode, Product__r.Name, Unit_Price__c, Units__c, Consumed_Units__c, Available_Units__c FROM Contract_Lines__r ORDER BY Product__r.ProductCode LIMIT 200), (SELECT ${PROGRESS_COLUMNS} FROM Contract_Sealings__r LIMIT 1) FROM Contract WHERE ContractNumber = ${quoted(number)} LIMIT 1`,
    );
    if (!found) return null;
    const [sealing] = rowsIn(found.Contract_Sealings__r);
    return {
      ...headOf(found),
      lines: rowsIn(found.Contract_Lines__r).map(lineOf),
      sealing: sealing ? progressOf(sealing) : null,
    };
  },
  readSeal: async (number) => {
    const [sealed] = await query(
      `SELECT Contract__c, Entries__c, Units__c, Amount__c, Digest__c, Basis__c, Basis_Digest__c FROM Contract_Seal__c WHERE Contract_Number__c = ${quoted(number)} LIMIT 1`,
    );
    return sealed ? { seal: sealOf(sealed), entries: await entriesOf(query, text(sealed.Contract__c)) } : null;
  },
  readAds: async (ids) => {
    const rows = await query(
      `SELECT ${AD_COLUMNS} FROM Usage_Entry__c WHERE ${isOneOf('Ad_Id__c', [...ids])} LIMIT ${MAX_ROWS}`,
    );
    return [...Map.groupBy(rows, (row) => text(row.Ad_Id__c))].map(([id, ofAd]) => adOf(id, ofAd));
  },
});
