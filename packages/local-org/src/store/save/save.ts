import { StoreError } from '../types.ts';
import type { ObjectSchema, Row, SaveError, SaveRequest, SaveResult, Schema, TriggerHost } from '../types.ts';
import { checkOperation } from './access.ts';
import type { Outcome, SaveServices } from './context.ts';
import { deleteChunk, undeleteChunk } from './delete.ts';
import { publishChunk } from './publish.ts';
import { CHUNK_SIZE, saveChunk } from './save-chunk.ts';
import { upsertChunk } from './upsert.ts';
import { saveError } from './entry.ts';

/**
 * Saves rows: consecutive rows of one object go through the order of execution in chunks of 200. With
 * allOrNone one failing row undoes the request, and rows that were fine say so with
 * ALL_OR_NONE_OPERATION_ROLLED_BACK.
 */
export function save(services: SaveServices, request: SaveRequest, triggers: TriggerHost): SaveResult[] {
  const { transactions } = services;
  const savepoint = transactions.savepoint();
  const outcomes: Outcome[] = [];
  try {
    for (const chunk of chunksOf(request.rows)) {
      outcomes.push(...saveRows(services, request, chunk, triggers));
      if (request.allOrNone && outcomes.some(failed)) break;
    }
  } catch (error) {
    transactions.rollbackTo(savepoint);
    transactions.release(savepoint);
    throw error;
  }
  const undone = request.allOrNone && outcomes.some(failed);
  if (undone) transactions.rollbackTo(savepoint);
  transactions.release(savepoint);
  return request.rows.map((_, index) => resultOf(outcomes[index] ?? { id: null, errors: [] }, request, undone));
}

const failed = (outcome: Outcome): boolean => outcome.errors.length > 0;

function saveRows(services: SaveServices, request: SaveRequest, rows: Row[], triggers: TriggerHost): Outcome[] {
  const object = objectOf(services.schema, rows[0]!.object);
  if (object.kind === 'platformEvent' && request.operation === 'insert')
    return publishChunk(services, object, rows, request);
  switch (request.operation) {
    case 'insert':
    case 'update':
      checkOperation(object, request.operation);
      if (request.operation === 'insert' && rows.some((row) => row.id !== null))
        return rejectIds(services, object, rows, request, triggers);
      return saveChunk(services, object, request.operation, rows, request, triggers);
    case 'upsert':
      return upsertChunk(services, object, rows, request, triggers);
    case 'delete':
      checkOperation(object, 'delete');
      return deleteChunk(services, object, rows, request, triggers);
    case 'undelete':
      checkOperation(object, 'undelete');
      return undeleteChunk(services, object, rows, request, triggers);
  }
}

/** An insert gives ids; a row that brings one is refused, the others go through. */
function rejectIds(
  services: SaveServices,
  object: ObjectSchema,
  rows: Row[],
  request: SaveRequest,
  triggers: TriggerHost,
): Outcome[] {
  const fresh = rows.filter((row) => row.id === null);
  const outcomes = request.allOrNone ? [] : saveChunk(services, object, 'insert', fresh, request, triggers);
  return rows.map((row) => {
    if (row.id !== null)
      return {
        id: null,
        errors: [saveError('INVALID_FIELD_FOR_INSERT_UPDATE', 'cannot specify Id in an insert call', ['Id'])],
      };
    return outcomes[fresh.indexOf(row)] ?? { id: null, errors: [] };
  });
}

/** The object of a request; one that does not exist fails the request. */
export function objectOf(schema: Schema, name: string): ObjectSchema {
  const object = schema.objects.get(name.toLowerCase());
  if (object === undefined) throw new StoreError('INVALID_TYPE', `sObject type '${name}' is not supported.`);
  return object;
}

function chunksOf(rows: Row[]): Row[][] {
  const chunks: Row[][] = [];
  for (const row of rows) {
    const last = chunks.at(-1);
    if (last !== undefined && last.length < CHUNK_SIZE && last[0]!.object.toLowerCase() === row.object.toLowerCase())
      last.push(row);
    else chunks.push([row]);
  }
  return chunks;
}

const ROLLED_BACK: SaveError = saveError(
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
);

function resultOf(outcome: Outcome, request: SaveRequest, undone: boolean): SaveResult {
  const errors = undone && outcome.errors.length === 0 ? [ROLLED_BACK] : outcome.errors;
  const success = errors.length === 0;
  return {
    id: success ? outcome.id : null,
    success,
    created: success && (outcome.created ?? request.operation === 'insert'),
    errors,
  };
}
