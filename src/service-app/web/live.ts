/** What Salesforce says now, for pages. */
import { SalesforceAway, type Contract, type Contracts } from '../contracts.ts';
import type { Live } from './contract-pages.ts';

/** That it says nothing is an answer too. */
export const live = async <T>(ask: Promise<T>): Promise<Live<T>> => {
  try {
    return { is: 'read', value: await ask };
  } catch (error) {
    if (!(error instanceof SalesforceAway)) throw error;
    return { is: 'away', message: error.message };
  }
};

/** What Salesforce says of a contract, or why it says nothing. */
export const contractOf = async (contracts: Contracts, number: string): Promise<Contract | string | null> => {
  if (number === '') return null;
  const found = await live(contracts.read(number));
  return found.is === 'away' ? found.message : found.value;
};
