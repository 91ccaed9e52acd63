/** A row on its way through a save, and what can be wrong with it. */
import type { AssignmentChoice, DuplicateChoice, Row, SaveError, Value } from '../types.ts';

/** A row of the chunk. Steps add errors to it; a row with errors takes no part in the steps behind. */
export interface Entry {
  /** What the caller gave: fields that are absent keep their value. */
  readonly input: ReadonlyMap<string, Value>;
  id: string | null;
  /** The stored state before an update. */
  old: Row | null;
  /** What update triggers see as the old state, when that is not the one before this write. */
  triggerOld?: Row;
  /** The full new state. */
  row: Row;
  errors: SaveError[];
  assignmentRule?: AssignmentChoice | undefined;
  duplicateChoice?: DuplicateChoice | undefined;
}

export const saveError = (code: string, message: string, fields: string[] = []): SaveError => ({
  code,
  message,
  fields,
});

/** A value of the new state. */
export const valueOf = (entry: Entry, field: string): Value => entry.row.values.get(field) ?? null;

/** Whether a field of the new state is given again: always on insert, else when it differs from the stored state. */
export const isChanged = (entry: Entry, field: string): boolean =>
  entry.old === null || valueOf(entry, field) !== (entry.old.values.get(field) ?? null);

/** Length of an id in messages. */
export const SHORT_ID = 15;

/** Salesforce's words for a value that another record has. */
export const duplicateOf = (field: string, id: string): SaveError =>
  saveError(
    'DUPLICATE_VALUE',
    `duplicate value found: ${field} duplicates value on record with id: ${id.slice(0, SHORT_ID)}`,
  );
