import type { FieldSchema, ObjectSchema, Value } from '../types.ts';
import { isStored } from '../database/columns.ts';
import type { Entry, SaveContext } from './context.ts';

/** Step of an insert: fields that were not given get their default, the others are null. */
export function applyDefaults(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    const { values } = entry.row;
    const given = new Map(values);
    values.clear();
    // All fields in schema order, so that a row looks the same before and after it is stored.
    for (const field of context.object.fields.values()) {
      if (!isStored(field) && field.formula === undefined) continue;
      values.set(field.name, given.has(field.name) ? (given.get(field.name) ?? null) : null);
    }
    for (const field of context.object.fields.values()) {
      const value = values.get(field.name) ?? null;
      if (value === null && (!given.has(field.name) || isNeverEmpty(context.object, field)))
        values.set(field.name, defaultOf(context, entry, field));
    }
  }
}

/** Checkboxes, owners and the status of a case take their default also when they are given empty. */
const isNeverEmpty = (object: ObjectSchema, field: FieldSchema): boolean =>
  field.type === 'boolean' || field.name === 'OwnerId' || (object.name === 'Case' && field.name === 'Status');

function defaultOf(context: SaveContext, entry: Entry, field: FieldSchema): Value {
  if (context.object.name === 'User' && field.name === 'CommunityNickname') return nicknameOf(entry, field);
  if (field.defaultValue !== undefined) return field.defaultValue;
  if (field.defaultFormula !== undefined) return context.rules.defaultValue(context, entry, field);
  if (field.name === 'OwnerId' && field.createable) return context.request.access.userId;
  if (field.picklist !== undefined && field.formula === undefined)
    return field.picklist.find((value) => value.default === true)?.value ?? null;
  return field.type === 'boolean' && field.formula === undefined ? false : null;
}

/** A user without a nickname gets one of its own; usernames are unique. */
const nicknameOf = (entry: Entry, field: FieldSchema): Value => {
  const username = entry.row.values.get('Username');
  return typeof username === 'string' ? username.slice(0, field.length) : null;
};
