/** Saves one record for a single-record resource; a failure is the resource's error. */
import type { Row, SaveError, SaveRequest, SaveResult } from '../../store/types.ts';
import type { Caller } from '../call.ts';
import { ApiError, saveFailure } from '../errors.ts';
import { transact } from './transact.ts';

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
