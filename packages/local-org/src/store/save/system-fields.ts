import { formatAutoNumber } from '../records/auto-number.ts';
import type { Value } from '../types.ts';
import type { Entry, SaveContext } from './context.ts';
import { valueOf } from './context.ts';

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
