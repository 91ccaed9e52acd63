/** What a run leaves as files: rows that succeeded, rows that failed and why, rows that were not processed. */
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { harmlessCsvLine } from '../shared/csv.ts';
import { placeProblem, ReportNotWritten } from '../shared/write-report.ts';
import type { Queryable } from '../shared/sql/types.ts';
import { failedRows, unwrittenRows, writtenRows } from './db/rows.ts';
import type { RunRow } from './db/runs.ts';

const PAGE = 2_000;
/** Rows quote what people wrote. */
const OWNER_ONLY = 0o600;

interface Sheet<Row extends { row_key: string }> {
  name: string;
  header: string[];
  page: (after: string) => Promise<Row[]>;
  cells: (row: Row) => string[];
}

const writeSheet = async <Row extends { row_key: string }>(file: FileHandle, sheet: Sheet<Row>): Promise<void> => {
  await file.write(harmlessCsvLine(sheet.header));
  for (let after = ''; ;) {
    const rows = await sheet.page(after);
    if (rows.length === 0) return;
    await file.write(rows.map((row) => harmlessCsvLine(sheet.cells(row))).join(''));
    after = rows.at(-1)!.row_key;
  }
};

const fill = async <Row extends { row_key: string }>(folder: string, sheet: Sheet<Row>): Promise<string> => {
  const path = join(folder, sheet.name);
  try {
    const file = await open(path, 'w', OWNER_ONLY);
    try {
      await writeSheet(file, sheet);
    } finally {
      await file.close();
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new ReportNotWritten(`the file ${path} could not be written: ${message}`, { cause: error });
  }
  return path;
};

/**
 * Writes the three files of a run into a folder, `<run>-succeeded.csv`, `<run>-failed.csv`, `<run>-not-processed.csv`,
 * readable by their owner alone. The paths. Throws ReportNotWritten.
 */
export const writeFiles = async (db: Queryable, run: RunRow, folder: string): Promise<string[]> => {
  const problem = placeProblem(join(folder, 'any'));
  if (problem !== null) throw new ReportNotWritten(`no files can be written to ${folder}: ${problem}`);
  return [
    await fill(folder, {
      name: `${run.key}-succeeded.csv`,
      header: ['External id', 'Salesforce id'],
      page: (after) => writtenRows(db, run, after, PAGE),
      cells: (row) => [row.external_id, row.salesforce_id],
    }),
    await fill(folder, {
      name: `${run.key}-failed.csv`,
      header: ['External id', 'Code', 'Field', 'Reason', 'Remedy', 'Refused since'],
      page: (after) => failedRows(db, run, after, PAGE),
      cells: ({ external_id: id, problem: { code, field, message, remedy }, refused_since: since }) => [
        id,
        code,
        field ?? '',
        message,
        remedy,
        since?.toISOString() ?? '',
      ],
    }),
    await fill(folder, {
      name: `${run.key}-not-processed.csv`,
      header: ['External id', 'Why'],
      page: (after) => unwrittenRows(db, run, after, PAGE),
      cells: ({ external_id: id, missing }) => [
        id,
        missing.length > 0
          ? `waits for ${missing.map((parent) => `${parent.id} of ${parent.feed}`).join(', ')}`
          : 'not written by this run',
      ],
    }),
  ];
};
