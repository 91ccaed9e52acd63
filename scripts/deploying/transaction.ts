/** What deployments and removals have in common. */
import type { Connection } from '@salesforce/core';
import type { ComponentSet, DeploySetOptions, MetadataApiDeployStatus } from '@salesforce/source-deploy-retrieve';
import { describeFailure } from './describe-failure.ts';

/** In an org whose own tests take hours a deployment does too. */
const MAX_WAIT_SECONDS = 12 * 3600;
const POLL_MS = 1000;
/** A call of listMetadata takes so many types. */
const TYPES_PER_CALL = 3;

export interface Named {
  type: { name: string };
  fullName: string;
}

/** As it is told to people: `CustomField Case.Sync_Key__c`. */
export const keyOf = ({ type, fullName }: Named): string => `${type.name} ${fullName}`;

/** What the org has of these types, by key. */
export const listed = async (connection: Connection, types: readonly string[]): Promise<Set<string>> => {
  const found = new Set<string>();
  for (let at = 0; at < types.length; at += TYPES_PER_CALL) {
    const queries = types.slice(at, at + TYPES_PER_CALL).map((type) => ({ type }));
    for (const { type, fullName } of await connection.metadata.list(queries)) found.add(`${type} ${fullName}`);
  }
  return found;
};

/**
 * Carries out what a set of components asks for: all of it or nothing. Throws Error that lists what the org refused, file
 * by file and test by test.
 */
export const carryOut = async (
  set: ComponentSet,
  connection: Connection,
  apiOptions: DeploySetOptions['apiOptions'],
  onUpdate: (status: MetadataApiDeployStatus) => void,
): Promise<MetadataApiDeployStatus> => {
  const operation = await set.deploy({
    // The library brings a @salesforce/core of its own, whose Connection is another type and the same thing.
    usernameOrConnection: connection as unknown as DeploySetOptions['usernameOrConnection'],
    apiOptions: { ...apiOptions, rollbackOnError: true, singlePackage: true },
  });
  operation.onUpdate(onUpdate);
  const result = await operation.pollStatus(POLL_MS, MAX_WAIT_SECONDS);
  if (!result.response.success) throw new Error(describeFailure(result));
  return result.response;
};
