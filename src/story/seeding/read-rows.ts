import { CsvError, parse } from 'csv-parse/sync';
import { UnusableInput } from 'kernel/command-line.ts';
import { columnsOf } from './read-mapping.ts';
import { readText } from './read-text.ts';
import type { InputRow, Mapping, Rejection } from './types.ts';

export interface ReadRows {
  rows: InputRow[];
  rejected: Rejection[];
}

/** A record of the file. `cells` is null when it cannot be read: `problem` says why. */
interface FileRecord {
  /** Its first line in the file, from 1. */
  line: number;
  cells: string[] | null;
  problem: string;
}

/** Beyond that the file is not what the mapping says it is: nobody reads so many messages. */
const MAX_MALFORMED = 1_000;

/**
 * Reads a CSV file with a header. A malformed row is rejected alone, and each row is either read or rejected: a quote
 * that is not closed takes its own line with it, and no other. Throws UnusableInput for what makes the whole file
 * unusable: it is missing, not text, without a header or without rows, or the mapping does not fit its columns.
 */
export const readRows = async (path: string, mapping: Mapping): Promise<ReadRows> => {
  const text = await readText(path, mapping.encoding);
  const [first, ...records] = recordsOf(path, text, mapping.delimiter ?? ',');
  const header = first?.cells?.map((name) => name.trim());
  if (!header) throw new UnusableInput(`input ${path} is empty; its first line must name the columns`);
  checkColumns(path, header, mapping);
  if (records.length === 0) throw new UnusableInput(`input ${path} has a header and no rows; give it at least one`);
  const rows: InputRow[] = [];
  const rejected: Rejection[] = [];
  records.forEach(({ line, cells, problem }, index) => {
    const row = index + 1;
    const wrong = cells ? countProblem(cells, header) : problem;
    if (cells && !wrong) rows.push({ row, cells: Object.fromEntries(header.map((name, at) => [name, cells[at]!])) });
    else
      rejected.push({
        row,
        field: null,
        reason: `malformed near line ${line}: ${wrong}; correct the row and seed it again`,
      });
  });
  return { rows, rejected };
};

/** A column that the mapping reads must be there, and once: of two with one name either may be meant. */
const checkColumns = (path: string, header: readonly string[], mapping: Mapping): void => {
  for (const [column, field] of columnsOf(mapping)) {
    const places = header.flatMap((name, at) => (name === column ? [at + 1] : []));
    const reads = `"${column}", which the mapping of ${field} reads`;
    if (places.length === 0)
      throw new UnusableInput(
        `input ${path} has no column ${reads}; its columns are: ${header.join(', ')}${similar(header, mapping)}`,
      );
    if (places.length > 1)
      throw new UnusableInput(
        `input ${path} has ${places.length} columns ${reads} (columns ${places.join(', ')}); rename all but one`,
      );
  }
};

/** A whole header in one column was read with the wrong delimiter. */
const similar = (header: readonly string[], { delimiter = ',' }: Mapping): string => {
  const other = [';', '\t', '|', ','].find((candidate) => candidate !== delimiter && header[0]?.includes(candidate));
  if (header.length > 1 || other === undefined) return '';
  return `; it seems to be delimited by ${JSON.stringify(other)}: say so in the mapping ("delimiter": ${JSON.stringify(other)})`;
};

const countProblem = (cells: readonly string[], header: readonly string[]): string | null =>
  cells.length === header.length ? null : `it has ${cells.length} cells, the header has ${header.length}`;

/**
 * All records of a file, the header first. A record that breaks at a quote, or that spans lines and has not as many
 * cells as the header, may have swallowed others: its first line is malformed, and reading goes on with the next line.
 */
const recordsOf = (path: string, text: string, delimiter: string): FileRecord[] => {
  const bytes = Buffer.from(text);
  const records: FileRecord[] = [];
  let width: number | null = null;
  let malformed = 0;
  const skipLine = (start: number, problem: string): number => {
    malformed += 1;
    if (malformed > MAX_MALFORMED)
      throw new UnusableInput(
        `input ${path} has more than ${MAX_MALFORMED} malformed rows, the last near line ${lines.at(start)}: ${problem}; check its delimiter and its quotes`,
      );
    records.push({ line: lines.at(start), cells: null, problem });
    const feed = bytes.indexOf('\n', start);
    return feed < 0 ? bytes.length : feed + 1;
  };
  const lines = new LineCounter(bytes);
  for (let start = 0; start < bytes.length;) {
    let end = start;
    try {
      parse(bytes.subarray(start), {
        delimiter,
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
        on_record: ({ record, info }: { record: string[]; info: { bytes: number } }) => {
          const begin = skipEmpty(bytes, end);
          const next = start + info.bytes;
          width ??= record.length;
          if (record.length !== width && spans(bytes, begin, next)) {
            throw new Swallowed();
          }
          records.push({ line: lines.at(begin), cells: record, problem: '' });
          end = next;
          return null;
        },
      } as never);
      return records;
    } catch (error) {
      if (!(error instanceof Swallowed) && !(error instanceof CsvError))
        throw new UnusableInput(`input ${path} is not a CSV file: ${(error as Error).message}`);
      const problem =
        error instanceof Swallowed ? 'a quote is not closed, or it has too many or too few cells' : wordsOf(error);
      start = skipLine(skipEmpty(bytes, end), problem);
    }
  }
  return records;
};

class Swallowed extends Error {}

const wordsOf = ({ code, message }: CsvError): string =>
  code === 'CSV_QUOTE_NOT_CLOSED' ? 'a quote is opened and never closed' : (message.split('\n')[0] ?? message);

/** Whether a record from `begin` to `end` goes over more than one line. */
const spans = (bytes: Buffer, begin: number, end: number): boolean => {
  const feed = bytes.indexOf('\n', begin);
  return feed >= 0 && feed < end - 1;
};

const skipEmpty = (bytes: Buffer, from: number): number => {
  let at = from;
  while (bytes[at] === 0x0a || bytes[at] === 0x0d) at++;
  return at;
};

/** Line numbers of ascending places in a file. */
class LineCounter {
  #bytes: Buffer;
  #place = 0;
  #line = 1;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  at(place: number): number {
    for (; this.#place < place; this.#place++) if (this.#bytes[this.#place] === 0x0a) this.#line += 1;
    return this.#line;
  }
}
