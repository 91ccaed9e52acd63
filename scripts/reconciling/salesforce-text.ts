import type { TextAnswer } from '../../src/shared/salesforce/client.ts';
import type { OrgConnection } from '../../src/story/org/connect.ts';

/**
 * A resource of the org as it came, with its headers: the core would read CSV into records and keep the headers,
 * which say where the next set of results is, to itself. A session that has ended is renewed once.
 */
export const getText = async (connection: OrgConnection, path: string): Promise<TextAnswer> => {
  const get = (): Promise<Response> =>
    fetch(new URL(path, connection.instanceUrl), {
      headers: { authorization: `Bearer ${connection.accessToken}`, accept: 'text/csv' },
    });
  let response = await get();
  if (response.status === 401) {
    await connection.refreshAuth();
    response = await get();
  }
  const body = await response.text();
  if (!response.ok) throw new Error(`Salesforce answered ${response.status} to GET ${path}: ${body}`);
  return { headers: Object.fromEntries(response.headers), body };
};
