/** CSV as Bulk API 2.0 writes it: header and every value quoted, null as `""`. */
import type { FieldType, QueriedRow, QueryColumn, Value } from '../../store/types.ts';
import { timeText } from '../records/values.ts';

/** Bulk API 2.0 Developer Guide, "Create a Query Job". */
export const COLUMN_DELIMITERS = {
  BACKQUOTE: '`',
  CARET: '^',
  COMMA: ',',
  PIPE: '|',
  SEMICOLON: ';',
  TAB: '\t',
} as const;
export const LINE_ENDINGS = { LF: '\n', CRLF: '\r\n' } as const;

export type ColumnDelimiter = keyof typeof COLUMN_DELIMITERS;
export type LineEnding = keyof typeof LINE_ENDINGS;

export interface CsvFormat {
  columnDelimiter: ColumnDelimiter;
  lineEnding: LineEnding;
}

/** `"Id","Account.Name"` and the line end. */
export const headerLine = (columns: QueryColumn[], format: CsvFormat): string =>
  csvLine(
    columns.map(({ path }) => path.join('.')),
    format,
  );

export const rowLine = (row: QueriedRow, columns: QueryColumn[], format: CsvFormat): string =>
  csvLine(
    columns.map(({ path, type }) => text(valueAt(row, path), type)),
    format,
  );

/** The values and the line end. */
export const csvLine = (values: readonly string[], { columnDelimiter, lineEnding }: CsvFormat): string =>
  values.map((value) => `"${value.replaceAll('"', '""')}"`).join(COLUMN_DELIMITERS[columnDelimiter]) +
  LINE_ENDINGS[lineEnding];

/** Null when a parent on the way is missing. */
const valueAt = (row: QueriedRow, path: string[]): Value => {
  let at: QueriedRow | null = row;
  for (const relationship of path.slice(0, -1)) at = at?.parents.get(relationship) ?? null;
  return at?.values.get(path.at(-1)!) ?? null;
};

const text = (value: Value, type: FieldType): string => {
  if (value === null) return '';
  if (typeof value !== 'number') return String(value);
  switch (type) {
    case 'datetime':
      return new Date(value).toISOString();
    case 'time':
      return timeText(value);
    case 'double':
    case 'currency':
    case 'percent':
      return doubleText(value);
    default:
      return String(value);
  }
};

/** Numbers as Salesforce writes them into CSV: as Java's Double.toString does, `5.0`, `1.39E8`. */
const DECIMAL_FROM = 1e-3;
const DECIMAL_BELOW = 1e7;

export const doubleText = (value: number): string => {
  const size = Math.abs(value);
  if (value === 0 || (size >= DECIMAL_FROM && size < DECIMAL_BELOW)) return withFraction(String(value));
  const [mantissa, exponent] = value.toExponential().split('e') as [string, string];
  return `${withFraction(mantissa)}E${Number(exponent)}`;
};

const withFraction = (digits: string): string => (digits.includes('.') ? digits : `${digits}.0`);
