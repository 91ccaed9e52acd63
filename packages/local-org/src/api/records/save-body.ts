/** What the API answers for saved records. */
import type { ObjectSchema, SaveError, SaveResult } from '../../store/types.ts';

interface StatusError {
  statusCode: string;
  message: string;
  fields: string[];
}

export interface SavedRecord {
  id?: string;
  success: boolean;
  errors: StatusError[];
  created?: boolean;
}

export const statusErrors = (errors: SaveError[]): StatusError[] =>
  errors.map(({ code, message, fields }) => ({ statusCode: code, message, fields }));

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
