/** What was uploaded to an ingest job, as header and rows. */
import { CsvError, parse } from 'csv-parse/sync';
import { COLUMN_DELIMITERS, LINE_ENDINGS, type CsvFormat } from './csv.ts';

/** Fails the whole job, in the words of its `errorMessage`. */
export class JobProblem extends Error {}

export const invalidBatch = (problem: string): JobProblem => new JobProblem(`InvalidBatch : ${problem}`);
const clientError = (problem: string): JobProblem => new JobProblem(`ClientInputError : ${problem}`);

export interface Upload {
  columns: string[];
  rows: string[][];
}

/** The end of the first line, as it is. */
const lineEndingOf = (text: string): string | null => /\r\n|\n/.exec(text)?.[0] ?? null;

const requireLineEnding = (text: string, { lineEnding }: CsvFormat): void => {
  const found = lineEndingOf(text);
  if (found !== null && found !== LINE_ENDINGS[lineEnding])
    throw clientError(`LineEnding is invalid on user data. Current LineEnding setting is ${lineEnding}`);
};

const problemOf = (error: CsvError): JobProblem => {
  if (error.code === 'CSV_QUOTE_NOT_CLOSED')
    return clientError(
      'Failed to parse CSV. Found unclosed quote. A standard CSV file should have matching quotes for each value',
    );
  return clientError(`Failed to parse CSV. ${error.message}`);
};

/** Throws JobProblem for what is no CSV of the job's format. */
export const readUpload = (text: string, format: CsvFormat): Upload => {
  requireLineEnding(text, format);
  let lines: string[][];
  try {
    lines = parse(text, {
      bom: true,
      delimiter: COLUMN_DELIMITERS[format.columnDelimiter],
      record_delimiter: LINE_ENDINGS[format.lineEnding],
      relax_column_count: true,
      skip_empty_lines: true,
    });
  } catch (error) {
    if (error instanceof CsvError) throw problemOf(error);
    throw error;
  }
  const [header, ...rows] = lines;
  if (header === undefined) throw clientError('Failed to parse CSV. The upload has no header');
  const columns = header.map((name) => name.trim());
  const uneven = rows.findIndex((row) => row.length !== columns.length);
  if (uneven >= 0)
    throw invalidBatch(
      `Record ${uneven + 1} has ${rows[uneven]!.length} values, the header has ${columns.length} columns`,
    );
  return { columns, rows };
};
