/** What a source of rows is: a database with a view, whatever its kind. */

/**
 * A value, exact. Numbers of every kind, money and 64-bit integers are decimal text; dates `2026-01-31`; times of day
 * `05:00:00.000`; timestamps without a zone `2026-01-31T05:00:00.000`, with one in UTC with `Z`. Texts are as they are:
 * nothing is trimmed, the padding of CHAR is kept.
 */
export type SourceValue = string | boolean | null;

export type ColumnType =
  | 'text'
  | 'integer'
  | 'decimal'
  | 'float'
  | 'boolean'
  | 'date'
  | 'time'
  | 'timestamp'
  | 'timestamp with zone'
  | 'uuid'
  | 'other';

export interface Column {
  name: string;
  type: ColumnType;
  /** As the database calls it, for people. */
  declared: string;
  isNullable: boolean;
  /** Characters; null: without a bound, or not a text. */
  length: number | null;
  precision: number | null;
  scale: number | null;
}

export interface View {
  /** `schema.name` or `name`: an identifier, never SQL. */
  name: string;
  /** Only rows whose column equals this text. */
  where: Readonly<Record<string, string>>;
}

export interface Source {
  /** The view's columns, in its order. Rejects with SourceError `NO_VIEW`. */
  columns(view: View): Promise<Column[]>;
  /**
   * Arrays of at most `size` rows, each row's values in the order of `columns`. The next array is read when it is asked for;
   * ending the loop early ends the query. Rejects with SourceError.
   */
  rows(
    view: View,
    columns: readonly Column[],
    options: { size: number; signal?: AbortSignal },
  ): AsyncIterable<SourceValue[][]>;
  close(): Promise<void>;
}

export type SourceErrorCode =
  'NO_SERVER' | 'LOGIN_FAILED' | 'NO_VIEW' | 'NO_PERMISSION' | 'LOST' | 'TOO_SLOW' | 'QUERY_FAILED' | 'UNREADABLE_TYPE';

/** A source cannot do what it was asked. The message says what to do, and never holds a secret. */
export class SourceError extends Error {
  override name = 'SourceError';
  readonly code: SourceErrorCode;
  readonly isRetryable: boolean;

  constructor(code: SourceErrorCode, message: string, isRetryable = false, options: ErrorOptions = {}) {
    super(message, options);
    this.code = code;
    this.isRetryable = isRetryable;
  }
}

/** Throws SourceError `UNREADABLE_TYPE` for columns of a type that no source reads. */
export const refuseUnreadable = ({ name }: View, columns: readonly Column[]): void => {
  const unreadable = columns.find(({ type }) => type === 'other');
  if (!unreadable) return;
  const words = `${name}.${unreadable.name} is ${unreadable.declared}, which is not read; cast it in the view`;
  throw new SourceError('UNREADABLE_TYPE', words);
};
