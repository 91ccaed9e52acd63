/** The basis of a seal: what an invoice is made from, as it was when the contract was fulfilled. */
import { isArrayOf, isPlain, isText, parsed } from '../../shared/shapes.ts';

export interface BasisLine {
  /** Of the contract line in Salesforce. */
  id: string;
  productNumber: string;
  productName: string;
  /** Exact decimals as text. */
  sold: string;
  price: string;
  units: string;
  entries: number;
}

export interface Basis {
  contract: { id: string; number: string; currency: string; fulfilledAt: string };
  account: { name: string; street: string; city: string; state: string; postalCode: string; country: string };
  lines: BasisLine[];
}

const DECIMAL = /^\d+(\.\d+)?$/;
const isDecimal = (value: unknown): boolean => isText(value) && DECIMAL.test(value);

const isLine = (value: unknown): value is BasisLine =>
  isPlain(value) &&
  isText(value.id) &&
  isText(value.productNumber) &&
  isText(value.productName) &&
  [value.sold, value.price, value.units].every(isDecimal) &&
  Number.isInteger(value.entries);

const isBasis = (value: unknown): value is Basis => {
  if (!isPlain(value) || !isPlain(value.contract) || !isPlain(value.account)) return false;
  const { contract, account } = value;
  return (
    [contract.id, contract.number, contract.currency, contract.fulfilledAt].every(isText) &&
    [account.name, account.street, account.city, account.state, account.postalCode, account.country].every(isText) &&
    isArrayOf(value.lines, isLine)
  );
};

/** Null: the text is no basis. */
export const basisOf = (text: string): Basis | null => {
  const value = parsed(text);
  return isBasis(value) ? value : null;
};
