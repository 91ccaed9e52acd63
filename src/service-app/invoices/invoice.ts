/** The invoice of a fulfilled contract, made from the basis of its seal and from nothing else: so it always comes out the same. */
import { decimal, fixedText, rounded, times, total } from '../../shared/exact-decimal.ts';
import type { Basis, BasisLine } from './basis.ts';

export interface InvoiceLine {
  productNumber: string;
  productName: string;
  /** Exact decimals as text. */
  units: string;
  unitPrice: string;
  /** Units × price, rounded half up to two digits. */
  amount: string;
}

export interface Invoice {
  number: string;
  contractNumber: string;
  /** ISO 4217; empty: the contract names none. */
  currency: string;
  /** The day of the fulfilment, in UTC: `2026-11-27`. */
  date: string;
  account: Basis['account'];
  lines: InvoiceLine[];
  /** The sum of the lines' amounts. */
  total: string;
}

/** Digits of money behind the point: as many as Contract_Line__c.Unit_Price__c has. */
const MONEY = 2;

const lineOf = ({ productNumber, productName, units, price }: BasisLine): InvoiceLine => ({
  productNumber,
  productName,
  units,
  unitPrice: fixedText(rounded(decimal(price), MONEY)),
  amount: fixedText(rounded(times(decimal(units), decimal(price)), MONEY)),
});

/** Lines in the order of product numbers, then of their ids: Salesforce gives them in any. */
const inOrder = (lines: readonly BasisLine[]): BasisLine[] =>
  lines.toSorted((a, b) =>
    a.productNumber === b.productNumber ? (a.id < b.id ? -1 : 1) : a.productNumber < b.productNumber ? -1 : 1,
  );

export const invoiceOf = ({ contract, account, lines }: Basis): Invoice => {
  const charged = inOrder(lines).map(lineOf);
  return {
    number: `INV-${contract.number}`,
    contractNumber: contract.number,
    currency: contract.currency,
    date: contract.fulfilledAt.slice(0, 10),
    account,
    lines: charged,
    total: fixedText(rounded(total(charged.map(({ amount }) => decimal(amount))), MONEY)),
  };
};
