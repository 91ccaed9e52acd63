/**
 * The messages of the usage flow, as they cross HTTP between the service application, the middle layer and Salesforce.
 * See docs/usage-protocol.md for who sends what when.
 */

/** What an ad uses of a product of its contract. */
export interface Use {
  /** From 1; an ad's positions stay what they are, whatever product they name. */
  position: number;
  productNumber: string;
  /** An exact decimal above 0 with at most twelve digits before the point and three behind it. */
  units: string;
}

/**
 * What a supervisor decides of an ad that Salesforce could not enter.
 * - `NEXT_CONTRACT`: it moves to another contract
 * - `CREDIT`: it is not charged
 * - `DROP`: it comes to nothing
 */
export type DecisionKind = 'NEXT_CONTRACT' | 'CREDIT' | 'DROP';

/** A later version of the ad carries it out. */
export interface Decision {
  /** The version of the ad that was decided on. */
  version: number;
  kind: DecisionKind;
  /** At most `MAX_DECISION_REASON` characters; null only for the next contract. */
  reason: string | null;
  /** Who decided: at most `MAX_DECIDED_BY` characters. */
  by: string;
  /** ISO 8601. */
  at: string;
  /** The version of the ad that carries it out; absent: the one behind `version`. */
  carriedOut?: number;
  /** Whether it was made in Salesforce, and only comes back; absent: no. */
  inSalesforce?: boolean;
}

/** With the time, both fit into the 255 characters of `Usage_Exception__c.Decision_Reason__c`. */
export const MAX_DECISION_REASON = 150;
export const MAX_DECIDED_BY = 80;

/** An ad as it is now. A higher version says all that a lower one said. */
export interface AdMessage {
  kind: 'ad';
  /** Unique for each sending of content; a redelivery repeats it. */
  id: string;
  /** A lower-case UUID: the identity of the ad on every side. */
  adId: string;
  /** From 1; raised by each change of the ad. */
  version: number;
  title: string;
  contractNumber: string;
  /** ISO 4217. */
  currency: string;
  /** ISO 8601. */
  bookedAt: string;
  cancelled: boolean;
  uses: Use[];
  /** The last decision on the ad; absent: none was needed. */
  decision?: Decision;
}

/**
 * - `APPLIED`: Salesforce holds this version
 * - `IGNORED`: it held this version, or a newer one, before
 * - `EXCEPTION`: the contract could not take it: it waits in Salesforce for somebody's decision
 * - `REFUSED`: it could not be stored at all; a person corrects it
 */
export type AdOutcome = 'APPLIED' | 'IGNORED' | 'EXCEPTION' | 'REFUSED';

/** What became of an ad's version. */
export interface AdOutcomeMessage {
  kind: 'outcome';
  id: string;
  adId: string;
  version: number;
  outcome: AdOutcome;
  errorCode: string | null;
  message: string | null;
  /** The version that the ad's usage entries say now; null: it has none, or the outcome does not tell. */
  appliedVersion: number | null;
  /** ISO 8601: when Salesforce decided it. */
  at: string;
}

/** The seal of a fulfilled contract, as Salesforce keeps it: docs/usage-protocol.md, "Seals". */
export interface SealMessage {
  kind: 'seal';
  id: string;
  contractNumber: string;
  entries: number;
  /** Exact decimals as text. */
  units: string;
  amount: string;
  digest: string;
  /** What an invoice is made from: the text that `basisDigest` is of. */
  basis: string;
  basisDigest: string;
  /** ISO 8601. */
  sealedAt: string;
  /** Somebody who had taken it has lost it, and asked for it: what the bookings come to is told again too. */
  again?: true;
}

/** What somebody decided in Salesforce of an ad that could not be entered. It stands, whatever was decided elsewhere. */
export interface DecisionMessage {
  kind: 'decision';
  id: string;
  adId: string;
  /** The version that was decided on. */
  version: number;
  decision: DecisionKind;
  /** Of no other kind; null there too where the contract was deleted since. */
  nextContractNumber: string | null;
  /** Null: Salesforce asks for none. */
  reason: string | null;
  by: string;
  /** ISO 8601. */
  at: string;
  /** The version that the ad's usage entries say; null: it has none. */
  appliedVersion: number | null;
}

/** What the service application makes of its own bookings of a sealed contract. */
export interface OwnSealMessage {
  kind: 'ownSeal';
  id: string;
  contractNumber: string;
  entries: number;
  units: string;
  digest: string;
  /** ISO 8601: since when the bookings come to that. Never the same for two statements of a contract: the later one stands. */
  since: string;
}

/** What the middle layer tells the service application. */
export type ToService = AdOutcomeMessage | SealMessage | DecisionMessage;

/** Messages in one batch, in either direction. */
export const AD_BATCH_LIMIT = 200;
