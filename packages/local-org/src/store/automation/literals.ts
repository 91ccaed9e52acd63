import { MetadataError } from '../schema/problems.ts';
import type { FieldSchema, Value } from '../types.ts';

const NUMERIC = new Set(['int', 'double', 'currency', 'percent']);
const DAY = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:\s+(\d{1,2}):(\d{2})(?:\s*([AP]M))?)?$/i;

/**
 * A literal of rule metadata as a value of the field: `1` or `true` for checkboxes, dates as `2026-01-31` or as
 * the en_US locale writes them, times of day in UTC. Throws MetadataError when it is none.
 */
export function literalOf(field: Pick<FieldSchema, 'name' | 'type'>, text: string): Value {
  const literal = text.trim();
  if (literal === '') return field.type === 'boolean' ? false : null;
  if (field.type === 'boolean') return flagOf(field.name, literal);
  if (NUMERIC.has(field.type)) return numberOf(field.name, literal);
  if (field.type === 'date' || field.type === 'datetime') {
    const moment = momentOf(field.name, literal);
    return field.type === 'datetime' ? moment : new Date(moment).toISOString().slice(0, 10);
  }
  return text;
}

function flagOf(field: string, literal: string): boolean {
  if (/^(true|1)$/i.test(literal)) return true;
  if (/^(false|0)$/i.test(literal)) return false;
  throw new MetadataError(`${literal} is no value of the checkbox ${field}`);
}

function numberOf(field: string, literal: string): number {
  const number = Number(literal.replaceAll(',', ''));
  if (Number.isNaN(number)) throw new MetadataError(`${literal} is no number for ${field}`);
  return number;
}

function momentOf(field: string, literal: string): number {
  const [, month, day, year, hour = '0', minute = '0', half] = DAY.exec(literal) ?? [];
  if (year === undefined) {
    const moment = Date.parse(literal.length === 'YYYY-MM-DD'.length ? `${literal}T00:00:00Z` : literal);
    if (Number.isNaN(moment)) throw new MetadataError(`${literal} is no date for ${field} that the local org knows`);
    return moment;
  }
  const shifted = half === undefined ? Number(hour) : (Number(hour) % 12) + (half.toUpperCase() === 'PM' ? 12 : 0);
  return Date.UTC(Number(year), Number(month) - 1, Number(day), shifted, Number(minute));
}
