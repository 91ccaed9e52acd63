import type { Org } from 'local-org/types.ts';

export interface Answer {
  status: number;
  body: any;
}

/** Sends JSON to the org's API as one person; paths below `/services` count from there. */
export type OrgSession = (method: string, path: string, body?: unknown) => Promise<Answer>;

const REST = '/services/data/v67.0';

export const orgSession =
  (org: Org, accessToken: string): OrgSession =>
  async (method, path, body) => {
    const answer = await org.handle({
      method,
      url: path.startsWith('/services/') ? path : REST + path,
      headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json' },
      body: body === undefined ? '' : JSON.stringify(body),
    });
    return { status: answer.status, body: answer.body === '' ? null : JSON.parse(answer.body) };
  };

/** As `session`, for requests that have to succeed: answers their body. */
export const mustSucceed =
  (session: OrgSession) =>
  async (method: string, path: string, body?: unknown): Promise<any> => {
    const answer = await session(method, path, body);
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
    return answer.body;
  };

/** The records of a query. */
export const queried = async (session: OrgSession, soql: string): Promise<any[]> =>
  (await mustSucceed(session)('GET', `/query?q=${encodeURIComponent(soql)}`)).records;
