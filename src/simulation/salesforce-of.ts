import { SalesforceClient } from '../shared/salesforce/client.ts';
import { API_VERSION } from '../shared/salesforce/version.ts';
import type { World } from './world.ts';

/** The org of a world as reconciliation asks it, outside the faulty network. */
export const salesforceOf = (world: World): SalesforceClient =>
  new SalesforceClient(
    async ({ method, url, body, as }) =>
      as === 'text' ? ((await world.salesforceText(url)) as never) : world.salesforce(method, url, body),
    API_VERSION,
  );
