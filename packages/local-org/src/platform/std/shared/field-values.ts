/** Values of record fields: their Apex types, and what may be put into them. */
import { normalizeId } from '../../../store/ids/record-id.ts';
import type { FieldSchema, FieldType } from '../../../store/types.ts';
import type { TypeRef } from '../../../compiler/types.ts';
import type { Apex } from '../../types.ts';
import { ApexDate, ApexDatetime, ApexDouble, apexException, Decimal, typeNameOf } from '../../values/index.ts';

const APEX_TYPES: Partial<Record<FieldType, TypeRef>> = {
  id: 'Id',
  reference: 'Id',
  boolean: 'Boolean',
  int: 'Integer',
  double: 'Decimal',
  currency: 'Decimal',
  percent: 'Decimal',
  date: 'Date',
  datetime: 'Datetime',
  time: 'Time',
  base64: 'Blob',
  anyType: 'Object',
  address: 'Address',
};

/** The Apex type of a field's values; text of all sorts is String. */
export const apexTypeOf = (field: FieldSchema): TypeRef => APEX_TYPES[field.type] ?? 'String';

const isNumber = (value: Apex): boolean =>
  typeof value === 'number' || typeof value === 'bigint' || value instanceof Decimal || value instanceof ApexDouble;

const toId = (text: string): string => {
  const id = normalizeId(text);
  if (id === null) throw apexException('StringException', `Invalid id: ${text}`);
  return id;
};

/** The value as the field's type, or undefined when the field cannot take it. */
const converted = (type: TypeRef, value: Apex): Apex => {
  switch (type) {
    case 'Id':
      return typeof value === 'string' ? toId(value) : undefined;
    case 'String':
      return typeof value === 'string' ? value : undefined;
    case 'Decimal':
      if (!isNumber(value) || value instanceof Decimal) return isNumber(value) ? value : undefined;
      return value instanceof ApexDouble ? Decimal.fromNumber(value.value) : Decimal.fromInteger(value);
    case 'Integer':
      return typeof value === 'number' ? value : undefined;
    case 'Datetime':
      return value instanceof ApexDate
        ? new ApexDatetime(value.toMs())
        : value instanceof ApexDatetime
          ? value
          : undefined;
    case 'Date':
      return value instanceof ApexDatetime ? value.dateGmt() : value instanceof ApexDate ? value : undefined;
    case 'Object':
      return value;
    default:
      return typeNameOf(value) === type ? value : undefined;
  }
};

/** What `record.put(field, value)` stores; SObjectException when the types do not fit. */
export const forField = (field: FieldSchema, value: Apex): Apex => {
  if (value === null) return null;
  const type = apexTypeOf(field);
  const result: Apex = converted(type, value);
  if (result === undefined)
    throw apexException('SObjectException', `Illegal assignment from ${typeNameOf(value)} to ${type}`);
  return result;
};
