import { expected } from '../expected.ts';
import { partsOf, QUERIES_PER_COMPOSITE, queryPageOf, type CompositePart, type QueryPage } from './answers.ts';
import { errorOfPart, SalesforceError } from './errors.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface RequestToSalesforce {
  method: Method;
  /** Path and query. */
  url: string;
  body?: unknown;
  /** In place of a body: rows for a bulk job. */
  csv?: string;
  as?: 'text';
}

/**
 * Sends one request to an org's REST API; rejects with Salesforce's own error. Answers its parsed JSON, or
 * when asked for text a TextAnswer: the body as it came. `onAgain` is told of each further call that it takes.
 */
export type SalesforceRequest = <T>(request: RequestToSalesforce, onAgain?: () => void) => Promise<T>;

export interface TextAnswer {
  /** Lower-cased names. */
  headers: Record<string, string>;
  body: string;
}

/** The budget of API calls is used up; what was found so far is reported, nothing further is asked. */
export class BudgetSpent extends Error {
  override name = 'BudgetSpent';
}

/** A record to be updated in the same call as queries, under the name of its answer. */
export interface Update {
  referenceId: string;
  /** For example `Sync_Control__c/a01…`. */
  record: string;
  values: Record<string, string | null>;
}

/** What one call answered to several queries. */
export interface Pages<Row> {
  /** The first page of each query, or how it failed by itself. */
  pages: Record<string, QueryPage<Row> | SalesforceError>;
  /** How the update failed; null when it did not, or there was none. */
  notUpdated: SalesforceError | null;
}

/** A page that has rows and says where it goes on, unless it is the last: anything else proves nothing. */
const isWhole = (page: QueryPage | null): page is QueryPage =>
  page !== null && (page.done || (page.nextRecordsUrl !== undefined && page.records.length > 0));

const isPresent = <T>(value: T | null | undefined): value is T => value != null;

const THE_ROWS = 'the rows of a query';

/**
 * How everything here speaks to an org: counts and bounds its API calls, sends queries together, reads their pages to
 * the end. How a request gets there, and as whom, is the business of the SalesforceRequest.
 */
export class SalesforceClient {
  calls = 0;
  readonly #bounds: { calls: number; spent: () => Error }[] = [];
  readonly #send: SalesforceRequest;
  readonly #data: string;
  /** `budget`: API calls at most. `version`: `67.0`. */
  constructor(send: SalesforceRequest, version: string, budget = Number.POSITIVE_INFINITY) {
    this.#send = send;
    this.#data = `/services/data/v${version}`;
    const words = `the budget of ${budget} Salesforce API calls is spent; raise --max-api-calls or run again later`;
    this.#bounds.push({ calls: budget, spent: () => new BudgetSpent(words) });
  }

  #count(): void {
    for (const { calls, spent } of this.#bounds) if (this.calls >= calls) throw spent();
    this.calls++;
  }

  /** The one place that sends. */
  protected async exchange<T>(request: RequestToSalesforce): Promise<T> {
    this.#count();
    return this.#send<T>(request, () => this.#count());
  }

  /** The one place that judges the shape of an answer. */
  protected checked<V, T extends V>(value: V, is: (value: V) => value is T, what: string): T {
    return expected(value, is, 'Salesforce', what);
  }

