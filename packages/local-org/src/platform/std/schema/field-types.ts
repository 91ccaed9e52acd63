/** How field types are named in describes. */
import type { FieldType } from '../../../store/types.ts';

/** Constants of Schema.DisplayType that are not simply the upper-cased type. */
const DISPLAY: Partial<Record<FieldType, string>> = { int: 'INTEGER' };

const SOAP: Partial<Record<FieldType, string>> = {
  id: 'ID',
  reference: 'ID',
  boolean: 'BOOLEAN',
  int: 'INTEGER',
  double: 'DOUBLE',
  currency: 'DOUBLE',
  percent: 'DOUBLE',
  date: 'DATE',
  datetime: 'DATETIME',
  time: 'TIME',
  base64: 'BASE64BINARY',
  anyType: 'ANYTYPE',
  address: 'ADDRESS',
};

/** Bytes of UTF-8 that one character may take. */
const BYTES_PER_CHARACTER = 3;

export const displayType = (type: FieldType): string => DISPLAY[type] ?? type.toUpperCase();
export const soapType = (type: FieldType): string => SOAP[type] ?? 'STRING';

const TEXT: ReadonlySet<FieldType> = new Set<FieldType>([
  'string',
  'textarea',
  'picklist',
  'multipicklist',
  'email',
  'phone',
  'url',
  'encryptedstring',
  'combobox',
]);

export const isText = (type: FieldType): boolean => TEXT.has(type);
export const isNumeric = (type: FieldType): boolean => type === 'double' || type === 'currency' || type === 'percent';

export const byteLength = (type: FieldType, length: number): number =>
  isText(type) ? length * BYTES_PER_CHARACTER : length;

/** Long text areas cannot be filtered, sorted or grouped by. */
const LONG_TEXT = 255;
export const isLongText = (type: FieldType, length: number): boolean =>
  (type === 'textarea' && length > LONG_TEXT) || type === 'encryptedstring';
