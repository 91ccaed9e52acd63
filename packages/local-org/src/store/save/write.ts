/** The step that writes: ids, auto numbers, audit fields, unique fields. */
import type { Value, FieldSchema, SaveError } from '../types.ts';
import type { SaveContext } from './context.ts';
import { isChanged, valueOf, type Entry, duplicateOf } from './entry.ts';

/** Step: gives ids, auto numbers and audit fields, checks unique fields row by row, and writes. */
export function writeRows(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    if (context.operation === 'insert') fillSystemFields(context, entry);
    else touchSystemFields(context, entry);
    const error = duplicateError(context, entry);
    if (error !== null) entry.errors.push(error);
    else if (context.operation === 'insert') context.records.insert(context.object, entry.row.values);
    else context.records.update(context.object, entry.id!, changesOf(context, entry));
  }
}

function changesOf(context: SaveContext, entry: Entry): Map<string, Value> {
  const changes = new Map<string, Value>();
  for (const field of context.shape.stored) {
    if (isChanged(entry, field.name)) changes.set(field.name, valueOf(entry, field.name));
  }
  return changes;
}

/** Gives a new row its id, auto numbers and audit fields. */
export function fillSystemFields(context: SaveContext, entry: Entry): void {
  const { object, moment } = context;
  const { values } = entry.row;
  entry.id = context.sequences.newId(object.keyPrefix);
  entry.row.id = entry.id;
  values.set('Id', entry.id);
  const { userId } = context.request.access;
  const system: Record<string, Value> = {
    CreatedDate: moment,
    CreatedById: userId,
    LastModifiedDate: moment,
    LastModifiedById: userId,
    SystemModstamp: moment,
  };
  for (const [name, value] of Object.entries(system))
    if (object.fields.has(name.toLowerCase())) values.set(name, value);
  for (const { name, format, start } of context.shape.autoNumbers) {
    const number = context.sequences.take(`auto ${object.name}.${name}`, start);
    values.set(name, formatAutoNumber(format, number, moment));
  }
  if (object.kind === 'custom' && valueOf(entry, 'Name') === null) values.set('Name', entry.id);
}

/** Any update moves the modification stamps, whether or not a value changed. */
export function touchSystemFields(context: SaveContext, entry: Entry): void {
  const { object, moment } = context;
  const system: Record<string, Value> = {
    LastModifiedDate: moment,
    LastModifiedById: context.request.access.userId,
    SystemModstamp: moment,
  };
  for (const [name, value] of Object.entries(system))
    if (object.fields.has(name.toLowerCase())) entry.row.values.set(name, value);
}

/**
 * Formats a number by an auto number's display format: `{0000}` is the number, padded; `{YYYY}`,
 * `{YY}`, `{MM}` and `{DD}` are parts of the current date; everything else stays.
 */
export function formatAutoNumber(format: string, value: number, now: number): string {
  const date = new Date(now).toISOString();
  const parts: Record<string, string> = {
    YYYY: date.slice(0, 4),
    YY: date.slice(2, 4),
    MM: date.slice(5, 7),
    DD: date.slice(8, 10),
  };
  return format.replace(/\{([^}]*)\}/g, (whole, inside: string) => {
    if (/^0+$/.test(inside)) return String(value).padStart(inside.length, '0');
    return parts[inside] ?? whole;
  });
}

/** What is wrong with a row whose unique values another row has; rows of the same request count once they are written. */
export function duplicateError(context: SaveContext, entry: Entry): SaveError | null {
  for (const fields of context.shape.unique) {
    const values = fields.map((field): [FieldSchema, Value] => [field, valueOf(entry, field.name)]);
    if (values.some(([, value]) => value === null) || !fields.some((field) => isChanged(entry, field.name))) continue;
    const id = context.records.duplicateOf(context.object, values, entry.id!);
    if (id !== null) return duplicateOf(fields.map((field) => field.name).join(', '), id);
  }
  return null;
}