  /** Sends a request and answers its JSON; `path` is whole. */
  call<T>(method: Method, path: string, body?: unknown): Promise<T> {
    return this.exchange({ method, url: path, ...(body === undefined ? {} : { body }) });
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

  /**
   * Up to five named queries in one call, and an update beside them: each may fail by itself. Pages are the first ones,
   * which may say that there are more rows without saying where.
   */
  async pages<Row>(queries: Record<string, string>, update: Update | null = null): Promise<Pages<Row>> {
    const asked = Object.entries(queries);
    if (asked.length > QUERIES_PER_COMPOSITE)
      throw new Error(`a composite request takes at most ${QUERIES_PER_COMPOSITE} queries, not ${asked.length}`);
    const answer = await this.change<unknown>('POST', '/composite', {
      allOrNone: false,
      compositeRequest: [
        ...asked.map(([referenceId, soql]) => ({ method: 'GET', referenceId, url: this.#queryPath('query', soql) })),
        ...(update ? [this.#patchOf(update)] : []),
      ],
    });
    const parts = this.checked(partsOf(answer), isPresent, 'a part for each query');
    const part = (name: string): CompositePart | undefined => parts.find(({ referenceId }) => referenceId === name);
    const pages = Object.fromEntries(asked.map(([name]) => [name, this.#pageOf<Row>(name, part(name))]));
    const updated = update ? part(update.referenceId) : undefined;
    const failed = updated !== undefined && updated.httpStatusCode >= 300;
    return { pages, notUpdated: failed ? errorOfPart(updated.httpStatusCode, updated.body) : null };
  }

  #patchOf({ referenceId, record, values }: Update): object {
    return { method: 'PATCH', referenceId, url: `${this.#data}/sobjects/${record}`, body: values };
  }

  #pageOf<Row>(name: string, answered: CompositePart | undefined): QueryPage<Row> | SalesforceError {
    const { httpStatusCode: status, body } = this.checked(answered, isPresent, `a part ${name}`);
    return status === 200
      ? this.checked(queryPageOf<Row>(body), isPresent, `the rows of the query ${name}`)
      : errorOfPart(status, body);
  }

  /** All rows of several queries: one call each five, and a call for each further page. Rejects with the error of the first that failed. */
  async composite(queries: string[]): Promise<Record<string, unknown>[][]> {
    const results: Record<string, unknown>[][] = [];
    for (let start = 0; start < queries.length; start += QUERIES_PER_COMPOSITE) {
      const named = queries
        .slice(start, start + QUERIES_PER_COMPOSITE)
        .map((soql, index) => [`q${index}`, soql] as const);
      const { pages } = await this.pages<Record<string, unknown>>(Object.fromEntries(named));
      for (const [name] of named) {
        const page = pages[name]!;
        if (page instanceof SalesforceError) throw page;
        results.push(await this.#rest(page));
      }
    }
    return results;
  }

  /** The rows of a query, page by page until so many are there. */
  async query(soql: string, most = Number.POSITIVE_INFINITY): Promise<Record<string, unknown>[]> {
    return this.#rest(await this.#page(this.#queryPath('query', soql)), most);
  }

  /** Also rows in the recycle bin (REST API Developer Guide, "QueryAll"). */
  async queryAll(soql: string): Promise<Record<string, unknown>[]> {
    return this.#rest(await this.#page(this.#queryPath('queryAll', soql)));
  }

  #queryPath(resource: 'query' | 'queryAll', soql: string): string {
    return `${this.#data}/${resource}?q=${encodeURIComponent(soql)}`;
  }

  async #page(path: string): Promise<QueryPage | null> {
    return queryPageOf(await this.call<unknown>('GET', path));
  }

  async #rest(first: QueryPage | null, most = Number.POSITIVE_INFINITY): Promise<Record<string, unknown>[]> {
    const records: Record<string, unknown>[] = [];
    for (let next: QueryPage | null = first; ;) {
      const page = this.checked(next, isWhole, THE_ROWS);
      records.push(...page.records);
      if (page.done || records.length >= most) return records;
      next = await this.#page(page.nextRecordsUrl!);
    }
  }

  /** A resource of the REST API; `path` is below the version. */
  get<T>(path: string): Promise<T> {
    return this.call('GET', `${this.#data}${path}`);
  }

  /** A resource that is no JSON. */
  text(path: string): Promise<TextAnswer> {
    return this.exchange({ method: 'GET', url: `${this.#data}${path}`, as: 'text' });
  }

  /** Sends a change to a resource of the REST API; `path` is below the version. */
  change<T>(method: Exclude<Method, 'GET'>, path: string, body?: unknown): Promise<T> {
    return this.call(method, `${this.#data}${path}`, body);
  }

  /** Hands rows to a bulk job; `path` is below the version. */
  async upload(path: string, csv: string): Promise<void> {
    await this.exchange({ method: 'PUT', url: `${this.#data}${path}`, csv });
  }

  /** `path` is whole. */
  post<T>(path: string, body: unknown): Promise<T> {
    return this.call('POST', path, body);
  }
}
