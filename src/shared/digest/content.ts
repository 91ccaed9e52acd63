/** A value as either side holds it. */
export type ContentValue = string | number | boolean | null | undefined;

/** Salesforce types that decide how a value is written canonically; every other type is text. */
export type ContentType = 'text' | 'number' | 'boolean' | 'date' | 'datetime';

/** A decimal number without exponent, sign of zero, or trailing zeros. */
const plainNumber = (value: number): string => {
  if (value === 0) return '0';
  const text = String(value);
  if (!text.includes('e')) return text;
  const [mantissa, exponent] = text.split('e') as [string, string];
  const negative = mantissa.startsWith('-');
  const [whole, fraction = ''] = mantissa.replace('-', '').split('.') as [string, string?];
  const shift = Number(exponent);
  const digits = whole + fraction;
  const point = whole.length + shift;
  const plain =
    point <= 0
      ? `0.${'0'.repeat(-point)}${digits}`
      : point >= digits.length
        ? digits + '0'.repeat(point - digits.length)
        : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return (negative ? '-' : '') + plain;
};

/**
 * The canonical form of a value: what Salesforce stores, however it was entered. Text trimmed, with
 * `\n` line ends, empty as null; numbers without trailing zeros; datetimes to whole seconds in UTC.
 */
export const canonicalValue = (value: ContentValue, type: ContentType): string | null => {
  if (value === null || value === undefined || value === '') return null;
  switch (type) {
    case 'number':
      return plainNumber(Number(value));
    case 'boolean':
      return String(value);
    case 'datetime':
      return new Date(Math.floor(Date.parse(String(value).replace(/\+0000$/, 'Z')) / 1000) * 1000)
        .toISOString()
        .replace('.000Z', 'Z');
    default: {
      const text = String(value)
        .replace(/\r\n?/g, '\n')
        .replace(/^[ \t\n]+|[ \t\n]+$/g, '');
      return text === '' ? null : text;
    }
  }
};

const escape = (text: string): string => text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');

/**
 * The canonical content of a record: one line `Field=value` for each field that has a value, in the
 * code-point order of the field names, backslash and line end escaped. A field that is empty everywhere
 * leaves the content as it was.
 */
export const contentOf = (values: Record<string, ContentValue>, types: Record<string, ContentType>): string =>
  Object.keys(types)
    .sort((a, b) => (a < b ? -1 : 1))
    .flatMap((field) => {
      const value = canonicalValue(values[field], types[field]!);
      return value === null ? [] : [`${field}=${escape(value)}`];
    })
    .join('\n');
