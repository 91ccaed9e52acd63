import type { FieldSchema, ObjectSchema, Value } from '../types.ts';
import type { SaveContext } from './context.ts';
import type { Entry } from './entry.ts';

/** Step of an insert: fields that were not given get their default, the others are null. */
export function applyDefaults(context: SaveContext, entries: Entry[]): void {
  for (const entry of entries) {
    const { values } = entry.row;
    const given = new Map(values);
    values.clear();
    // All fields in schema order, so that a row looks the same before and after it is stored.
    for (const { name } of context.shape.full) values.set(name, given.get(name) ?? null);
    for (const field of context.shape.stored) {
      if (values.get(field.name) !== null) continue;
      if (!given.has(field.name) || isNeverEmpty(context.object, field)) {
        values.set(field.name, defaultOf(context, entry, field));
      }
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
  if (context.object.kind === 'customSetting' && field.name === 'SetupOwnerId') return context.orgId;
  if (field.picklist !== undefined) return field.picklist.find((value) => value.default === true)?.value ?? null;
  return field.type === 'boolean' ? false : null;
}

/** A user without a nickname gets one of its own; usernames are unique. */
const nicknameOf = (entry: Entry, field: FieldSchema): Value => {
  const username = entry.row.values.get('Username');
  return typeof username === 'string' ? username.slice(0, field.length) : null;
};
