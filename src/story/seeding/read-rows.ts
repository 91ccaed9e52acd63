import { readFile } from 'node:fs/promises';
import { parse, type CsvError } from 'csv-parse/sync';
import { columnsOf } from './read-mapping.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import type { InputRow, Mapping, Rejection } from './types.ts';

export interface ReadRows {
  rows: InputRow[];
  rejected: Rejection[];
}

interface ParsedRow {
  record: Record<string, string>;
  info: { lines: number };
}

/** Reads a CSV file with a header. Malformed rows are rejected one by one; a missing file, header or column makes the file unusable. */
export const readRows = async (path: string, mapping: Mapping): Promise<ReadRows> => {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new UnusableInput(`input ${path} cannot be read (${error.code}); check the path after --input`);
  });
  let header: string[] = [];
  const malformed: { line: number; message: string }[] = [];
  let parsed: ParsedRow[];
  try {
    parsed = parse(text, {
      bom: true,
      info: true,
      columns: (names: string[]) => (header = names.map((name) => name.trim())),
      delimiter: mapping.delimiter ?? ',',
      skip_empty_lines: true,
      skip_records_with_error: true,
      on_skip: (error?: CsvError) => {
        malformed.push({ line: Number(error?.lines ?? 0), message: error?.message ?? 'cannot be read' });
        return undefined;
      },
    }) as unknown as ParsedRow[];
  } catch (error) {
    throw new UnusableInput(`input ${path} is not a CSV file: ${(error as Error).message}`);
  }
  if (header.length === 0) throw new UnusableInput(`input ${path} is empty; its first line must name the columns`);
  for (const [column, field] of columnsOf(mapping)) {
    if (!header.includes(column)) {
      throw new UnusableInput(
        `input ${path} has no column "${column}", which the mapping of ${field} reads; its columns are: ${header.join(', ')}`,
      );
    }
  }
  const all = [
    ...parsed.map(({ record, info }) => ({ line: info.lines, cells: record, message: null })),
    ...malformed.map(({ line, message }) => ({ line, cells: null, message })),
  ].sort((a, b) => a.line - b.line);
  const rows: InputRow[] = [];
  const rejected: Rejection[] = [];
  all.forEach(({ cells, message, line }, index) => {
    if (cells) rows.push({ row: index + 1, cells });
    else
      rejected.push({
        row: index + 1,
        field: null,
        reason: `malformed near line ${line}: ${message}; correct the row and seed it again`,
      });
  });
  return { rows, rejected };
};
