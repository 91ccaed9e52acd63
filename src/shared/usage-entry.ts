/** A usage entry as Salesforce and the service application digest it: docs/usage-protocol.md, "Compared". */
import { contentOf, type ContentType } from './digest/content.ts';
import { elementOf, type Element } from './digest/element.ts';
import type { Values } from './values.ts';

/** What an entry says, under the names that Salesforce has for it: class UsageDigest. */
export const ENTRY_TYPES = {
  'Line__r.Contract__r.ContractNumber': 'text',
  'Line__r.Product__r.ProductCode': 'text',
  Units__c: 'number',
  Version__c: 'number',
} as const satisfies Record<string, ContentType>;

export interface SaidEntry {
  contractNumber: string;
  productNumber: string;
  /** An exact decimal. */
  units: string;
  /** Of the ad. */
  version: number;
}

/** Fifteen digits at most: a number keeps them. */
export const entryValues = ({ contractNumber, productNumber, units, version }: SaidEntry): Values => ({
  'Line__r.Contract__r.ContractNumber': contractNumber,
  'Line__r.Product__r.ProductCode': productNumber,
  Units__c: Number(units),
  Version__c: version,
});

/** The identity of what an ad uses at a position. */
export const bookingKey = (adId: string, position: number): string => `${adId}#${position}`;

/** The ad and the position of a key; null: it is no key that the service application gives. */
export const partsOfKey = (key: string): { adId: string; position: number } | null => {
  const [, adId, position] =
    /^([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})#([1-9]\d{0,3})$/.exec(key) ?? [];
  return adId === undefined ? null : { adId, position: Number(position) };
};

export const entryElement = (key: string, said: SaidEntry): Element =>
  elementOf(key, contentOf(entryValues(said), ENTRY_TYPES));
