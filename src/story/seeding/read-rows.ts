import { CsvError, parse } from 'csv-parse/sync';
import { UnusableInput } from 'kernel/command-line.ts';
import { shortened } from '../../shared/text.ts';
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

/** Files that were put together from others end their lines in several ways. */
const LINE_ENDS = ['\r\n', '\n', '\r'];
const FEED = 0x0a;
const RETURN = 0x0d;

/** What a message shows of a header: enough to see which file it is. */
const SHOWN_COLUMNS = 60;
const SHOWN_NAME = 40;

/** Beyond that the file is not what the mapping says it is: nobody reads so many messages. */
const MAX_MALFORMED = 1_000;

/**
 * Reads a CSV file with a header. A malformed row is rejected alone, and each row is either read or rejected: a quote
 * that is not closed takes its own line with it, and no other. Throws UnusableInput for what makes the whole file
 * unusable: it is missing, not text, without a header or without rows, or the mapping does not fit its columns.
 */
export const readRows = async (path: string, mapping: Mapping): Promise<ReadRows> => {
  const text = await readText(path, mapping.encoding);
  refuseOtherForms(path, text);
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

/** What is text and no CSV file, by how it begins, and the remedy. */
const OTHER_FORMS: readonly [RegExp, string][] = [
  [/^\s*(\{|\[)\s*(["{[]|\}|\])/, 'is JSON, not a CSV file; export it as CSV'],
  [/^\s*<(!doctype|\?xml|html)\b/i, 'is a page or XML, not a CSV file; export it as CSV'],
  [/^(%PDF-|\{\\rtf)/, 'is a document, not a CSV file; export it as CSV'],
  [/^"?sep=.{0,2}"?[\r\n]/i, 'begins with a line for Excel (sep=); take it out, and say its delimiter in the mapping'],
];

const refuseOtherForms = (path: string, text: string): void => {
  const form = OTHER_FORMS.find(([begins]) => begins.test(text));
  if (form) throw new UnusableInput(`input ${path} ${form[1]}`);
};

/** A column that the mapping reads must be there, and once: of two with one name either may be meant. */
const checkColumns = (path: string, header: readonly string[], mapping: Mapping): void => {
  for (const [column, field] of columnsOf(mapping)) {
    const places = header.flatMap((name, at) => (name === column ? [at + 1] : []));
    const reads = `"${column}", which the mapping of ${field} reads`;
    if (places.length === 0)
      throw new UnusableInput(
        `input ${path} has no column ${reads}; its columns are: ${listed(header)}${similar(column, header, mapping)}`,
      );
    if (places.length > 1)
      throw new UnusableInput(
        `input ${path} has ${places.length} columns ${reads} (columns ${places.join(', ')}); rename all but one`,
      );
  }
};

const listed = (header: readonly string[]): string => {
  const shown = header.slice(0, SHOWN_COLUMNS).map((name) => shortened(name, SHOWN_NAME));
  const more = header.length - shown.length;
  return shown.join(', ') + (more > 0 ? ` and ${more} more` : '');
};

/** Characters that are not seen, such as a zero width space. */
const UNSEEN = /\p{Cf}/gu;

/** A name with what is not seen of it. */
const shown = (name: string): string =>
  JSON.stringify(name).replace(UNSEEN, (unseen) => `\\u${unseen.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** As people read a name: without regard to case, to kinds and numbers of blanks, and to what is not seen. */
const asRead = (name: string): string =>
  name.normalize('NFKC').replace(UNSEEN, '').replace(/\s+/g, ' ').trim().toLowerCase();

/** What was probably meant: a name that only looks the same, or, when the whole header is one column, another delimiter. */
const similar = (column: string, header: readonly string[], { delimiter = ',' }: Mapping): string => {
  const resembling = header.find((name) => asRead(name) === asRead(column));
  if (resembling !== undefined)
    return `; ${shown(resembling)} differs in case or in its blanks alone: write it in the mapping as the file has it`;
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
    return skipEmpty(bytes, lineEnd(bytes, start));
  };
  const lines = new LineCounter(bytes);
  for (let start = 0; start < bytes.length;) {
    let end = start;
    try {
      parse(bytes.subarray(start), {
        delimiter,
        info: true,
        record_delimiter: LINE_ENDS,
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

/** The parser repeats the value that it stumbled over. */
const MAX_WORDS = 200;

const wordsOf = ({ code, message }: CsvError): string =>
  code === 'CSV_QUOTE_NOT_CLOSED'
    ? 'a quote is opened and never closed'
    : shortened(message.replace(/\s*[\r\n].*/s, ''), MAX_WORDS);

/** Where the line that `from` is in ends, before its line end. */
const lineEnd = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at < bytes.length && !endsLine(bytes[at]!)) at++;
  return at;
};

const endsLine = (byte: number): boolean => byte === FEED || byte === RETURN;

/** Whether a record from `begin` to `end` goes over more than one line. */
const spans = (bytes: Buffer, begin: number, end: number): boolean => skipEmpty(bytes, lineEnd(bytes, begin)) < end;

const skipEmpty = (bytes: Buffer, from: number): number => {
  let at = from;
  while (at < bytes.length && endsLine(bytes[at]!)) at++;
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
    for (; this.#place < place; this.#place++) {
      const byte = this.#bytes[this.#place];
      if (byte === FEED || (byte === RETURN && this.#bytes[this.#place + 1] !== FEED)) this.#line += 1;
    }
    return this.#line;
  }
}
