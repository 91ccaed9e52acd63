import type { HttpResponse } from 'kernel/http.ts';
import type { LocalOrg } from 'local-org';
import { SalesforceClient } from '../shared/salesforce/client.ts';
import { API_VERSION } from '../shared/salesforce/version.ts';
import type { World } from './world.ts';

/** Sends a request to an org, under its session; rejects when the org refuses it. */
export type Send = (method: string, url: string, body?: unknown) => Promise<HttpResponse>;

/** To an org in this process, as its administrator: no socket, no other thread. */
export const sendTo =
  (org: LocalOrg): Send =>
  async (method, url, body) => {
    const response = await org.handle({
      method,
      url,
      headers: { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    if (response.status >= 400) throw new Error(`${method} ${url} answered ${response.status}: ${response.body}`);
    return response;
  };

/** The client of Salesforce over such a sender. */
export const clientOver = (send: Send): SalesforceClient =>
  new SalesforceClient(async ({ method, url, body, as }) => {
    const response = await send(method, url, body);
    if (as === 'text') return response as never;
    return (response.body ? JSON.parse(response.body) : null) as never;
  }, API_VERSION);

/** The org of a world as reconciliation asks it, outside the faulty network. */
export const salesforceOf = (world: World): SalesforceClient =>
  clientOver((method, url, body) => world.request(method, url, body));
