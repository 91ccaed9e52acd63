import assert from 'node:assert/strict';
import { salesforceClient } from '../../../scripts/reconciling/sides.ts';
import type { System } from '../../../src/flows/cases/told/system.ts';
import type { SalesforceClient } from '../../../src/shared/salesforce/client.ts';
import { connectTo } from '../../../src/story/org/connect.ts';

/** A client in a session of the user whom an app runs as. A session ends with two hours on the clock. */
export const logInBy = async (
  system: System,
  app: { consumerKey: string; consumerSecret: string },
): Promise<SalesforceClient> => {
  const response = await fetch(`${system.org.instanceUrl}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: app.consumerKey,
      client_secret: app.consumerSecret,
    }),
  });
  const { access_token: accessToken } = (await response.json()) as { access_token: string };
  assert.ok(accessToken, `${app.consumerKey} cannot log in: ${response.status}`);
  return salesforceClient(await connectTo({ instanceUrl: system.org.instanceUrl, accessToken }));
};
