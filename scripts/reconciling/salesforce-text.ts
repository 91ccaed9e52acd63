import { fetchTransport } from 'kernel/http.ts';
import { underSession, type Sessions } from '../../src/shared/salesforce/under-session.ts';
import type { SalesforceRequest } from '../../src/shared/salesforce/client.ts';
import type { OrgConnection } from '../../src/story/org/connect.ts';

/** A set of results has some 50 MB: milliseconds for it to arrive on a slow line. */
export const PATIENCE = 10 * 60_000;

/** The session that the core keeps of a person's login. */
export const sessionsOf = (connection: OrgConnection): Sessions => ({
  session: async () => ({ accessToken: connection.accessToken ?? '', instanceUrl: connection.instanceUrl }),
  end: () => connection.refreshAuth(),
});

/**
 * Gets resources of the org as they come, with their headers: the core would read CSV into records and keep the
 * headers, which say where the next set of results is, to itself.
 */
export const textRequest = (connection: OrgConnection): SalesforceRequest =>
  underSession({ sessions: sessionsOf(connection), transport: fetchTransport(PATIENCE), now: Date.now });
