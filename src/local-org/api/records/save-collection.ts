/** Saves a collection: chunks of adjacent records of one type, all or none if asked for, an answer per record. */
import type { Row, SaveError, SaveRequest, SaveResult } from '../../store/types.ts';
import type { ApiTransaction } from '../types.ts';
import type { Call } from '../call.ts';
import { apiError, asApiError } from '../errors.ts';

/** REST API Developer Guide, "Create Records Using sObject Collections": a request is processed in at most 10 chunks. */
const MAX_CHUNKS = 10;

/** A record to save, or why it could not be read. */
export type Entry = Row | SaveError[];

const isRow = (entry: Entry): entry is Row => !Array.isArray(entry);

/** Reads each record on its own, so that one that cannot be read does not fail the others. */
export const readEntries = <T>(items: T[], read: (item: T, index: number) => Row): Entry[] =>
  items.map((item, index) => {
    try {
      return read(item, index);
    } catch (error) {
      const known = asApiError(error);
      if (!known) throw error;
      return known.errors.map(({ errorCode, message, fields = [] }) => ({ code: errorCode, message, fields }));
    }
  });

const failure = (errors: SaveError[]): SaveResult => ({ id: null, success: false, created: false, errors });

const ROLLED_BACK = failure([
  {
    code: 'ALL_OR_NONE_OPERATION_ROLLED_BACK',
    message: 'Record rolled back because not all records were valid and the request was using AllOrNone header',
    fields: [],
  },
]);

export const saveCollection = (
  call: Call,
  entries: Entry[],
  { allOrNone, ...request }: Pick<SaveRequest, 'operation' | 'allOrNone' | 'externalIdField'>,
): SaveResult[] => {
  const results = entries.map((entry) => (isRow(entry) ? ROLLED_BACK : failure(entry)));
  const chunks = chunksOf(entries);
  const saveChunk = (transaction: ApiTransaction, chunk: number[]): void => {
    const rows = chunk.map((index) => entries[index] as Row);
    const saved = transaction.save({ ...request, rows, allOrNone, access: call.access, source: 'api' });
    chunk.forEach((index, position) => (results[index] = saved[position]!));
  };
  if (!allOrNone) {
    for (const chunk of chunks) call.transaction((transaction) => saveChunk(transaction, chunk));
    return results;
  }
  if (!entries.every(isRow)) return results;
  return call.transaction((transaction) => {
    const before = transaction.savepoint();
    const good = chunks.every((chunk) => {
      saveChunk(transaction, chunk);
      return chunk.every((index) => results[index]!.success);
    });
    if (good) return results;
    transaction.rollbackTo(before);
    return results.map((result) => (result.success ? ROLLED_BACK : result));
  });
};

/** Indexes of adjacent readable records of one type. */
const chunksOf = (entries: Entry[]): number[][] => {
  const chunks: number[][] = [];
  let object: string | undefined;
  entries.forEach((entry, index) => {
    if (!isRow(entry)) return;
    if (entry.object !== object) chunks.push([]);
    chunks.at(-1)!.push(index);
    object = entry.object;
  });
  if (chunks.length <= MAX_CHUNKS) return chunks;
  throw apiError('INVALID_INPUT', `The records change type too often: at most ${MAX_CHUNKS} chunks are allowed`);
};
