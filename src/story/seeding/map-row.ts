import { DateTime } from 'luxon';
import type { Scalar } from '../../shared/case-messages.ts';
import { cutOff, shortened, valueProblem } from '../../shared/text.ts';
import { COLUMN, type FieldSource, type InputRow, type MappedRow, type Mapping, type Rejection } from './types.ts';

class BadValue extends Error {}

/** What is shown of a value or a name: enough to find it. */
const SHOWN = 40;

const quote = (text: string): string => JSON.stringify(shortened(text, SHOWN));

const textOf = (source: FieldSource, cells: Record<string, string>): string => {
  if (source.column !== undefined) return cells[source.column]!.trim();
  let filled = false;
  const text = source.template!.replace(COLUMN, (_, column: string) => {
    const cell = cells[column]!.trim();
    filled ||= cell !== '';
    return cell;
  });
  return filled ? text.replace(/[ \t]+$/gm, '').trim() : '';
};

const BOOLEANS: Record<string, boolean> = {
  true: true,
  yes: true,
  y: true,
  '1': true,
  false: false,
  no: false,
  n: false,
  '0': false,
};

const read = (text: string, source: FieldSource, zone: string): DateTime =>
  source.format
    ? DateTime.fromFormat(text, source.format, { zone, locale: 'en-US' })
    : DateTime.fromISO(text, { zone });

/** Dates that Salesforce keeps (SOQL and SOSL Reference, "Date Formats and Date Literals"). */
const YEARS = { from: 1700, to: 4000 };

const HAS_OFFSET = /([Zz]|[+-]\d\d:?\d\d)\s*$/;

const written = (at: DateTime): string => at.toUTC().startOf('second').toISO({ suppressMilliseconds: true })!;

/** Told of a value that is taken, and may be meant otherwise. */
type OnDoubt = (doubt: string) => void;

/** When clocks go forward an hour is left out, and no time within it is one; when they go back an hour is shown twice: such a time is taken, and told. */
const moment = (text: string, source: FieldSource, zone: string, onDoubt: OnDoubt): DateTime => {
  const at = read(text, source, zone);
  if (!at.isValid) {
    throw new BadValue(
      `${quote(text)} is not a ${source.type} of the form ${source.format ?? 'ISO 8601'}; correct it, or the mapping's format`,
    );
  }
  if (at.year < YEARS.from || at.year > YEARS.to)
    throw new BadValue(
      `${quote(text)} is of the year ${at.year}, and Salesforce keeps ${YEARS.from} to ${YEARS.to}; correct it, or the mapping's format`,
    );
  // a time that says its own offset stands in no zone's gap or overlap
  if (source.type !== 'datetime' || HAS_OFFSET.test(text)) return at;
  const shown = read(text, source, 'UTC');
  if (shown.hour !== at.hour || shown.minute !== at.minute)
    throw new BadValue(
      `${quote(text)} does not exist in ${zone}: clocks went forward over it; correct it, or the mapping's timeZone`,
    );
  const times = at.getPossibleOffsets();
  if (times.length > 1)
    onDoubt(
      `${quote(text)} was shown twice in ${zone}, at ${times.map(written).join(' and ')}; ${written(at)} is taken: write its offset if it is the other`,
    );
  return at;
};

/**
 * Number() reads more than people write: `0x1F`, `0b1`. Commas stand between thousands alone: what writes `0,125` or
 * `1.234,567` means another number than would be left without them.
 */
const DECIMAL = /^[+-]?(\d+\.?\d*|[1-9]\d{0,2}(,\d{3})+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i;
/** Digits before the point that a number keeps exactly: those behind it are rounded as the field says. */
const MAX_DIGITS = 15;

const typed = (text: string, source: FieldSource, zone: string, onDoubt: OnDoubt): Scalar => {
  switch (source.type ?? 'text') {
    case 'number': {
      const number = DECIMAL.test(text) ? Number(text.replaceAll(',', '')) : NaN;
      if (!Number.isFinite(number)) throw new BadValue(`${quote(text)} is not a number; correct it`);
      if (Math.abs(number) >= 10 ** MAX_DIGITS)
        throw new BadValue(
          `${quote(text)} has more than ${MAX_DIGITS} digits before the point, which no number keeps; correct it, or make it text`,
        );
      return number;
    }
    case 'boolean': {
      const value = BOOLEANS[text.toLowerCase()];
      if (value === undefined)
        throw new BadValue(`${quote(text)} is not yes or no; correct it, or list it under values`);
      return value;
    }
    case 'date':
      return moment(text, source, zone, onDoubt).toISODate();
    case 'datetime':
      return written(moment(text, source, zone, onDoubt));
    case 'text':
      return source.truncate ? cutOff(text, source.truncate) : text;
  }
};

const valueOf = (source: FieldSource, cells: Record<string, string>, zone: string, onDoubt: OnDoubt): Scalar => {
  if (source.constant !== undefined) return source.constant;
  const text = textOf(source, cells);
  if (text === '') return null;
  if (source.values) {
    const known = Object.entries(source.values).find(([from]) => from.toLowerCase() === text.toLowerCase());
    if (known) return known[1];
    if (source.otherwise === 'empty') return null;
    if (source.otherwise === 'reject') {
      throw new BadValue(
        `${quote(text)} is not one of ${Object.keys(source.values).join(', ')}; correct it, or add it to the mapping's values`,
      );
    }
  }
  return typed(text, source, zone, onDoubt);
};

/** Turns an input row into a record's fields, or says which field of which row is wrong and what to do. Empty cells give no field. */
export const mapRow = (mapping: Mapping, { row, cells }: InputRow): MappedRow | Rejection => {
  const name = mapping.rowName ? { name: shortened(cells[mapping.rowName]!.trim(), SHOWN) } : {};
  const fields: Record<string, Scalar> = {};
  const zone = mapping.timeZone ?? 'UTC';
  const doubts: NonNullable<MappedRow['doubts']> = [];
  for (const [field, source] of Object.entries(mapping.fields)) {
    try {
      const value = valueOf(source, cells, zone, (doubt) => doubts.push({ field, doubt }));
      const problem = typeof value === 'string' ? valueProblem(value) : null;
      if (problem) throw new BadValue(problem);
      if (value !== null) fields[field] = value;
      else if (source.required)
        throw new BadValue(`no value in ${source.column ? `column "${source.column}"` : 'its columns'}; give it one`);
    } catch (error) {
      if (!(error instanceof BadValue)) throw error;
      return { row, ...name, field, reason: error.message };
    }
  }
  return { row, ...name, fields, ...(doubts.length > 0 ? { doubts } : {}) };
};

export const isRejection = (row: MappedRow | Rejection): row is Rejection => 'reason' in row;
