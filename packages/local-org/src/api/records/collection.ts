/**
 * Collections of records: what a request may hold, its rows, and how they are saved: in chunks of adjacent
 * records of one type, all or none if asked for, with an answer for each record.
 */
import type { ObjectSchema, Row, SaveError, SaveRequest, SaveResult, Store } from '../../store/types.ts';
import type { Call, Answer } from '../call.ts';
import { apiError, asApiError } from '../errors.ts';
import { isObject, parseJsonObject, type Json, type JsonObject, asText } from '../json-body.ts';
import type { ApiTransaction } from '../types.ts';
import { objectOfRecord } from '../validations/record.ts';
import { rowFromJson } from './row-from-json.ts';
import { savedRecord, transact } from './save.ts';

/** REST API Developer Guide, "sObject Collections". */
export const MAX_COLLECTION = 200;
export const MAX_RETRIEVED = 2_000;
export const MAX_RETRIEVED_BY_URL = 800;

export interface Collection {
  allOrNone: boolean;
  records: JsonObject[];
  text: string;
}

export const tooMany = (limit: number): Error =>
  apiError('EXCEEDED_ID_LIMIT', `record limit reached. cannot submit more than ${limit} records into this call`);

export const collection = (text: string): Collection => {
  const { records, allOrNone } = parseJsonObject(text);
  if (!Array.isArray(records) || !records.every(isObject)) {
    throw apiError('INVALID_INPUT', 'records must be a list of sObject records');
  }
  if (records.length > MAX_COLLECTION) throw tooMany(MAX_COLLECTION);
  return { records, allOrNone: allOrNone === true, text };
};

/** Comma-separated ids of a query string. */
export const idList = (value: string | null, limit = MAX_COLLECTION): string[] => {
  const ids = (value ?? '').split(',').flatMap((id) => id.trim() || []);
  if (ids.length === 0) throw apiError('INVALID_INPUT', 'The parameter ids is required: a list of record ids');
  if (ids.length > limit) throw tooMany(limit);
  return ids;
};

export const fieldList = (given: string[] | undefined): string[] => {
  const fields = (given ?? []).flatMap((name) => name.trim() || []);
  if (fields.length > 0) return fields;
  throw apiError('INVALID_INPUT', 'The parameter fields is required: a list of field names');
};

/** The object that a record's `attributes.type` names. */
export const typeOfRecord = (call: Call, record: JsonObject): ObjectSchema => {
  const type = isObject(record.attributes) ? record.attributes.type : undefined;
  if (typeof type === 'string') return objectOfRecord(call, type);
  throw apiError('INVALID_TYPE', 'Each record needs attributes with a type', []);
};

/** The record's own id with 18 characters, or null when it has none. */
export const idOfRecord = (call: Call, object: ObjectSchema, record: JsonObject): string | null => {
  const id = record.id ?? record.Id ?? null;
  if (id === null) return null;
  return idOfObject(call.deps.store, object, id);
};

/** An id of the object with 18 characters. Throws ApiError for anything else. */
export const idOfObject = (store: Store, object: ObjectSchema, id: Json): string => {
  const normal = typeof id === 'string' ? store.normalizeId(id) : null;
  if (normal && store.objectOfId(normal)?.name === object.name) return normal;
  throw apiError('MALFORMED_ID', `${object.name} ID: id value of incorrect type: ${asText(id)}`, ['Id']);
};

export const collectionRow = (
  call: Call,
  object: ObjectSchema,
  id: string | null,
  { text, records }: Collection,
  index: number,
): Row => rowFromJson(call, object, id, { record: records[index]!, text, path: ['records', index] });

/** REST API Developer Guide, "Create Records Using sObject Collections": a request is processed in at most 10 chunks. */
const MAX_CHUNKS = 10;

/** A record to save, or why it could not be read. */
export type Entry = Row | SaveError[];

export const isRow = (entry: Entry): entry is Row => !Array.isArray(entry);

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
