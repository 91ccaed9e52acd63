import { fromSql } from '../database/columns.ts';
import { quote } from '../database/database.ts';
import { meets } from '../automation/criteria.ts';
import type { Criteria, SummarySchema } from '../automation/types.ts';
import { fromField } from '../formula/values.ts';
import type { DetailReader, DetailValues } from '../records/detail-values.ts';
import { StoreError } from '../types.ts';
import type { FieldSchema, ObjectSchema, Value } from '../types.ts';

/** Summaries of one master: name of the field to its value. */
export type Sums = Map<string, Value>;

/** Works out the summaries over the details of these masters, by the id of the master, all that go by one lookup at once. */
export function summarise(
  reader: DetailReader,
  detail: ObjectSchema,
  summaries: readonly SummarySchema[],
  masters: string[],
): Map<string, Sums> {
  const sums = new Map(masters.map((master): [string, Sums] => [master, new Map<string, Value>()]));
  const [ofColumns, ofRows] = [summaries.filter(isOfColumn), summaries.filter((summary) => !isOfColumn(summary))];
  if (ofColumns.length > 0) addByColumn(reader, detail, ofColumns, sums);
  if (ofRows.length > 0) addByRow(reader, detail, ofRows, sums);
  return sums;
}

/** Whether the database can work it out: a column of all details. Filters and formulas need the values of each detail. */
const isOfColumn = ({ summarized, criteria }: SummarySchema): boolean =>
  criteria.kind === 'always' && summarized?.formula === undefined;

function addByColumn(
  reader: DetailReader,
  detail: ObjectSchema,
  summaries: readonly SummarySchema[],
  sums: Map<string, Sums>,
): void {
  const aggregates = summaries.flatMap(aggregatesOf);
  const rows = new Map(
    reader.aggregate(detail, summaries[0]!.lookup, aggregates, [...sums.keys()]).map(([id, ...row]) => [id, row]),
  );
  for (const [master, mine] of sums) {
    const row = rows.get(master);
    let at = 0;
    for (const summary of summaries) {
      const values = row?.slice(at, (at += aggregatesOf(summary).length));
      mine.set(
        summary.target.name,
        values === undefined ? emptySummary(summary.operation) : ofAggregates(summary, values),
      );
    }
  }
}

/** A sum is added up in whole units of the last digit, in two parts so that none of them overflows. */
const PART = 1_000_000_000;

function aggregatesOf({ operation, summarized, target }: SummarySchema): string[] {
  if (operation === 'count') return ['COUNT(*)'];
  const column = quote(summarized!.name);
  if (operation !== 'sum') return [`${operation.toUpperCase()}(${column})`];
  const units = `CAST(ROUND(${column} * 1e${target.scale ?? 0}) AS INTEGER)`;
  return [`SUM(${units} / ${PART})`, `SUM(${units} % ${PART})`];
}

function ofAggregates({ operation, summarized, target }: SummarySchema, [first, second]: readonly unknown[]): Value {
  if (operation === 'count') return Number(first);
  if (operation !== 'sum') return fromSql(summarized!.type, first);
  // no detail has a value
  if (first === null) return 0;
  return decimalOf(BigInt(Number(first)) * BigInt(PART) + BigInt(Number(second)), target.scale ?? 0);
}

function addByRow(
  reader: DetailReader,
  detail: ObjectSchema,
  summaries: readonly SummarySchema[],
  sums: Map<string, Sums>,
): void {
  const fields = fieldsRead(detail, summaries);
  const all = reader.read(detail, summaries[0]!.lookup, fields, [...sums.keys()]);
  const details = Map.groupBy(all, ({ master }) => master);
  for (const [master, mine] of sums)
    for (const summary of summaries) mine.set(summary.target.name, valueOf(detail, summary, details.get(master) ?? []));
}

/** What a summary says of a record without details: nothing is 0 in number and in sum, and has no least. */
export const emptySummary = (operation: SummarySchema['operation']): Value =>
  operation === 'count' || operation === 'sum' ? 0 : null;

function fieldsRead(detail: ObjectSchema, summaries: readonly SummarySchema[]): FieldSchema[] {
  const read = summaries.flatMap(({ summarized, criteria }) => [
    ...(summarized === null ? [] : [summarized]),
    ...filterFields(detail, criteria),
  ]);
  return [...new Set(read)];
}

const filterFields = (detail: ObjectSchema, criteria: Criteria): FieldSchema[] =>
  criteria.kind === 'items' ? criteria.items.map(({ path }) => fieldOf(detail, path)) : [];

function fieldOf(detail: ObjectSchema, path: string): FieldSchema {
  const field = detail.fields.get(path.toLowerCase());
  if (field === undefined)
    throw new StoreError('INVALID_FIELD', `A roll-up summary filters by ${path}, which is no field of ${detail.name}`);
  return field;
}

function valueOf(
  detail: ObjectSchema,
  { operation, target, summarized, criteria }: SummarySchema,
  all: DetailValues[],
): Value {
  const counted = criteria.kind === 'always' ? all : all.filter(({ values }) => counts(detail, criteria, values));
  if (operation === 'count') return counted.length;
  const values = counted.flatMap(({ values: row }) => row.get(summarized!.name) ?? []);
  if (operation === 'sum') return exactSum(values as number[], target.scale ?? 0);
  if (values.length === 0) return emptySummary(operation);
  // dates are texts that sort as days do
  return values.reduce((found, value) => ((operation === 'min') === value < found ? value : found));
}

const counts = (detail: ObjectSchema, criteria: Criteria, values: ReadonlyMap<string, Value>): boolean =>
  meets(criteria, {
    holds: () => false,
    value: (path) => {
      const field = fieldOf(detail, path);
      return fromField(field, values.get(field.name) ?? null);
    },
  });

/** Decimal numbers added as whole numbers of their last digit: 0.1 and 0.2 are 0.3. */
function exactSum(values: readonly number[], scale: number): number {
  let sum = 0n;
  // most sums never leave the numbers that are exact
  let pending = 0;
  for (const value of values) {
    const units = Math.round(value * 10 ** scale);
    if (Number.isSafeInteger(pending + units)) pending += units;
    else {
      sum += BigInt(pending) + BigInt(units);
      pending = 0;
    }
  }
  return decimalOf(sum + BigInt(pending), scale);
}

/** So many units of the last digit as a number: 150 of scale 2 are 1.5. */
function decimalOf(units: bigint, scale: number): number {
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const point = digits.length - scale;
  return Number(`${units < 0n ? '-' : ''}${digits.slice(0, point)}.${digits.slice(point)}`);
}
