/** Records named by an external id in the path: `/sobjects/Case/Key__c/abc`. */
import type { FieldSchema, ObjectSchema, QueriedRow, Value } from '../../store/types.ts';
import type { Answer, Call } from '../call.ts';
import { apiError } from '../errors.ts';
import { objectNamed, lookupField } from '../validations/sobject.ts';
import { valueFromJson } from './value-from-json.ts';

export interface ExternalId {
  object: ObjectSchema;
  field: FieldSchema;
  value: Value;
}

export const externalIdOf = (call: Call): ExternalId => {
  const object = objectNamed(call, call.params.type!);
  const field = lookupField(call, object, call.params.field!);
  const value = valueFromJson(call.params.value!, field.type);
  if (value !== undefined) return { object, field, value };
  throw apiError(
    'INVALID_FIELD',
    `${call.params.value} is not a valid value for the ${field.type} field ${field.name}`,
  );
};

/** Several records have the value: 300 and the URL of each. */
export const multipleChoices = (call: Call, rows: QueriedRow[]): Answer => ({
  status: 300,
  body: rows.map(({ object, id }) => `${call.base}/sobjects/${object}/${id}`),
});
