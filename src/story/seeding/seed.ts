import type { Connection } from '@salesforce/core';
import { isRejection, mapRow } from './map-row.ts';
import { withRemedy } from './remedies.ts';
import { readMapping } from './read-mapping.ts';
import { readRows } from './read-rows.ts';
import { UnusableInput } from 'kernel/command-line.ts';
import { shortened } from '../../shared/text.ts';
import type { MappedRow, Mapping, Rejection } from './types.ts';

/** Records in one collection request (REST API Developer Guide, sObject Collections). */
const COLLECTION_LIMIT = 200;

/** An org repeats the value that it refuses, whatever its length. */
const MAX_REASON_LENGTH = 300;

/** `row 4 (SR-9), Subject: …`. */
export const describeRejection = ({ row, name, field, reason }: Rejection): string =>
  `row ${row}${name ? ` (${name})` : ''}${field ? `, ${field}` : ''}: ${reason}`;

const MAX_DOUBTS = 20;

/** What was taken and may be meant otherwise, a line each: the first twenty, and how many more there are. */
export const describeDoubts = (rows: readonly MappedRow[]): string[] => {
  const lines = rows.flatMap(({ row, name, doubts = [] }) =>
    doubts.map(
      ({ field, doubt }) => `doubtful: ${describeRejection({ row, ...(name ? { name } : {}), field, reason: doubt })}`,
    ),
  );
  const more = lines.length - MAX_DOUBTS;
  return more > 0 ? [...lines.slice(0, MAX_DOUBTS), `doubtful: ${more} more values as these`] : lines;
};

export interface PreparedInput {
  mapping: Mapping;
  rows: MappedRow[];
  rejected: Rejection[];
}

export interface SeededRow extends MappedRow {
  id: string;
}

/** Reads the input and its mapping; needs no org. Throws UnusableInput. */
export const prepareInput = async (inputFile: string, mapFile: string): Promise<PreparedInput> => {
  const mapping = await readMapping(mapFile);
  const { rows, rejected } = await readRows(inputFile, mapping);
  const mapped = withoutRepeats(rows.map((row) => mapRow(mapping, row)));
  const input: PreparedInput = {
    mapping,
    rows: mapped.filter((row): row is MappedRow => !isRejection(row)),
    rejected: [...rejected, ...mapped.filter(isRejection)].sort((a, b) => a.row - b.row),
  };
  if (input.rows.length > 0) return input;
  const examples = input.rejected.slice(0, 3).map((row) => `\n  ${describeRejection(row)}`);
  throw new UnusableInput(
    `input ${inputFile}: none of its ${input.rejected.length} rows can be used${examples.join('')}`,
  );
};

/** Two rows of one name are one thing told twice, or a slip: the first one counts, the others are told. */
const withoutRepeats = (rows: readonly (MappedRow | Rejection)[]): (MappedRow | Rejection)[] => {
  const first = new Map<string, number>();
  return rows.map((row) => {
    if (isRejection(row) || row.name === undefined || row.name === '') return row;
    const earlier = first.get(row.name);
    if (earlier === undefined) {
      first.set(row.name, row.row);
      return row;
    }
    const reason = `row ${earlier} has the same name; take one of them out, or correct it`;
    return { row: row.row, name: row.name, field: null, reason };
  });
};

/** Checks the mapping against what the org tells of the object to this user. Throws UnusableInput naming field and remedy. */
export const checkAgainstOrg = async (connection: Connection, mapping: Mapping): Promise<void> => {
  const described = await connection.describe(mapping.object).catch((error: Error) => {
    throw new UnusableInput(`the org does not know the object ${mapping.object}: ${error.message}`);
  });
  for (const field of Object.keys(mapping.fields)) {
    const known = described.fields.find((candidate) => candidate.name.toLowerCase() === field.toLowerCase());
    if (!known)
      throw new UnusableInput(
        `${mapping.object} has no field ${field} that this user may see; deploy it, grant access, or take it out of the mapping`,
      );
    if (!known.createable)
      throw new UnusableInput(
        `this user may not write ${mapping.object}.${field}; grant edit access, or take it out of the mapping`,
      );
  }
};

interface CollectionResult {
  id?: string;
  success: boolean;
  errors: { statusCode: string; message: string; fields?: string[] }[];
}

/** Creates the rows in the org, 200 a call; rows that the org turns away are returned as rejections, the others go through. */
export const seedRows = async (
  connection: Connection,
  { mapping, rows }: PreparedInput,
  onProgress: (done: number) => void = () => {},
): Promise<{ seeded: SeededRow[]; rejected: Rejection[] }> => {
  const seeded: SeededRow[] = [];
  const rejected: Rejection[] = [];
  for (let start = 0; start < rows.length; start += COLLECTION_LIMIT) {
    const chunk = rows.slice(start, start + COLLECTION_LIMIT);
    const results = await connection.request<CollectionResult[]>({
      method: 'POST',
      url: `/services/data/v${connection.getApiVersion()}/composite/sobjects`,
      body: JSON.stringify({
        allOrNone: false,
        records: chunk.map(({ fields }) => ({ attributes: { type: mapping.object }, ...fields })),
      }),
      headers: { 'content-type': 'application/json' },
    });
    chunk.forEach((row, index) => {
      const result = results[index]!;
      if (result.success) {
        seeded.push({ ...row, id: result.id! });
        return;
      }
      const [error] = result.errors;
      const name = row.name === undefined ? {} : { name: row.name };
      rejected.push({
        row: row.row,
        ...name,
        field: error?.fields?.[0] ?? null,
        reason: withRemedy(
          error?.statusCode ?? 'UNKNOWN',
          shortened(error?.message ?? 'no reason given', MAX_REASON_LENGTH),
        ),
      });
    });
    onProgress(seeded.length + rejected.length);
  }
  return { seeded, rejected };
};
