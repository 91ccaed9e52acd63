import type { ExternalRequest } from '../../src/reconciliation/types.ts';
import { SalesforceClient } from '../../src/shared/salesforce/client.ts';
import { middleLayerTrail } from '../../src/reconciliation/trail/middle-layer.ts';
import type { AuditTrail } from '../../src/reconciliation/trail/types.ts';
import { API_VERSION } from '../../src/shared/salesforce/version.ts';
import type { OrgConnection } from '../../src/story/org/connect.ts';
import { textRequest } from './salesforce-text.ts';

/**
 * A connection of @salesforce/core as what reconciliation needs of an org: the core sends what is JSON, with its own
 * renewal of the session, retries and proxies.
 */
export const salesforceClient = (connection: OrgConnection, budget?: number): SalesforceClient => {
  const asText = textRequest(connection);
  return new SalesforceClient(
    async (request, onAgain) => {
      const { method, url, body, csv, as } = request;
      if (as === 'text' || csv !== undefined) return asText(request, onAgain);
      return connection.request({
        method,
        url,
        ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      });
    },
    API_VERSION,
    budget,
  );
};

const sendJson = async (who: string, method: string, url: string, token: string, body: unknown): Promise<unknown> => {
  const response = await fetch(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(`${who} answered ${response.status} to ${method} ${new URL(url).pathname}: ${text}`);
  return JSON.parse(text);
};

/** Speaks to the external system of a flow. */
export type ExternalOf = (flow: string) => ExternalRequest;

/** A store's public API, spoken to as JSON under a secret. */
export const jsonRequest =
  (who: string, url: string, token: string): ExternalRequest =>
  async (method, path, body) =>
    (await sendJson(who, method, `${url.replace(/\/+$/, '')}${path}`, token, body)) as never;

/** The external system's public API under its shared secret. */
export const externalRequest = (url: string, token: string): ExternalRequest =>
  jsonRequest('the external system', url, token);

/** The middle layer's audit trail, as an operator. */
export const auditTrail = (url: string, token: string): AuditTrail =>
  middleLayerTrail(
    async (path, body) => (await sendJson('the middle layer', 'POST', `${url}${path}`, token, body)) as never,
  );
