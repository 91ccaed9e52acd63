/** Requests about ingest jobs: the bodies that create and change one. */
import { COLUMN_DELIMITERS, LINE_ENDINGS, type CsvFormat } from '../bulk/csv.ts';
import { INGEST_OPERATIONS, type IngestOperation } from '../bulk/ingest-jobs.ts';
import type { Call } from '../call.ts';
import { apiError } from '../errors.ts';
import { asText, parseJsonObject, type JsonObject } from '../json-body.ts';
import { keysOf, oneOf } from './bulk-job.ts';
import { lookupField, objectNamed } from './record.ts';
import { requireUserPermission } from './user-permission.ts';

export interface IngestRequest extends CsvFormat {
  operation: IngestOperation;
  object: string;
  externalIdField: string | null;
  assignmentRuleId: string | null;
}

const PROPERTIES = new Set([
  'operation',
  'object',
  'externalIdFieldName',
  'assignmentRuleId',
  'contentType',
  'columnDelimiter',
  'lineEnding',
]);

const invalid = (message: string): Error => apiError('INVALIDJOB', message);

const objectOf = (call: Call, given: JsonObject): ReturnType<typeof objectNamed> => {
  if (typeof given.object !== 'string' || given.object === '') throw invalid('object must name an object');
  const object = ((name) => {
    try {
      return objectNamed(call, name);
    } catch {
      return null;
    }
  })(given.object);
  const may = object && object.createable && (object.kind === 'standard' || object.kind === 'custom');
  if (may) return object;
  throw apiError('INVALIDENTITY', `Entity '${given.object}' is not supported by the Bulk API.`);
};

const optionalText = (given: JsonObject, name: string): string | null => {
  const value = given[name] ?? null;
  if (value === null || typeof value === 'string') return value === '' ? null : value;
  throw invalid(`${name} must be text, not ${asText(value)}`);
};

/** Bulk API 2.0 Developer Guide, "Create a Job". Throws ApiError. */
export const ingestRequest = (call: Call, text: string): IngestRequest => {
  const body = parseJsonObject(text);
  const unknown = Object.keys(body).find((name) => !PROPERTIES.has(name));
  if (unknown !== undefined)
    throw invalid(`Unrecognized field "${unknown}": an ingest job takes ${[...PROPERTIES].join(', ')}`);
  const operation = oneOf(body.operation, [...INGEST_OPERATIONS], 'operation');
  if (operation === 'hardDelete') requireUserPermission(call.deps.store, call.userId, 'BulkApiHardDelete');
  oneOf(body.contentType ?? 'CSV', ['CSV'], 'contentType');
  const object = objectOf(call, body);
  const named = optionalText(body, 'externalIdFieldName');
  if (operation === 'upsert' && named === null) throw invalid('externalIdFieldName is required for upsert');
  if (operation !== 'upsert' && named !== null) throw invalid('externalIdFieldName is for upsert only');
  return {
    operation,
    object: object.name,
    externalIdField: named === null ? null : lookupField(call, object, named).name,
    assignmentRuleId: optionalText(body, 'assignmentRuleId'),
    columnDelimiter: oneOf(body.columnDelimiter ?? 'COMMA', keysOf(COLUMN_DELIMITERS), 'columnDelimiter'),
    lineEnding: oneOf(body.lineEnding ?? 'LF', keysOf(LINE_ENDINGS), 'lineEnding'),
  };
};

/** `{"state": "UploadComplete"}` or `{"state": "Aborted"}`: the changes that an ingest job takes. */
export const askedState = (text: string): 'UploadComplete' | 'Aborted' => {
  const { state, ...others } = parseJsonObject(text);
  if (Object.keys(others).length > 0) throw invalid('The only change of an ingest job is that of its state');
  return oneOf(state, ['UploadComplete', 'Aborted'], 'state');
};
