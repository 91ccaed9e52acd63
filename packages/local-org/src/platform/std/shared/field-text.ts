/** A field's value from text in the form the API and data files use. */
import type { FieldSchema } from '../../../store/types.ts';
import type { Apex } from '../../types.ts';
import { ApexBlob, ApexDate, ApexDatetime, apexException, ApexTime, Decimal } from '../../values/index.ts';
import { apexTypeOf, forField } from './field-values.ts';

/** ISO 8601 with or without milliseconds; zone as `Z`, `+0000` or `+00:00`; a bare day is its midnight in UTC. */
export const datetimeFromIso = (text: string): ApexDatetime | null => {
  const match = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)(Z|[+-]\d{2}:?\d{2})?)?$/.exec(text);
  if (!match || ApexDate.parse(match[1]!) === null) return null;
  const zone = (match[3] ?? 'Z').replace(/^([+-]\d{2})(\d{2})$/, '$1:$2');
  const ms = Date.parse(`${match[1]}T${match[2] ?? '00:00'}${zone}`);
  return Number.isNaN(ms) ? null : new ApexDatetime(ms);
};

/** `07:30:00.000Z`. */
export const timeFromIso = (text: string): ApexTime | null => {
  const match = /^(\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,3})\d*)?)?Z?$/.exec(text);
  if (!match) return null;
  return ApexTime.of(
    Number(match[1]),
    Number(match[2]),
    Number(match[3] ?? 0),
    Number((match[4] ?? '').padEnd(3, '0')),
  );
};

const read = (type: string, text: string): Apex => {
  switch (type) {
    case 'Boolean':
      return /^true$/i.test(text) ? true : /^false$/i.test(text) ? false : null;
    case 'Integer':
      return /^[+-]?\d+$/.test(text) ? Number(text) : null;
    case 'Decimal':
      return Decimal.parse(text);
    case 'Date':
      return ApexDate.parse(text.slice(0, 10));
    case 'Datetime':
      return datetimeFromIso(text);
    case 'Time':
      return timeFromIso(text);
    case 'Blob':
      return new ApexBlob(new Uint8Array(Buffer.from(text, 'base64')));
    default:
      return text;
  }
};

export const fieldFromText = (field: FieldSchema, text: string): Apex => {
  const value = read(apexTypeOf(field), text);
  if (value === null) throw apexException('TypeException', `Invalid value for the field ${field.name}: ${text}`);
  return forField(field, value);
};
