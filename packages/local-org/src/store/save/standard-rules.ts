import type { SaveContext } from './context.ts';
import { checkContract } from './contract.ts';
import type { Entry } from './entry.ts';
import { checkEntry, checkPriceBook } from './price-books.ts';

const RULES: Record<string, (context: SaveContext, entry: Entry) => void> = {
  Contract: checkContract,
  Pricebook2: checkPriceBook,
  PricebookEntry: checkEntry,
};

/** Step: what Salesforce itself asks of records of standard objects, beyond their fields. */
export function checkStandardRules(context: SaveContext, entries: Entry[]): void {
  const check = RULES[context.object.name];
  if (check !== undefined) for (const entry of entries) check(context, entry);
}
