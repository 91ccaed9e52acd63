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

/** What the integration user may not read, Salesforce does not know. */
const UNREADABLE = /^(INVALID_FIELD|INVALID_TYPE|INSUFFICIENT_ACCESS)/;

/** The code that Salesforce gives: beside a status, where jsforce leaves the body as text, in that. */
const codeOf = ({ errorCode, message }: { errorCode?: string; message?: string }): string =>
  /^ERROR_HTTP_/.test(errorCode ?? '')
    ? (/"errorCode"\s*:\s*"(\w+)"/.exec(message ?? '')?.[1] ?? errorCode!)
    : (errorCode ?? '');

const words = (error: unknown): string => {
  const { message } = error as { message?: string };
  const errorCode = codeOf(error as Error);
  if (UNREADABLE.test(errorCode))
    return `It does not show this application all that it asks for (${errorCode}): deploy the permission set Concord_Usage_Application again.`;
  if (/^(invalid_client|invalid_grant)/.test(errorCode))
    return 'It does not let this application in: check its client id and secret.';
  return /timed? ?out|abort/i.test(message ?? '') ? 'It did not answer in time.' : 'It does not answer.';
};

/** What the org itself says of a request: a mistake of ours, not an outage. */
const SAID = /^MALFORMED_QUERY/;

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
      if (error instanceof SalesforceAway || SAID.test(codeOf(error as Error))) throw error;
      throw new SalesforceAway(words(error), { cause: error });
    }
  });
};
