import type { Replaced } from '../compared-object.ts';
import type { ExternalRequest } from '../types.ts';

/** What a run's repairs replaced, page by page of `GET /v1/repairs` of the external system; `key`: of this record alone. */
export const readReplacedPages = async (
  request: ExternalRequest,
  run: string,
  key: string | null,
): Promise<Replaced[]> => {
  const repairs: Replaced[] = [];
  for (let after: string | null = ''; after !== null;) {
    const query = new URLSearchParams({ run, after, ...(key === null ? {} : { key }) });
    const page: { repairs: Replaced[]; next: string | null } = await request('GET', `/v1/repairs?${query.toString()}`);
    repairs.push(...page.repairs);
    after = page.next;
  }
  return repairs;
};
