/** Contracts as Salesforce owns them. They are read live and never kept: what is shown is what is true now. */
import type { Use } from '../shared/usage-messages.ts';
import type { SealProgress } from '../shared/seal-progress.ts';

export interface Line {
  productNumber: string;
  productName: string;
  /** Exact decimals, as text. */
  unitPrice: string;
  sold: string;
  consumed: string;
  available: string;
}

export interface Contract {
  number: string;
  account: string;
  /** ISO 4217. */
  currency: string;
  fulfilled: boolean;
  lines: Line[];
  /** Null: no seal of it is in progress. */
  sealing: SealProgress | null;
}

/** A contract without what only its own page shows. */
export type ContractHead = Omit<Contract, 'lines' | 'sealing'>;

/** Salesforce gave no answer, or would not let this application in. `message` says which, for people. */
export class SalesforceAway extends Error {
  override name = 'SalesforceAway';
}

/** A usage entry that counts, as it stands in Salesforce. */
export interface LiveEntry {
  key: string;
  version: number;
  /** An exact decimal, as text. */
  units: string;
  lineId: string;
}

/** A seal as it stands in Salesforce. */
export interface LiveSeal {
  entries: number;
  units: string;
  amount: string;
  digest: string;
  basis: string;
  basisDigest: string;
}

/** An ad as its usage entries in Salesforce say it, at the version that was applied last. */
export interface LiveAd {
  /** A UUID. */
  id: string;
  version: number;
  title: string;
  contractNumber: string;
  /** ISO 4217. */
  currency: string;
  bookedAt: Date;
  /** No entry of it counts. */
  cancelled: boolean;
  uses: Use[];
}

/** All reject with SalesforceAway. */
export interface Contracts {
  /** Contracts whose number or account has the text, at most `limit`, newest first, without their lines. */
  search(text: string, limit: number): Promise<ContractHead[]>;
  /** One contract with its lines in order of their products; null when there is none of that number. */
  read(number: string): Promise<Contract | null>;
  /** The seal of a fulfilled contract, and the usage entries that stand there now; null when it has no seal. */
  readSeal(number: string): Promise<{ seal: LiveSeal; entries: LiveEntry[] } | null>;
  /** Those of these ads (at most 100) that have usage entries, in whatever contract. */
  readAds(ids: readonly string[]): Promise<LiveAd[]>;
}
