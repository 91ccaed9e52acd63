/**
 * A SQL Server database as a source of rows, by the driver `tedious`. The driver reads DECIMAL, NUMERIC and MONEY as 64-bit
 * floats, and dates as moments of this machine; so the query itself tells them as text, by the type of the column.
 */
import type * as tedious from 'tedious';
import type { Connection, Request } from 'tedious';
import { sqlServerErrorOf } from './sqlserver-errors.ts';
import { StreamedRows } from './streamed-rows.ts';
import {
  refuseUnreadable,
  SourceError,
  type Column,
  type ColumnType,
  type Source,
  type SourceValue,
  type View,
} from './types.ts';

/** What of the driver's module is needed. */
export type Tedious = Pick<typeof tedious, 'Request' | 'TYPES'>;

/** By name of the system type (Transact-SQL, "Data types"). */
const TYPES: Record<string, ColumnType> = {
  char: 'text',
  varchar: 'text',
  text: 'text',
  nchar: 'text',
  nvarchar: 'text',
  ntext: 'text',
  tinyint: 'integer',
  smallint: 'integer',
  int: 'integer',
  bigint: 'integer',
  decimal: 'decimal',
  numeric: 'decimal',
  money: 'decimal',
  smallmoney: 'decimal',
  real: 'float',
  float: 'float',
  bit: 'boolean',
  date: 'date',
  time: 'time',
  smalldatetime: 'timestamp',
  datetime: 'timestamp',
  datetime2: 'timestamp',
  datetimeoffset: 'timestamp with zone',
  uniqueidentifier: 'uuid',
};

const TWO_BYTES = new Set(['nchar', 'nvarchar']);
const SIZED = new Set(['char', 'varchar', 'nchar', 'nvarchar']);
const WITH_SCALE = new Set(['decimal', 'numeric']);

/** What a user may not see has no object id, so it is as if it were not there ("Metadata visibility configuration"). */
const DESCRIBE = `
  SELECT [name], TYPE_NAME([system_type_id]) AS [type], [is_nullable], [max_length], [precision], [scale]
    FROM [sys].[columns] WHERE [object_id] = OBJECT_ID(@view) ORDER BY [column_id]`;

const quoted = (identifier: string): string => `[${identifier.replaceAll(']', ']]')}]`;

const quotedName = (name: string): string => name.split('.').map(quoted).join('.');

/** An expression that tells a column exactly; CAST writes dates and times in ISO 8601, whatever the session's language is. */
const expressionOf = ({ name, type, declared }: Column): string => {
  const column = quoted(name);
  switch (type) {
    case 'decimal':
      return `CAST(${/money/.test(declared) ? `CAST(${column} AS decimal(19,4))` : column} AS varchar(50))`;
    case 'integer':
      return `CAST(${column} AS varchar(20))`;
    case 'date':
      return `CAST(${column} AS varchar(10))`;
    case 'time':
      return `CAST(${column} AS varchar(16))`;
    case 'timestamp':
      return `CAST(CAST(${column} AS datetime2(7)) AS varchar(33))`;
    case 'timestamp with zone':
      return `CAST(CAST(SWITCHOFFSET(${column}, '+00:00') AS datetime2(7)) AS varchar(33))`;
    case 'uuid':
      return `CAST(${column} AS varchar(36))`;
    default:
      return column;
  }
};

/** A time of day to the millisecond; what is finer is cut off, as PostgreSQL's to_char does. */
const inMilliseconds = (text: string): string => {
  const [whole, fraction = ''] = text.split('.');
  return `${whole}.${fraction.slice(0, 3).padEnd(3, '0')}`;
};

/** The shortest text that is this number as a 32-bit float. */
const shortestReal = (value: number): string => {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return String(short);
  }
  return String(value);
};

/** Only floats come as numbers. */
const numberText = (declared: string, value: number): string =>
  declared === 'real' ? shortestReal(value) : String(value);

const valueOf = ({ type, declared }: Column, value: unknown): SourceValue => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value;
  const text = typeof value === 'number' ? numberText(declared, value) : (value as string);
  switch (type) {
    case 'time':
      return inMilliseconds(text);
    case 'timestamp':
      return inMilliseconds(text).replace(' ', 'T');
    case 'timestamp with zone':
      return `${inMilliseconds(text).replace(' ', 'T')}Z`;
    case 'uuid':
      return text.toLowerCase();
    default:
      return text;
  }
};

