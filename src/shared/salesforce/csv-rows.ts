import { parse } from 'csv-parse/sync';
import type { Scalar } from '../../shared/values.ts';
import type { ContentType } from '../../shared/digest/content.ts';

/**
 * The rows of a query job's result as the REST API's JSON would have them: empty is null, numbers are numbers
 * (CSV has `5.0` and `1.39E8`), checkboxes are booleans. `types` of columns that are not text.
 */
export const rowsOfCsv = (text: string, types: Record<string, ContentType>): Record<string, Scalar>[] =>
  parse(text, {
    // asked for when the job is made; found out from the first line, a line end within a value could be taken for it
    record_delimiter: '\n',
    columns: true,
    cast: (value, { column, header }) => (header ? value : scalar(value, types[String(column)])),
  });

const scalar = (value: string, type: ContentType | undefined): Scalar => {
  if (value === '') return null;
  if (type === 'number') return Number(value);
  return type === 'boolean' ? value === 'true' : value;
};
