/** The databases of the companies: views, what people and mishaps make of them, and how they are read over the network. */
import {
  json,
  TransportError,
  type Handler,
  type HttpRequest,
  type HttpResponse,
  type Transport,
} from 'kernel/http.ts';
import { SourceError, type Column, type Source, type SourceValue, type View } from '../../../feeds/source/types.ts';
import { isPlain, parsed } from '../../../shared/shapes.ts';
import { COLUMNS, nameOf, type FeedKind } from './config.ts';
import type { Row } from './model.ts';

export const VIEWS_HOST = 'views';
/** So a small view comes in several batches. */
const ROWS_A_PAGE = 7;

/** How a view is broken. */
export type Breakage = 'empty' | 'few' | 'emptied' | 'missing' | 'fails';
export const BREAKAGES: readonly Breakage[] = ['empty', 'few', 'emptied', 'missing', 'fails'];

/** The column that a broken join empties. */
const EMPTIED: Readonly<Record<FeedKind, string>> = { accounts: 'telefono', stores: 'telefono', agreements: 'valor' };

/** What one reading of a view got to see. */
export interface Snapshot {
  company: string;
  feed: FeedKind;
  rows: readonly Row[];
  breakage: Breakage | null;
  /** Whether its last row was handed over. */
  isWhole: boolean;
}

/** The views of all companies. A reading sees the rows as they were when it began. */
export class Views {
  readonly #rows = new Map<string, Row[]>();
  readonly #broken = new Map<string, Breakage>();
  readonly #readings: Snapshot[] = [];

  /** The rows of a view, to be read and changed. */
  of(company: string, feed: string): Row[] {
    const name = nameOf(company, feed);
    const rows = this.#rows.get(name) ?? [];
    this.#rows.set(name, rows);
    return rows;
  }

  break(company: string, feed: string, breakage: Breakage | null): void {
    if (breakage === null) this.#broken.delete(nameOf(company, feed));
    else this.#broken.set(nameOf(company, feed), breakage);
  }

  mend(): void {
    this.#broken.clear();
  }

  reading(number: number): Snapshot {
    return this.#readings[number]!;
  }

  #begin(company: string, feed: FeedKind): number {
    const breakage = this.#broken.get(nameOf(company, feed)) ?? null;
    const all = this.of(company, feed).map((row) => ({ ...row }));
    const rows =
      breakage === 'empty'
        ? []
        : breakage === 'few'
          ? all.slice(0, Math.floor(all.length / 5))
          : breakage === 'emptied'
            ? all.map((row) => ({ ...row, [EMPTIED[feed]]: null }))
            : all;
    return this.#readings.push({ company, feed, rows, breakage, isWhole: false }) - 1;
  }

  /** GET /COMPANY/FEED/columns, and /COMPANY/FEED/rows?from=N&of=READING. What an answer holds is one text: cut, it is none. */
  readonly handle: Handler = async ({ url }) => {
    const { pathname, searchParams } = new URL(url, 'http://views');
    const [, company, feed, what] = pathname.split('/') as [string, string, FeedKind, string];
    if (this.#broken.get(nameOf(company, feed)) === 'missing') return json(404, {});
    if (what === 'columns') return answer({ columns: COLUMNS[feed] });
    const from = Number(searchParams.get('from'));
    const of = from === 0 ? this.#begin(company, feed) : Number(searchParams.get('of'));
    const reading = this.#readings[of]!;
    if (reading.breakage === 'fails' && (from > 0 || reading.rows.length <= ROWS_A_PAGE)) return json(500, {});
    const rows = reading.rows.slice(from, from + ROWS_A_PAGE);
    const isLast = from + ROWS_A_PAGE >= reading.rows.length;
    if (isLast) reading.isWhole = true;
    return answer({ of, isLast, rows: rows.map((row) => COLUMNS[feed].map(({ name }) => row[name] ?? null)) });
  };
}

const answer = (value: unknown): HttpResponse => json(200, { is: JSON.stringify(value) });

interface Page {
  of: number;
  isLast: boolean;
  rows: SourceValue[][];
}

/** How one run of the program reads the views of a company. A lost connection is what a driver tells of one. */
export class ViewsOfCompany implements Source {
  /** What it read, by feed. */
  readonly readings = new Map<string, number>();
  readonly #company: string;
  readonly #transport: Transport;
  readonly #onRead: (feed: string, reading: number) => Promise<void>;

  /** `onRead`: told when the first rows of a view have come. */
  constructor(company: string, transport: Transport, onRead: (feed: string, reading: number) => Promise<void>) {
    this.#company = company;
    this.#transport = transport;
    this.#onRead = onRead;
  }

  async #ask<T>(view: View, path: string): Promise<T> {
    const request: HttpRequest = {
      method: 'GET',
      url: `http://${VIEWS_HOST}/${this.#company}/${view.name}/${path}`,
      headers: {},
      body: '',
    };
    const response = await this.#transport(request).catch((error: unknown) => {
      if (!(error instanceof TransportError)) throw error;
      return null;
    });
    if (response?.status === 404) throw new SourceError('NO_VIEW', `there is no view ${view.name}`);
    const body = response?.status === 200 ? parsed(response.body) : undefined;
    const value = isPlain(body) && typeof body.is === 'string' ? parsed(body.is) : undefined;
    if (value === undefined) throw new SourceError('LOST', 'the connection was lost; look at the server', true);
    return value as T;
  }

  async columns(view: View): Promise<Column[]> {
    return (await this.#ask<{ columns: Column[] }>(view, 'columns')).columns;
  }

  async *rows(view: View): AsyncGenerator<SourceValue[][], void, void> {
    let from = 0;
    for (let of = 0; ;) {
      const page = await this.#ask<Page>(view, `rows?from=${from}&of=${of}`);
      of = page.of;
      if (from === 0) {
        this.readings.set(view.name, of);
        await this.#onRead(view.name, of);
      }
      if (page.rows.length > 0) yield page.rows;
      if (page.isLast) return;
      from += page.rows.length;
    }
  }

  async close(): Promise<void> {}
}
