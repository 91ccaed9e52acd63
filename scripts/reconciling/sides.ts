import type { ExternalRequest } from '../../src/reconciliation/sides/external-records.ts';
import { SalesforceClient } from '../../src/reconciliation/sides/salesforce-client.ts';
import { API_VERSION, executeAnonymous, type OrgConnection } from '../org/connect.ts';
import { getText } from './salesforce-text.ts';

/** A connection of @salesforce/core as what reconciliation needs of an org. */
export const salesforceClient = (connection: OrgConnection, budget?: number): SalesforceClient =>
  new SalesforceClient(
    async ({ method, url, body, as }) => {
      if (as === 'text') return (await getText(connection, url)) as never;
      return connection.request({
        method,
        url,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    },
    API_VERSION,
    budget,
  );

/** Asks the org to send requests or write-backs of these Cases once more, 200 at a time. */
export const requestAgainBy =
  (connection: OrgConnection) =>
  async (caseIds: string[]): Promise<void> => {
    for (let start = 0; start < caseIds.length; start += 200) {
      const ids = caseIds.slice(start, start + 200).map((id) => `'${id}'`);
      await executeAnonymous(connection, `CaseRepair.requestAgain(new Set<Id>{ ${ids.join(', ')} });`);
    }
  };

/** As the person the connection belongs to, who needs the permission for it. */
export const closeBreakerBy = (connection: OrgConnection): Promise<void> =>
  executeAnonymous(connection, 'ConcordBreaker.close();');

/** The external system's public API under its shared secret. */
export const externalRequest =
  (url: string, token: string): ExternalRequest =>
  async (method, path, body) => {
    const response = await fetch(`${url}${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the external system answered ${response.status} to ${method} ${path}: ${text}`);
    return JSON.parse(text) as never;
  };
