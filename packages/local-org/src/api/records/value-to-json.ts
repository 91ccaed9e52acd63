/** Stored values as the REST API writes them. */
import type { FieldType, Value } from '../../store/types.ts';

/** `2026-11-21T07:30:30.000+0000` */
export const datetimeText = (epochMs: number): string => new Date(epochMs).toISOString().replace('Z', '+0000');

/** `07:30:30.000Z` */
export const timeText = (msOfDay: number): string => new Date(msOfDay).toISOString().slice('1970-01-01T'.length);

export const valueToJson = (value: Value, type: FieldType | undefined): Value => {
  if (typeof value !== 'number') return value;
  if (type === 'datetime') return datetimeText(value);
  return type === 'time' ? timeText(value) : value;
};
