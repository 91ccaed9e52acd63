import { envelopeOf } from '../shapes.ts';
import { partsOf, QUERIES_PER_COMPOSITE, queryPageOf, type CompositePart, type QueryPage } from './answers.ts';
import { expected } from '../expected.ts';

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

/** A page that says where it goes on, unless it is the last: anything else proves nothing. */
const isWhole = (page: QueryPage | null): page is QueryPage =>
  page !== null && (page.done || page.nextRecordsUrl !== undefined);

/** The part of the answer that belongs to a query, checked. Rejects with Salesforce's own error. */
const pageOf = (part: CompositePart | undefined): QueryPage => {
  if (part?.httpStatusCode === 200)
    return expected(queryPageOf(part.body), isWhole, 'Salesforce', 'the rows of a query');
  const error = envelopeOf(Array.isArray(part?.body) ? (part.body as unknown[])[0] : undefined);
  throw new Error(
    error
      ? `${error.errorCode}: ${error.message}`
      : `Salesforce answered a query with ${part?.httpStatusCode ?? 'nothing'}`,
  );
};

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
      const answer = await this.#call<unknown>('POST', `/services/data/v${this.#version}/composite`, {
        compositeRequest: part.map((soql, index) => ({
          method: 'GET',
          url: `/services/data/v${this.#version}/query?q=${encodeURIComponent(soql)}`,
          referenceId: `q${index}`,
        })),
      });
      const answers = expected(
        partsOf(answer),
        (parts): parts is CompositePart[] => parts !== null,
        'Salesforce',
        'a part for each query',
      );
      for (const index of part.keys())
        results.push(await this.#rest(pageOf(answers.find(({ referenceId }) => referenceId === `q${index}`))));
    }
    return results;
  }

  async query(soql: string): Promise<Record<string, unknown>[]> {
    const path = `/services/data/v${this.#version}/query?q=${encodeURIComponent(soql)}`;
    return this.#rest(await this.#page(path));
  }

  /** Also rows in the recycle bin (REST API Developer Guide, "QueryAll"). */
  async queryAll(soql: string): Promise<Record<string, unknown>[]> {
    const path = `/services/data/v${this.#version}/queryAll?q=${encodeURIComponent(soql)}`;
    return this.#rest(await this.#page(path));
  }

  async #page(path: string): Promise<QueryPage> {
    return expected(queryPageOf(await this.#call<unknown>('GET', path)), isWhole, 'Salesforce', 'the rows of a query');
  }

  async #rest(first: QueryPage): Promise<Record<string, unknown>[]> {
    const records = [...first.records];
    for (let page = first; !page.done;) {
      page = await this.#page(page.nextRecordsUrl!);
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
