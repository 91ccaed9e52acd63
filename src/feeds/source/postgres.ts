/** A PostgreSQL database as a source of rows, served or embedded: values as exact text, rows through a cursor. */
import {
  refuseUnreadable,
  SourceError,
  type Column,
  type ColumnType,
  type Source,
  type SourceValue,
  type View,
} from './types.ts';

/** One connection to a database of PostgreSQL's kind. Rejects with the database's own errors. */
export interface PostgresLink {
  query(text: string, parameters?: readonly string[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}

const quoted = (identifier: string): string => `"${identifier.replaceAll('"', '""')}"`;

const quotedName = (name: string): string => name.split('.').map(quoted).join('.');

/** By name of the type (PostgreSQL, "Data Types"). */
const TYPES: Record<string, ColumnType> = {
  text: 'text',
  varchar: 'text',
  bpchar: 'text',
  citext: 'text',
  name: 'text',
  int2: 'integer',
  int4: 'integer',
  int8: 'integer',
  numeric: 'decimal',
  money: 'decimal',
  float4: 'float',
  float8: 'float',
  bool: 'boolean',
  date: 'date',
  time: 'time',
  timestamp: 'timestamp',
  timestamptz: 'timestamp with zone',
  uuid: 'uuid',
};

const DESCRIBE = `
  SELECT a.attname AS name, t.typname AS type, format_type(a.atttypid, a.atttypmod) AS declared, NOT a.attnotnull AS nullable,
         CASE WHEN t.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4 END AS length,
         CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN ((a.atttypmod - 4) >> 16) & 65535 END AS precision,
         CASE WHEN t.typname = 'numeric' AND a.atttypmod > 4 THEN (a.atttypmod - 4) & 2047 END AS scale
    FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid
   WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped
   ORDER BY a.attnum`;

const MOMENT = `'YYYY-MM-DD"T"HH24:MI:SS.MS'`;

/** An expression that tells a column exactly; texts are told as they are. */
const expressionOf = ({ name, type, declared }: Column): string => {
  const column = quoted(name);
  if (type === 'date') return `to_char(${column}, 'YYYY-MM-DD')`;
  if (type === 'time') return `to_char(${column}, 'HH24:MI:SS.MS')`;
  if (type === 'timestamp') return `to_char(${column}, ${MOMENT})`;
  if (type === 'timestamp with zone') return `to_char(${column} AT TIME ZONE 'UTC', ${MOMENT}) || 'Z'`;
  if (declared === 'money') return `${column}::numeric::text`;
  if (type === 'text' || type === 'boolean') return column;
  return `${column}::text`;
};

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** What an error of the database is to a feed. */
export const sourceErrorOf = (error: unknown, view: string): SourceError => {
  if (error instanceof SourceError) return error;
  const code = codeOf(error);
  const words = wordsOf(error);
  const because = { cause: error };
  if (code === '42501')
    return new SourceError('NO_PERMISSION', `the user may not read ${view}: ${words}; grant it SELECT`, false, because);
  if (code === '42P01' || code === '3F000')
    return new SourceError(
      'NO_VIEW',
      `there is no view ${view}: ${words}; create it, or correct the configuration`,
      false,
      because,
    );
  if (code === '57014')
    return new SourceError(
      'TOO_SLOW',
      `${view} took too long: ${words}; make the view faster, or raise timeoutMs`,
      true,
      because,
    );
  if (/^(08|57P)/.test(code) || !/^[0-9A-Z]{5}$/.test(code))
    return new SourceError(
      'LOST',
      `the connection was lost while ${view} was read: ${words}; look at the server, and run again`,
      true,
      because,
    );
  return new SourceError('QUERY_FAILED', `${view} failed: ${words}; correct the view`, false, because);
};

/** What was selected is text or a flag. */
const valueIn = (row: Record<string, unknown>, at: number): SourceValue => {
  const value = row[`c${at}`];
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'bigint' ? value.toString() : null;
};

/** Rows of one query at a time. */
export class PostgresSource implements Source {
  readonly #link: PostgresLink;
  readonly #timeoutMs: number;

  /** `timeoutMs`: the longest silence between two batches. */
  constructor(link: PostgresLink, timeoutMs: number) {
    this.#link = link;
    this.#timeoutMs = timeoutMs;
  }

  async columns(view: View): Promise<Column[]> {
    const rows = await this.#ask(view, DESCRIBE, [quotedName(view.name)]);
    if (rows.length === 0)
      throw new SourceError('NO_VIEW', `there is no view ${view.name}; create it, or correct the configuration`);
    return rows.map((row) => ({
      name: String(row.name),
      type: TYPES[String(row.type)] ?? 'other',
      declared: String(row.declared),
      isNullable: row.nullable === true,
      length: row.length === null ? null : Number(row.length),
      precision: row.precision === null ? null : Number(row.precision),
      scale: row.scale === null ? null : Number(row.scale),
    }));
  }

  async #ask(view: View, text: string, parameters: readonly string[] = []): Promise<Record<string, unknown>[]> {
    return this.#link.query(text, parameters).catch((error: unknown) => {
      throw sourceErrorOf(error, view.name);
    });
  }

  async *rows(
    view: View,
    columns: readonly Column[],
    { size, signal }: { size: number; signal?: AbortSignal },
  ): AsyncGenerator<SourceValue[][], void, void> {
    refuseUnreadable(view, columns);
    const filters = Object.entries(view.where);
    const list = columns.map((column, at) => `${expressionOf(column)} AS c${at}`).join(', ');
    const where = filters.map(([name], at) => `${quoted(name)}::text = $${at + 1}`).join(' AND ');
    await this.#ask(view, 'BEGIN READ ONLY');
    try {
      await this.#ask(view, `SET LOCAL statement_timeout = ${Math.floor(this.#timeoutMs)}`);
      await this.#ask(
        view,
        `DECLARE rows_of_view NO SCROLL CURSOR FOR SELECT ${list} FROM ${quotedName(view.name)}${where && ` WHERE ${where}`}`,
        filters.map(([, value]) => value),
      );
      for (;;) {
        signal?.throwIfAborted();
        const rows = await this.#ask(view, `FETCH ${Math.floor(size)} FROM rows_of_view`);
        if (rows.length === 0) return;
        yield rows.map((row) => columns.map((_, at) => valueIn(row, at)));
      }
    } finally {
      await this.#link.query('ROLLBACK').catch(() => {});
    }
  }

  close(): Promise<void> {
    return this.#link.close();
  }
}
