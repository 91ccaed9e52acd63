/**
 * Erasing the copies of a record's values that a store keeps, on request: the same question and answer at the middle layer
 * and at an external system, `POST /v1/erasures`. It is asked twice: a rehearsal tells which texts the store holds, then all
 * texts of all stores are searched for in each after it has erased.
 */
import { describeProblem, identifier, listOf, type Check } from './checks.ts';
import { RequestError } from './router.ts';
import type { TextSearch } from './sql/find-texts.ts';
import { findTexts } from './sql/find-texts.ts';
import type { Database, Queryable } from './sql/types.ts';

export interface ErasureRequest {
  key: string;
  /** Which are searched for once all is erased, besides those that the store finds itself. */
  texts: string[];
  /** The record lives on: only copies of what it held before go. */
  former: boolean;
  /** Which the record holds now, so that they are no trace of what it held before. */
  kept: string[];
  /** Tells what would be erased; erases nothing. */
  dryRun: boolean;
}

/** What a store held of a key. */
export interface Held {
  /** Rows that were erased, or emptied, by what they are called. */
  rows: Record<string, number>;
  /** The values in them. */
  values: unknown[];
}

export interface ErasureAnswer {
  rows: Record<string, number>;
  /** Texts in what was erased that are long enough to be looked for. */
  texts: string[];
  search: TextSearch;
}

/** Shorter texts, such as "New" and "Phone", stand in every other record. */
const SHORTEST_TEXT = 6;

const collect = (value: unknown, into: Set<string>): void => {
  if (typeof value === 'string') {
    if (value.trim().length >= SHORTEST_TEXT) into.add(value);
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collect(inner, into);
  }
};

/** The texts in values, however deep, that are long enough to be looked for. */
export const searchableTexts = (values: unknown): string[] => {
  const texts = new Set<string>();
  collect(values, texts);
  return [...texts];
};

/** SQL for the values in a list of conflicts: field and owner beside them are words of ours, which stand everywhere. */
export const conflictValues = (conflicts: string): string =>
  `(SELECT jsonb_agg(jsonb_build_array(c->'kept', c->'lost'))
    FROM jsonb_array_elements(CASE jsonb_typeof(${conflicts}) WHEN 'array' THEN ${conflicts} ELSE '[]' END) AS c)`;

const checkKey: Check = identifier(100);
const MAX_TEXTS = 2_000;
const texts: Check = listOf((value) =>
  typeof value === 'string' && value !== '' ? null : { at: '', is: 'must be a text' },
);

/** Throws RequestError 400 that names what is wrong. */
export const erasureRequestIn = (body: Record<string, unknown>): ErasureRequest => {
  const bad = (what: string): RequestError => new RequestError(400, 'BAD_REQUEST', what);
  const problem = checkKey(body.key);
  if (problem) throw bad(`key ${describeProblem(problem)}`);
  const { texts: given = [], kept = [], former = false, dryRun = false } = body;
  for (const [name, list] of Object.entries({ texts: given, kept }))
    if (texts(list) !== null || (list as unknown[]).length > MAX_TEXTS)
      throw bad(`${name} must be a list of at most ${MAX_TEXTS} texts`);
  if (typeof dryRun !== 'boolean') throw bad('dryRun must be true or false');
  if (typeof former !== 'boolean') throw bad('former must be true or false');
  return { key: (body.key as string).toLowerCase(), texts: given as string[], former, kept: kept as string[], dryRun };
};

/** Ends the transaction of a rehearsal. */
class Rehearsed extends Error {
  readonly answer: ErasureAnswer;
  constructor(answer: ErasureAnswer) {
    super('nothing is erased in a rehearsal');
    this.answer = answer;
  }
}

/** Erases by `erase` and searches for what is left, in one transaction; a rehearsal is rolled back. */
export const eraseFrom = async (
  db: Database,
  { key, texts: given, kept, dryRun }: ErasureRequest,
  erase: (tx: Queryable) => Promise<Held>,
): Promise<ErasureAnswer> => {
  try {
    return await db.transaction(
      async (tx) => {
        const held = await erase(tx);
        const staying = new Set(kept);
        const own = searchableTexts(held.values).filter((text) => !staying.has(text));
        const wanted = [...new Set([...given, ...own])].filter((text) => !staying.has(text));
        const search = await findTexts(tx, key, wanted);
        const answer = { rows: held.rows, texts: own, search };
        if (dryRun) throw new Rehearsed(answer);
        return answer;
      },
      // the search reads every row
      { unlimited: true },
    );
  } catch (error) {
    if (error instanceof Rehearsed) return error.answer;
    throw error;
  }
};
