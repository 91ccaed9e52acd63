import { meets } from '../automation/criteria.ts';
import type { Criteria, SummarySchema } from '../automation/types.ts';
import { fromField } from '../formula/values.ts';
import type { DetailReader, DetailValues } from '../records/detail-values.ts';
import { roundHalfUp } from '../rounding.ts';
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
  const fields = fieldsRead(detail, summaries);
  const details = Map.groupBy(reader.read(detail, summaries[0]!.lookup, fields, masters), ({ master }) => master);
  return new Map(
    masters.map((master): [string, Sums] => {
      const mine = details.get(master) ?? [];
      return [master, new Map(summaries.map((summary) => [summary.target.name, valueOf(detail, summary, mine)]))];
    }),
  );
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
  const units = values.reduce((sum, value) => sum + BigInt(unitsOf(value, scale)), 0n);
  const digits = String(units < 0n ? -units : units).padStart(scale + 1, '0');
  const whole = digits.slice(0, digits.length - scale);
  return Number(`${units < 0n ? '-' : ''}${whole}.${digits.slice(digits.length - scale)}`);
}

/** The number without its point: 1.5 of scale 2 is 150. */
function unitsOf(value: number, scale: number): string {
  const [whole = '0', decimals = ''] = plainDigits(roundHalfUp(value, scale), scale).split('.');
  return `${whole}${decimals.padEnd(scale, '0')}`;
}

/** Numbers that print with an exponent are too large for decimals, or too small for the scale of a field. */
const plainDigits = (value: number, scale: number): string => {
  const text = String(value);
  if (!text.includes('e')) return text;
  return Math.abs(value) >= 1 ? String(BigInt(value)) : value.toFixed(scale);
};
