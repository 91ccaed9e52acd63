/** Sums for reconciliation over HTTP: what the other side needs to find differences without reading the records. */
import { json } from 'kernel/http.ts';
import { describeProblem, fields, identifier, listOf, optional, wholeFrom } from '../checks.ts';
import { jsonBody, RequestError, type Route, type RoutedRequest } from '../router.ts';
import type { Database } from '../sql/types.ts';
import { digestSums, digestTotals, type DigestCell, type DigestedTable, type DigestSums } from './sums.ts';

/** Values of digest_k1 are below this. */
const K_LIMIT = 1_000_000_000;
/** Sums from here on have more digits than a Salesforce Number, and soon a number of JSON, keeps. */
const EXACT_BELOW = 1e15;
const MAX_PARTS = 10_000;
const MAX_WANTED = 1_000;

const whole = (request: RoutedRequest, name: string, fallback: number, low: number, high: number): number => {
  const text = request.query.get(name);
  const value = text === null ? fallback : Number(text);
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new RequestError(400, 'BAD_REQUEST', `${name} must be a whole number from ${low} to ${high}`);
  }
  return value;
};

/** The sums, unless a number of JSON, or of a Salesforce field, would round them: then the caller must ask for smaller parts. */
const exact = <T extends DigestSums>(sums: T): T => {
  if ([sums.k1, sums.k2, sums.d, sums.c].every((sum) => sum < EXACT_BELOW)) return sums;
  throw new RequestError(
    422,
    'INEXACT_SUM',
    `the sums of ${sums.count} records have more than 15 digits; ask for smaller parts of the keys (parts, or from and to)`,
  );
};

/** The two paths that src/reconciliation/sides/external.ts asks. */
export const digestRoutes = (db: Database, digested: DigestedTable): Record<string, Route> => ({
  // without `parts` one cell of all records; with it one row [count, k1, k2, d, c] for each part of the keys, empty ones too
  'GET /v1/digest/totals': async (request) => {
    const parts = whole(request, 'parts', 1, 1, MAX_PARTS);
    const width = Math.ceil(K_LIMIT / parts);
    const cells = Array.from({ length: Math.ceil(K_LIMIT / width) }, () => ({ count: 0, k1: 0, k2: 0, d: 0, c: 0 }));
    for (const { part, ...sums } of await digestTotals(db, digested, width)) cells[part] = exact(sums);
    if (request.query.get('parts') === null) return json(200, cells[0]);
    return json(200, { parts: cells.map(({ count, k1, k2, d, c }) => [count, k1, k2, d, c]) });
  },

  // all tables from one snapshot, cells as compact rows [cell, count, k1, k2, d, c]
  'GET /v1/digest/tables': async (request) => {
    const tables = whole(request, 'tables', 5, 1, 5);
    const fold = whole(request, 'fold', 2000, 1, 2000);
    const range = { from: whole(request, 'from', 0, 0, K_LIMIT), to: whole(request, 'to', K_LIMIT, 0, K_LIMIT) };
    const result: DigestCell[][] = await db.transaction(async (tx) => {
      await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
      const read: DigestCell[][] = [];
      for (let table = 1; table <= tables; table++)
        read.push(await digestSums(tx, digested, { table, fold, ...range }));
      return read;
    });
    return json(200, {
      tables: result.map((cells) =>
        cells.map((sums) => exact(sums)).map(({ cell, count, k1, k2, d, c }) => [cell, count, k1, k2, d, c]),
      ),
    });
  },
});

/** Which records a caller wants to see. */
export interface WantedRecords {
  keys: string[];
  /** The identity halves of decoded elements. */
  elements: { k1: number; k2: number }[];
  externalIds: string[];
}

const half = wholeFrom(0, K_LIMIT);
const names = optional(listOf(identifier(100)));
const WANTED = fields({ keys: names, elements: optional(listOf(fields({ k1: half, k2: half }))), externalIds: names });

/** What the body of a look-up asks for: a thousand at most, of all together. Throws RequestError 400. */
export const wantedIn = (request: RoutedRequest): WantedRecords => {
  const body = jsonBody(request);
  const problem = WANTED(body);
  if (problem) throw new RequestError(400, 'BAD_REQUEST', describeProblem(problem));
  const { keys = [], elements = [], externalIds = [] } = body as Partial<WantedRecords>;
  if (keys.length + elements.length + externalIds.length > MAX_WANTED)
    throw new RequestError(
      400,
      'BAD_REQUEST',
      `keys, elements and externalIds must be lists of at most ${MAX_WANTED} together`,
    );
  return { keys, elements, externalIds };
};
