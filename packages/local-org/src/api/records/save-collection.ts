/** Saves a collection: chunks of adjacent records of one type, all or none if asked for, an answer per record. */
import type { Row, SaveError, SaveRequest, SaveResult } from '../../store/types.ts';
import type { ApiTransaction } from '../types.ts';
import type { Answer, Call } from '../call.ts';
import { apiError, asApiError } from '../errors.ts';
import { savedRecord } from './save-body.ts';
import { transact } from './transact.ts';

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

/** Within an all-or-none composite call every collection is all or none, whatever it says itself. */
export const saveCollection = (
  call: Call,
  entries: Entry[],
  request: Pick<SaveRequest, 'operation' | 'allOrNone' | 'externalIdField'>,
): Answer => {
  const allOrNone = request.allOrNone || call.allOrNone === true;
  const results = (allOrNone ? saveAll : saveSome)(call, entries, { ...request, allOrNone });
  return {
    status: 200,
    body: results.map((result) => savedRecord(result, request.operation === 'upsert')),
    failed: allOrNone && results.some(({ success }) => !success),
  };
};

type CollectionRequest = Pick<SaveRequest, 'operation' | 'allOrNone' | 'externalIdField'>;

/** Each chunk in a transaction of its own. */
const saveSome = (call: Call, entries: Entry[], request: CollectionRequest): SaveResult[] => {
  const results = unsaved(entries);
  for (const chunk of chunksOf(entries)) {
    call.transaction((transaction) => saveChunk(call, transaction, { entries, chunk, results, request }));
  }
  return results;
};

/** All chunks in one transaction, of which nothing stays when a record fails. */
const saveAll = (call: Call, entries: Entry[], request: CollectionRequest): SaveResult[] => {
  const results = unsaved(entries);
  const chunks = chunksOf(entries);
  if (!entries.every(isRow)) return results;
  return transact(call, (transaction, undo: (outcome: SaveResult[]) => never) => {
    for (const chunk of chunks) {
      saveChunk(call, transaction, { entries, chunk, results, request });
      if (chunk.every((index) => results[index]!.success)) continue;
      return undo(results.map((result) => (result.success ? ROLLED_BACK : result)));
    }
    return results;
  });
};

/** What is answered for records that are not reached. */
const unsaved = (entries: Entry[]): SaveResult[] =>
  entries.map((entry) => (isRow(entry) ? ROLLED_BACK : failure(entry)));

interface Chunk {
  entries: Entry[];
  chunk: number[];
  results: SaveResult[];
  request: CollectionRequest;
}

const saveChunk = (call: Call, transaction: ApiTransaction, { entries, chunk, results, request }: Chunk): void => {
  const rows = chunk.map((index) => entries[index] as Row);
  const saved = transaction.save({ ...request, rows, access: call.access, source: 'api' });
  chunk.forEach((index, position) => (results[index] = saved[position]!));
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
