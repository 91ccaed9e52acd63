/**
 * Which rows a save locks: those that it changes, before any trigger, and the masters of details, whose roll-up
 * summaries come last (Salesforce Help, 000386567; "Record-Level Locking").
 */
import { lockError } from '../row-locks.ts';
import { mastersOf } from '../schema/relationships.ts';
import type { ObjectSchema, Row } from '../types.ts';
import type { SaveServices } from './context.ts';
import type { Entry } from './entry.ts';

/** Locks the rows themselves; one that cannot be locked is an error of its entry. */
export function lockRows({ locks }: SaveServices, entries: readonly Entry[]): void {
  const unavailable = locks.unavailable(entries.map(({ id }) => id!));
  if (unavailable.size === 0) return;
  for (const entry of entries) if (unavailable.has(entry.id!)) entry.errors.push(lockError(unavailable));
}

/** Locks the masters that the rows have and had. `now` reads the state of a row as it is stored. */
export function lockMasters(
  { locks }: SaveServices,
  object: ObjectSchema,
  entries: readonly Entry[],
  now: (entry: Entry) => Row | null,
): void {
  const masters = mastersOf(object);
  if (masters.length === 0) return;
  const idsOf = (entry: Entry): string[] =>
    [entry.old, now(entry)].flatMap((row) => masters.flatMap((field) => textOf(row?.values.get(field.name))));
  const unavailable = locks.unavailable(new Set(entries.flatMap(idsOf)));
  if (unavailable.size === 0) return;
  for (const entry of entries)
    if (idsOf(entry).some((id) => unavailable.has(id))) entry.errors.push(lockError(unavailable));
}

const textOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : []);
