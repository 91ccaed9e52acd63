import type { SalesforceClient } from '../../shared/salesforce/client.ts';
import type { ComparedObject } from '../compared-object.ts';
import type { Element } from '../../shared/digest/element.ts';
import { keysOfElements, readUnsettledKeys } from '../sides/salesforce-records.ts';
import type { ExternalRequest } from '../types.ts';
import type { Candidates } from './candidates.ts';

export interface Sides {
  compared: ComparedObject;
  salesforce: SalesforceClient;
  external: ExternalRequest;
  /** As of ReconcileOptions. */
  parts?: number;
}

/** The keys of what differs by the sums, and of what is not at rest on either side: sums may be equal over what was never answered. */
export const candidateKeys = async (
  { compared, salesforce, external, parts }: Sides,
  candidates: Candidates,
): Promise<Set<string>> => {
  const keys = new Set<string>();
  const add = (found: string[]): void => found.forEach((key) => keys.add(key));
  const keysOf = (states: { key: string }[]): string[] => states.map(({ key }) => key);
  if (candidates.external.length > 0)
    add(keysOf(await compared.outside.lookUp(external, { elements: candidates.external })));
  // an updated record is two elements with one identity: its key is known already
  const known = new Set(candidates.external.map(({ k1, k2 }) => `${k1}|${k2}`));
  const onlyOurs: Element[] = candidates.salesforce.filter(({ k1, k2 }) => !known.has(`${k1}|${k2}`));
  if (onlyOurs.length > 0) add(await keysOfElements(salesforce, compared, onlyOurs));
  for await (const found of readUnsettledKeys(salesforce, compared, parts)) add(found);
  add(keysOf(await compared.outside.readUnsettled(external)));
  return keys;
};
