/** Saves a record, and what the API answers for saved records. */
import type { Row, SaveError, SaveRequest, SaveResult, ObjectSchema } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { ApiError, saveFailure } from '../errors.ts';
import { duplicateResultBody } from './duplicate-result.ts';
import type { ApiTransaction } from '../types.ts';

/** Saves one record for a single-record resource; a failure is the resource's error. */
export const saveOne = (
  caller: Caller,
  operation: SaveRequest['operation'],
  row: Row,
  externalIdField?: string,
): SaveResult => {
  const result = transact(caller, (transaction, undo: (outcome: SaveResult) => never) => {
    const [saved] = transaction.save({
      operation,
      rows: [row],
      allOrNone: true,
      access: caller.access,
      source: 'api',
      ...(externalIdField ? { externalIdField } : {}),
    });
    return saved!.success ? saved! : undo(saved!);
  });
  if (result.success) return result;
  throw row.id && isMissing(result.errors) ? missingRecord(result.errors) : saveFailure(result.errors);
};

/** An unknown record id: with the id in the path, that is the resource not being there. */
const isMissing = (errors: SaveError[]): boolean =>
  errors.length === 1 && errors[0]!.code === 'INVALID_CROSS_REFERENCE_KEY' && errors[0]!.fields.length === 0;

const missingRecord = (errors: SaveError[]): ApiError => new ApiError(404, saveFailure(errors).errors);

interface StatusError {
  statusCode: string;
  message: string;
  fields: string[];
  duplicateResult?: unknown;
}

/** What the API answers for saved records. */
export interface SavedRecord {
  id?: string;
  success: boolean;
  errors: StatusError[];
  created?: boolean;
}

export const statusErrors = (errors: SaveError[]): StatusError[] =>
  errors.map(({ code, message, fields, duplicates }) => ({
    statusCode: code,
    message,
    fields,
    ...(duplicates === undefined ? {} : { duplicateResult: duplicateResultBody(duplicates, message) }),
  }));

/** A published event answers that it was queued; its uuid is the message. */
export const createdBody = (object: ObjectSchema, result: SaveResult): SavedRecord => ({
  id: result.id!,
  success: true,
  errors:
    object.kind === 'platformEvent' ? [{ statusCode: 'OPERATION_ENQUEUED', message: result.id!, fields: [] }] : [],
});

/** One line of a collection's answer. */
export const savedRecord = (result: SaveResult, upsert = false): SavedRecord => ({
  ...(result.id && result.success ? { id: result.id } : {}),
  success: result.success,
  errors: statusErrors(result.errors),
  ...(upsert && result.success ? { created: result.created } : {}),
});

class Undone<T> extends Error {
  readonly outcome: T;
  constructor(outcome: T) {
    super('the transaction is rolled back');
    this.outcome = outcome;
  }
}

/**
 * Runs `work` in a transaction. `undo(outcome)` ends it with everything rolled back, what triggers
 * published and queued included, and with that outcome. A subrequest of an all-or-none composite call has
 * no transaction of its own: there its failing answer rolls the whole call back.
 */
export const transact = <T>(
  caller: Caller,
  work: (transaction: ApiTransaction, undo: (outcome: T) => never) => T,
): T => {
  const undo = (outcome: T): never => {
    throw new Undone(outcome);
  };
  try {
    return caller.transaction((transaction) => work(transaction, undo));
  } catch (error) {
    if (error instanceof Undone) return error.outcome as T;
    throw error;
  }
};
