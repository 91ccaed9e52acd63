import { formatAutoNumber } from '../records/auto-number.ts';
import { isStored } from '../database/columns.ts';
import type { FieldSchema, Value } from '../types.ts';
import type { Entry, SaveContext } from './context.ts';
import { isChanged, saveError, valueOf } from './context.ts';

/** Length of an id in messages. */
const SHORT_ID = 15;

/** Step: gives ids, auto numbers and audit fields, checks unique fields row by row, and writes. */
export function writeRows(context: SaveContext, entries: Entry[]): void {
  const unique = [...context.object.fields.values()].filter((field) => field.unique && isStored(field));
  for (const entry of entries) {
    if (context.operation === 'insert') fillSystemFields(context, entry);
    else touch(context, entry);
    const duplicate = findDuplicate(context, entry, unique);
    if (duplicate !== null) {
      entry.errors.push(
        saveError(
          'DUPLICATE_VALUE',
          `duplicate value found: ${duplicate.field} duplicates value on record with id: ${duplicate.id.slice(0, SHORT_ID)}`,
        ),
      );
      continue;
    }
    if (context.operation === 'insert') context.records.insert(context.object, entry.row.values);
    else context.records.update(context.object, entry.id!, changesOf(context, entry));
  }
}

function findDuplicate(
  context: SaveContext,
  entry: Entry,
  unique: FieldSchema[],
): { field: string; id: string } | null {
  for (const field of unique) {
    const value = valueOf(entry, field.name);
    if (value === null || !isChanged(entry, field.name)) continue;
    const id = context.records.duplicateOf(context.object, field, value, entry.id!);
    if (id !== null) return { field: field.name, id };
  }
  return null;
}

function changesOf(context: SaveContext, entry: Entry): Map<string, Value> {
  const changes = new Map<string, Value>();
  for (const field of context.object.fields.values()) {
    if (isStored(field) && isChanged(entry, field.name)) changes.set(field.name, valueOf(entry, field.name));
  }
  return changes;
}

function fillSystemFields(context: SaveContext, entry: Entry): void {
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
  for (const field of object.fields.values()) {
    if (field.autoNumber !== undefined) {
      const number = context.sequences.take(`auto ${object.name}.${field.name}`, field.autoNumber.start);
      values.set(field.name, formatAutoNumber(field.autoNumber.format, number, moment));
    }
  }
  if (object.kind === 'custom' && valueOf(entry, 'Name') === null) values.set('Name', entry.id);
}

/** Any update moves the modification stamps, whether or not a value changed. */
function touch(context: SaveContext, entry: Entry): void {
  const { object, moment } = context;
  const system: Record<string, Value> = {
    LastModifiedDate: moment,
    LastModifiedById: context.request.access.userId,
    SystemModstamp: moment,
  };
  for (const [name, value] of Object.entries(system))
    if (object.fields.has(name.toLowerCase())) entry.row.values.set(name, value);
}
