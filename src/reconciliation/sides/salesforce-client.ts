/**
 * Sends one request to an org's REST API; rejects with Salesforce's own error. Answers its parsed JSON, or
 * when asked for text a TextAnswer: the body as it came.
 */
export type SalesforceRequest = <T>(request: {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  url: string;
  body?: unknown;
  as?: 'text';
}) => Promise<T>;

export interface TextAnswer {
  /** Lower-cased names. */
  headers: Record<string, string>;
  body: string;
}

/** The budget of API calls is used up; what was found so far is reported, nothing further is asked. */
export class BudgetSpent extends Error {
  override name = 'BudgetSpent';
}

interface CompositeAnswer {
  compositeResponse: { httpStatusCode: number; referenceId: string; body: unknown }[];
}

interface QueryPage {
  records: Record<string, unknown>[];
  done: boolean;
  nextRecordsUrl?: string;
}

/** REST API Developer Guide, Composite: queries and collections in one call. */
export const QUERIES_PER_COMPOSITE = 5;

/** Counts and bounds the API calls of a reconciliation, and speaks to the org in as few as possible. */
export class SalesforceClient {
  calls = 0;
  readonly #bounds: { calls: number; spent: () => Error }[] = [];
  readonly #send: SalesforceRequest;
  readonly #version: string;
  /** `budget`: API calls at most. `version`: `67.0`. */
  constructor(send: SalesforceRequest, version: string, budget = Number.POSITIVE_INFINITY) {
    this.#send = send;
    this.#version = version;
    const words = `the budget of ${budget} Salesforce API calls is spent; raise --max-api-calls or run again later`;
    this.#bounds.push({ calls: budget, spent: () => new BudgetSpent(words) });
  }

  #count(): void {
    for (const { calls, spent } of this.#bounds) if (this.calls >= calls) throw spent();
    this.calls++;
  }

  async #call<T>(method: 'GET' | 'POST' | 'PATCH' | 'DELETE', url: string, body?: unknown): Promise<T> {
    this.#count();
    return this.#send<T>({ method, url, ...(body === undefined ? {} : { body }) });
  }

  /** Runs `work` with at most so many calls of its own; the one too many is not made, and `spent` is thrown. */
  async within<T>(calls: number, spent: () => Error, work: () => Promise<T>): Promise<T> {
    const bound = { calls: this.calls + calls, spent };
    this.#bounds.push(bound);
    try {
      return await work();
    } finally {
      this.#bounds.splice(this.#bounds.indexOf(bound), 1);
    }
  }

  /** Several queries in one call each five; every query returns at most 2,000 rows, further pages cost a call each. */
  async composite(queries: string[]): Promise<Record<string, unknown>[][]> {
    const results: Record<string, unknown>[][] = [];
    for (let start = 0; start < queries.length; start += QUERIES_PER_COMPOSITE) {
      const part = queries.slice(start, start + QUERIES_PER_COMPOSITE);
      const answer = await this.#call<CompositeAnswer>('POST', `/services/data/v${this.#version}/composite`, {
        compositeRequest: part.map((soql, index) => ({
          method: 'GET',
          url: `/services/data/v${this.#version}/query?q=${encodeURIComponent(soql)}`,
          referenceId: `q${index}`,
        })),
      });
      for (const { httpStatusCode, body } of answer.compositeResponse) {
        if (httpStatusCode !== 200) {
          const [error] = body as { errorCode: string; message: string }[];
          throw new Error(`${error?.errorCode}: ${error?.message}`);
        }
        results.push(await this.#rest(body as QueryPage));
      }
    }
    return results;
  }

  async query(soql: string): Promise<Record<string, unknown>[]> {
    return this.#rest(
      await this.#call<QueryPage>('GET', `/services/data/v${this.#version}/query?q=${encodeURIComponent(soql)}`),
    );
  }

  async #rest(first: QueryPage): Promise<Record<string, unknown>[]> {
    const records = [...first.records];
    for (let page = first; !page.done;) {
      page = await this.#call<QueryPage>('GET', page.nextRecordsUrl!);
      records.push(...page.records);
    }
    return records;
  }

  get<T>(path: string): Promise<T> {
    return this.#call('GET', `/services/data/v${this.#version}${path}`);
  }

  /** A resource that is no JSON. */
  async text(path: string): Promise<TextAnswer> {
    this.#count();
    return this.#send<TextAnswer>({ method: 'GET', url: `/services/data/v${this.#version}${path}`, as: 'text' });
  }

  /** Sends a change to a resource of the REST API; `path` is below the version. */
  change<T>(method: 'POST' | 'PATCH' | 'DELETE', path: string, body?: unknown): Promise<T> {
    return this.#call(method, `/services/data/v${this.#version}${path}`, body);
  }

  /** `path` is whole. */
  post<T>(path: string, body: unknown): Promise<T> {
    return this.#call('POST', path, body);
  }
}
