import { AuthInfo, Connection } from '@salesforce/core';
import { API_VERSION } from '../../shared/salesforce/version.ts';

export type OrgConnection = Connection;

export interface OrgAddress {
  instanceUrl: string;
  /** A session id: `00D…!…`. */
  accessToken: string;
}

/**
 * Connects to any org by its URL and an access token, through @salesforce/core as other clients of
 * Salesforce do. A token in place of the username keeps the core from writing auth files.
 */
export const connectTo = async ({ instanceUrl, accessToken }: OrgAddress): Promise<OrgConnection> => {
  const authInfo = await AuthInfo.create({ username: accessToken, accessTokenOptions: { instanceUrl, accessToken } });
  return Connection.create({ authInfo, connectionOptions: { instanceUrl, version: API_VERSION } });
};

/** Connects to an org that this machine is logged in to, by username or alias. */
export const connectToTarget = async (usernameOrAlias: string): Promise<OrgConnection> => {
  const { Org } = await import('@salesforce/core');
  const org = await Org.create({ aliasOrUsername: usernameOrAlias });
  return org.getConnection(API_VERSION);
};

/** Runs anonymous Apex. Throws with the org's own text when it does not compile or fails. */
export const executeAnonymous = async (connection: OrgConnection, apex: string): Promise<void> => {
  const result = await connection.tooling.executeAnonymous(apex);
  if (!result.compiled)
    throw new Error(`anonymous Apex did not compile at ${result.line}:${result.column}: ${result.compileProblem}`);
  if (!result.success)
    throw new Error(`anonymous Apex failed: ${result.exceptionMessage}\n${result.exceptionStackTrace}`);
};
