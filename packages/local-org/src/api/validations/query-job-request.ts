/** The bodies that create and change a Bulk API 2.0 query job. */
import { COLUMN_DELIMITERS, LINE_ENDINGS, type CsvFormat } from '../bulk/csv.ts';
import type { QueryOperation } from '../bulk/query-job.ts';
import { apiError } from '../errors.ts';
import { asText, parseJsonObject, type Json } from '../json-body.ts';

export interface QueryJobRequest extends CsvFormat {
  operation: QueryOperation;
  query: string;
}

const PROPERTIES = new Set(['operation', 'query', 'contentType', 'columnDelimiter', 'lineEnding']);

const invalid = (message: string): Error => apiError('API_ERROR', message);

/** Bulk API 2.0 Developer Guide, "Create a Query Job". */
export const queryJobRequest = (text: string): QueryJobRequest => {
  const body = parseJsonObject(text);
  const unknown = Object.keys(body).find((name) => !PROPERTIES.has(name));
  if (unknown !== undefined)
    throw invalid(`Unrecognized field "${unknown}": a query job takes ${[...PROPERTIES].join(', ')}`);
  const { query } = body;
  if (typeof query !== 'string' || query.trim() === '') throw invalid('query must be a SOQL query');
  oneOf(body.contentType ?? 'CSV', ['CSV'], 'contentType');
  return {
    operation: oneOf(body.operation, ['query', 'queryAll'], 'operation'),
    query,
    columnDelimiter: oneOf(body.columnDelimiter ?? 'COMMA', keysOf(COLUMN_DELIMITERS), 'columnDelimiter'),
    lineEnding: oneOf(body.lineEnding ?? 'LF', keysOf(LINE_ENDINGS), 'lineEnding'),
  };
};

/** The only change that a query job takes: `{"state": "Aborted"}`. */
export const requireAbort = (text: string): void => {
  const { state, ...others } = parseJsonObject(text);
  if (state !== 'Aborted' || Object.keys(others).length > 0)
    throw invalid('The only change of a query job is {"state": "Aborted"}');
};

const keysOf = <T extends object>(values: T): (keyof T)[] => Object.keys(values) as (keyof T)[];

const oneOf = <T extends PropertyKey>(value: Json | undefined, values: T[], name: string): T => {
  if (values.includes(value as T)) return value as T;
  throw invalid(`${name} must be one of ${values.join(', ')}, not ${asText(value)}`);
};
