/** Contracts of Salesforce, read live by jsforce under the application's own integration user. */
import { Connection, OAuth2 } from '@jsforce/jsforce-node';
import { isPlain } from '../../shared/shapes.ts';
import { anywhere, quoted } from '../../shared/salesforce/soql.ts';
import { API_VERSION } from '../../shared/salesforce/version.ts';
import { SalesforceAway, type Contract, type Contracts, type Line } from '../contracts.ts';

export interface SalesforceLogin {
  /** Of the org, without a path: `https://example.my.salesforce.com`. */
  url: string;
  /** An External Client App of the org that runs as the application's integration user (client credentials). */
  clientId: string;
  clientSecret: string;
  /** How long an answer is waited for, in milliseconds. */
  timeoutMs: number;
}

type Row = Record<string, unknown>;

const CONTRACT = 'SELECT ContractNumber, Account.Name, Usage_Currency__c, Fulfilled__c';

const words = (error: unknown): string => {
  const { errorCode, message } = error as { errorCode?: string; message?: string };
  if (/^(invalid_client|invalid_grant)/.test(errorCode ?? ''))
    return 'It does not let this application in: check its client id and secret.';
  return /timed? ?out|abort/i.test(message ?? '') ? 'It did not answer in time.' : 'It does not answer.';
};

/** What the org itself says of a request: a mistake of ours, not an outage. */
const SAID = /^(INVALID_FIELD|INVALID_TYPE|MALFORMED_QUERY|INSUFFICIENT_ACCESS)/;

/** Numbers as the text that they came as: a float of sixteen digits is another number. */
const exactJson = (text: string): unknown =>
  JSON.parse(text, (_name, value: unknown, context?: { source: string }) =>
    typeof value === 'number' && context ? context.source : value,
  );

const text = (value: unknown): string => (typeof value === 'string' ? value : '');

const headOf = (row: Row): Omit<Contract, 'lines'> => ({
  number: text(row.ContractNumber),
  account: text((row.Account as Row | null)?.Name),
  currency: text(row.Usage_Currency__c),
  fulfilled: row.Fulfilled__c === true,
});

const lineOf = (row: Row): Line => ({
  productNumber: text((row.Product__r as Row | null)?.ProductCode),
  productName: text((row.Product__r as Row | null)?.Name),
  unitPrice: text(row.Unit_Price__c),
  sold: text(row.Units__c),
  consumed: text(row.Consumed_Units__c) || '0',
  available: text(row.Available_Units__c),
});

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

  const query = async (soql: string): Promise<Row[]> => {
    try {
      if (!connection.accessToken) await authorize(connection);
      const answer = await connection.request<string>(
        { method: 'GET', url: `/query?q=${encodeURIComponent(soql)}` },
        { responseType: 'text/plain', timeout: timeoutMs },
      );
      const page = exactJson(answer);
      if (isPlain(page) && Array.isArray(page.records)) return page.records as Row[];
    } catch (error) {
      if (SAID.test((error as { errorCode?: string }).errorCode ?? '')) throw error;
      throw new SalesforceAway(words(error), { cause: error });
    }
    throw new SalesforceAway('What answers there is not Salesforce.');
  };

  return {
    search: async (wanted, limit) => {
      const like = anywhere(wanted);
      const where = wanted === '' ? '' : ` WHERE ContractNumber LIKE ${like} OR Account.Name LIKE ${like}`;
      return (await query(`${CONTRACT} FROM Contract${where} ORDER BY CreatedDate DESC LIMIT ${limit}`)).map(headOf);
    },
    read: async (number) => {
      const [found] = await query(
        `${CONTRACT}, (SELECT Product__r.ProductCode, Product__r.Name, Unit_Price__c, Units__c, Consumed_Units__c, Available_Units__c FROM Contract_Lines__r ORDER BY Product__r.ProductCode LIMIT 200) FROM Contract WHERE ContractNumber = ${quoted(number)} LIMIT 1`,
      );
      if (!found) return null;
      const lines = (found.Contract_Lines__r as { records?: Row[] } | null)?.records ?? [];
      return { ...headOf(found), lines: lines.map(lineOf) };
    },
  };
};
