/** Contracts of Salesforce, read live by jsforce under the application's own integration user. */
import { Connection, OAuth2 } from '@jsforce/jsforce-node';
import { API_VERSION } from '../../shared/salesforce/version.ts';
import { SalesforceAway, type Contracts } from '../contracts.ts';
import { contractsOver, recordsOf } from './queries.ts';

export interface SalesforceLogin {
  /** Of the org, without a path: `https://example.my.salesforce.com`. */
  url: string;
  /** An External Client App of the org that runs as the application's integration user (client credentials). */
  clientId: string;
  clientSecret: string;
  /** How long an answer is waited for, in milliseconds. */
  timeoutMs: number;
}

const words = (error: unknown): string => {
  const { errorCode, message } = error as { errorCode?: string; message?: string };
  if (/^(invalid_client|invalid_grant)/.test(errorCode ?? ''))
    return 'It does not let this application in: check its client id and secret.';
  return /timed? ?out|abort/i.test(message ?? '') ? 'It did not answer in time.' : 'It does not answer.';
};

/** What the org itself says of a request: a mistake of ours, not an outage. */
const SAID = /^(INVALID_FIELD|INVALID_TYPE|MALFORMED_QUERY|INSUFFICIENT_ACCESS)/;

/** Contracts of this org. */
export const salesforceContracts = (login: SalesforceLogin): Contracts => {
  const { url, clientId, clientSecret, timeoutMs } = login;
  const oauth2 = new OAuth2({ loginUrl: url, clientId, clientSecret });
  const authorize = async (connection: Connection): Promise<void> => {
    await connection.authorize({ grant_type: 'client_credentials' });
  };
  const connection = new Connection({
    oauth2,
    instanceUrl: url,
    version: API_VERSION,
    refreshFn: (expired, callback) => {
      authorize(expired).then(
        () => void callback(null, expired.accessToken ?? undefined),
        (error: Error) => void callback(error),
      );
    },
  });

  return contractsOver(async (soql) => {
    try {
      if (!connection.accessToken) await authorize(connection);
      const answer = await connection.request<string>(
        { method: 'GET', url: `/query?q=${encodeURIComponent(soql)}` },
        { responseType: 'text/plain', timeout: timeoutMs },
      );
      return recordsOf(answer);
    } catch (error) {
      if (error instanceof SalesforceAway || SAID.test((error as { errorCode?: string }).errorCode ?? '')) throw error;
      throw new SalesforceAway(words(error), { cause: error });
    }
  });
};
