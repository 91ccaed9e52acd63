/** Errors as Salesforce's REST API words them: `[{ message, errorCode, fields }]` and a status that follows from the code. */
import { StoreError, type SaveError } from '../store/types.ts';
import { duplicateResultBody } from './records/duplicate-result.ts';

export interface ErrorBody {
  message: string;
  errorCode: string;
  /** Present for errors of a save. */
  fields?: string[];
  /** Present for DUPLICATES_DETECTED. */
  duplicateResult?: unknown;
}

/** REST API Developer Guide, "Status Codes and Error Responses". Codes that are not listed answer 400. */
const STATUS_OF_CODE: Record<string, number> = {
  INVALID_SESSION_ID: 401,
  FORBIDDEN: 403,
  INSUFFICIENT_ACCESS: 403,
  INSUFFICIENT_ACCESS_OR_READONLY: 403,
  REQUEST_LIMIT_EXCEEDED: 403,
  ENTITY_IS_DELETED: 404,
  NOT_FOUND: 404,
  METHOD_NOT_ALLOWED: 405,
  UNSUPPORTED_MEDIA_TYPE: 415,
  UNKNOWN_EXCEPTION: 500,
  NOT_IMPLEMENTED: 501,
  SERVER_UNAVAILABLE: 503,
};

export const statusOfCode = (code: string): number => STATUS_OF_CODE[code] ?? 400;

/** A request that is answered with an error. */
export class ApiError extends Error {
  override name = 'ApiError';
  readonly status: number;
  readonly errors: ErrorBody[];
  readonly headers: Record<string, string>;

  constructor(status: number, errors: ErrorBody[], headers: Record<string, string> = {}) {
    super(errors.map(({ errorCode, message }) => `${errorCode}: ${message}`).join('; '));
    this.status = status;
    this.errors = errors;
    this.headers = headers;
  }
}

export const apiError = (errorCode: string, message: string, fields?: string[]): ApiError =>
  new ApiError(statusOfCode(errorCode), [{ message, errorCode, ...(fields ? { fields } : {}) }]);

export const notFound = (message = 'The requested resource does not exist'): ApiError => apiError('NOT_FOUND', message);

export const sessionExpired = (): ApiError =>
  new ApiError(401, [{ message: 'Session expired or invalid', errorCode: 'INVALID_SESSION_ID' }], {
    'www-authenticate': 'Token',
  });

/** What Salesforce has and the local org has not: never passed over in silence. */
export const unsupported = (what: string): ApiError =>
  apiError('NOT_IMPLEMENTED', `${what} is not supported by the local org`);

/** The errors of one saved row, as a single-record resource answers them. */
export const saveFailure = (errors: SaveError[]): ApiError =>
  new ApiError(
    statusOfCode(errors[0]?.code ?? 'UNKNOWN_EXCEPTION'),
    errors.map((error) => {
      const { code, message, fields, duplicates } = error;
      // Salesforce names no fields beside what a duplicate rule found.
      return duplicates === undefined
        ? { message, errorCode: code, fields }
        : { duplicateResult: duplicateResultBody(duplicates, message), errorCode: code, message };
    }),
  );

/** Any thrown value as an ApiError, or null when it is a defect of the local org. */
export const asApiError = (error: unknown): ApiError | null => {
  if (error instanceof ApiError) return error;
  if (!(error instanceof StoreError)) return null;
  return apiError(error.code, error.message, error.fields.length > 0 ? error.fields : undefined);
};
