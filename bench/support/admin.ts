import type { System } from '../../src/flows/cases/told/system.ts';
import type { Values } from '../../src/shared/case-messages.ts';

const DATA = '/services/data/v67.0';
/** Records of one collection request (REST API Developer Guide, sObject Collections). */
const COLLECTION_LIMIT = 200;

export interface Saved {
  id: string;
  success: boolean;
  errors: { message: string }[];
}

/**
 * The org's administrator over its REST API, who counts: what the org says that all callers used, less what the
 * administrator used, is what the middle layer used.
 */
export class Admin {
  #own = 0;
  #used = 0;
  readonly #url: string;
  readonly #headers: Record<string, string>;

  constructor({ org }: System) {
    this.#url = org.instanceUrl;
    this.#headers = { authorization: `Bearer ${org.info.accessToken}`, 'content-type': 'application/json' };
  }

  async #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    this.#own += 1;
    const response = await fetch(`${this.#url}${DATA}${path}`, {
      method,
      headers: this.#headers,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}: ${text}`);
    // REST API Developer Guide, "Limit Info Header": api-usage=18/5000
    this.#used = Number(/api-usage=(\d+)/.exec(response.headers.get('sforce-limit-info') ?? '')?.[1]);
    return JSON.parse(text) as T;
  }

  async query<T>(soql: string): Promise<T[]> {
    return (await this.#call<{ records: T[] }>('GET', `/query?q=${encodeURIComponent(soql)}`)).records;
  }

  /** API calls that others than the administrator have made. */
  async callsOfOthers(): Promise<number> {
    await this.#call('GET', '/limits');
    return this.#used - this.#own;
  }

  /** Creates or changes Cases, 200 a call. */
  async save(method: 'POST' | 'PATCH', records: (Values & { id?: string })[]): Promise<Saved[]> {
    const saved: Saved[] = [];
    for (let start = 0; start < records.length; start += COLLECTION_LIMIT)
      saved.push(
        ...(await this.#call<Saved[]>(method, '/composite/sobjects', {
          allOrNone: true,
          records: records
            .slice(start, start + COLLECTION_LIMIT)
            .map((record) => ({ attributes: { type: 'Case' }, ...record })),
        })),
      );
    const refused = saved.find(({ success }) => !success);
    if (refused) throw new Error(`a Case was not saved: ${refused.errors[0]?.message}`);
    return saved;
  }

  /** Creates one Case by a call of its own. */
  create(values: Values): Promise<Saved> {
    return this.#call('POST', '/sobjects/Case', values);
  }

  /** How many Cases are not (yet) synced. */
  async unsynced(): Promise<number> {
    const [row] = await this.query<{ n: number }>("SELECT COUNT(Id) n FROM Case WHERE Sync_Status__c != 'Success'");
    return row!.n;
  }
}
