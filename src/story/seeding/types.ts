import type { Scalar } from '../../shared/case-messages.ts';

/** A column in a template. */
export const COLUMN = /\{([^{}]+)\}/g;

/** Where one field's value comes from: see config/mapping.schema.json. */
export interface FieldSource {
  column?: string;
  template?: string;
  constant?: string | number | boolean;
  type?: 'text' | 'number' | 'boolean' | 'date' | 'datetime';
  format?: string;
  values?: Record<string, string | number | boolean | null>;
  otherwise?: 'keep' | 'empty' | 'reject';
  required?: boolean;
  truncate?: number;
}

export interface Mapping {
  object: string;
  timeZone?: string;
  delimiter?: string;
  /** A name of the Encoding Standard; a byte order mark wins over it. */
  encoding?: string;
  rowName?: string;
  fields: Record<string, FieldSource>;
}

/** A data row of the input, with its place in the file. */
export interface InputRow {
  /** 1-based number of the data row; the header is not counted. */
  row: number;
  cells: Record<string, string>;
}

/** A row that did not become a record, and what its owner can do about it. */
export interface Rejection {
  row: number;
  /** What the mapping's `rowName` column says of the row. */
  name?: string;
  field: string | null;
  reason: string;
}

export interface MappedRow {
  row: number;
  name?: string;
  fields: Record<string, Scalar>;
  /** What its owner should look at, though it was taken; absent: nothing. */
  doubts?: { field: string; doubt: string }[];
}