const columnOf = ([name, type, isNullable, bytes, precision, scale]: unknown[]): Column => {
  const declared = String((type as string | null) ?? 'a type of its own');
  const length = Number(bytes) / (TWO_BYTES.has(declared) ? 2 : 1);
  return {
    name: String(name),
    type: TYPES[declared] ?? 'other',
    declared,
    isNullable: isNullable === true,
    length: SIZED.has(declared) && Number(bytes) > 0 ? length : null,
    precision: WITH_SCALE.has(declared) ? Number(precision) : null,
    scale: WITH_SCALE.has(declared) ? Number(scale) : null,
  };
};

interface Value {
  value: unknown;
}

/** Rows of one query at a time. */
export class SqlServerSource implements Source {
  readonly #tedious: Tedious;
  readonly #connection: Connection;
  readonly #timeoutMs: number;

  /** `timeoutMs`: the longest silence between two batches. */
  constructor(tedious: Tedious, connection: Connection, timeoutMs: number) {
    this.#tedious = tedious;
    this.#connection = connection;
    this.#timeoutMs = timeoutMs;
  }

  async columns(view: View): Promise<Column[]> {
    const columns: Column[] = [];
    const parameters = { view: quotedName(view.name) };
    for await (const batch of this.#read(view, DESCRIBE, parameters, { size: 1_000 }))
      columns.push(...batch.map(columnOf));
    if (columns.length > 0) return columns;
    throw new SourceError(
      'NO_VIEW',
      `there is no view ${view.name} that the user may see; create it, grant SELECT on it, or correct the configuration`,
    );
  }

  /**
   * A filter compares by code points, blanks at the end aside: SQL Server never counts those (ANSI SQL-92).
   */
  async *rows(
    view: View,
    columns: readonly Column[],
    options: { size: number; signal?: AbortSignal },
  ): AsyncGenerator<SourceValue[][], void, void> {
    refuseUnreadable(view, columns);
    const filters = Object.entries(view.where);
    const list = columns.map((column, at) => `${expressionOf(column)} AS [c${at}]`).join(', ');
    const where = filters
      .map(([name], at) => `CAST(${quoted(name)} AS nvarchar(4000)) COLLATE Latin1_General_BIN2 = @w${at}`)
      .join(' AND ');
    const text = `SELECT ${list} FROM ${quotedName(view.name)}${where && ` WHERE ${where}`}`;
    const parameters = Object.fromEntries(filters.map(([, value], at) => [`w${at}`, value]));
    for await (const batch of this.#read(view, text, parameters, options))
      yield batch.map((row) => columns.map((column, at) => valueOf(column, row[at])));
  }

  async *#read(
    view: View,
    text: string,
    parameters: Readonly<Record<string, string>>,
    { size, signal }: { size: number; signal?: AbortSignal },
  ): AsyncGenerator<unknown[][], void, void> {
    signal?.throwIfAborted();
    const { request, rows } = this.#send(text, parameters, size);
    try {
      for (;;) {
        const batch = await rows.next(this.#timeoutMs, signal);
        if (batch.length === 0) return;
        yield batch;
      }
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw sqlServerErrorOf(error, view.name);
    } finally {
      // what is left of the query ends before the next one may begin
      request.cancel();
      await rows.ended;
    }
  }

  #send(text: string, parameters: Readonly<Record<string, string>>, size: number) {
    const { Request: RequestOf, TYPES: types } = this.#tedious;
    const request: Request = new RequestOf(text, (error) => rows.end(error ?? null));
    const rows = new StreamedRows(size, { pause: () => request.pause(), resume: () => request.resume() });
    for (const [name, value] of Object.entries(parameters)) request.addParameter(name, types.NVarChar, value);
    request.on('row', (values: Value[]) => rows.add(values.map(({ value }) => value)));
    this.#connection.execSql(request);
    return { request, rows };
  }

  async close(): Promise<void> {
    if (this.#connection.closed) return;
    const ended = new Promise<void>((resolve) => this.#connection.once('end', resolve));
    this.#connection.close();
    await ended;
  }
}
