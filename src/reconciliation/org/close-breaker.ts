import type { SalesforceClient } from '../sides/salesforce-client.ts';

const PATH = '/services/apexrest/concord/v1/breaker/close';

/** Closes the circuit breaker as the person the client belongs to, who needs the permission Close Concord Breaker. */
export const closeBreaker = async (client: SalesforceClient): Promise<void> => {
  await client.post(PATH, {});
};
