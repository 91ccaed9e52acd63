/** The second write of a save: what workflow rules change of a record that is stored already. */
import type { Row, Value } from '../types.ts';
import type { SaveContext, Step } from './context.ts';
import { deriveFields } from './derive.ts';
import type { Entry } from './entry.ts';
import { fireAfter, fireBefore } from './fire-triggers.ts';
import { normaliseValues } from './normalise.ts';
import { checkReferences } from './references.ts';
import { soundOf } from './sound.ts';
import { validateValues } from './validate.ts';
import { writeRows } from './write.ts';

export interface Change {
  entry: Entry;
  /** What triggers see as the old state. */
  before: Row;
  values: ReadonlyMap<string, Value>;
}

/** System checks run again; validation rules, duplicate rules and flows do not (Apex Developer Guide, "Triggers and Order of Execution"). */
const STEPS: Step[] = [
  fireBefore,
  normaliseValues,
  deriveFields,
  validateValues,
  checkReferences,
  writeRows,
  fireAfter,
];

/** Writes the changes, with update triggers whatever the operation was; errors go to the rows' entries. */
export function saveAgain(context: SaveContext, changes: readonly Change[]): void {
  const update: SaveContext = { ...context, operation: 'update' };
  const again = changes
    .filter(({ entry }) => entry.errors.length === 0)
    .map(({ entry, before, values }) => ({ entry, second: secondOf(entry, before, values) }));
  for (const step of STEPS) {
    const sound = soundOf(again.map(({ second }) => second));
    if (sound.length > 0) step(update, sound);
  }
  for (const { entry, second } of again) {
    entry.errors.push(...second.errors);
    entry.row = second.row;
  }
}

const secondOf = ({ id, row }: Entry, before: Row, values: ReadonlyMap<string, Value>): Entry => ({
  input: values,
  id,
  old: row,
  triggerOld: before,
  row: { ...row, values: new Map([...row.values, ...values]) },
  errors: [],
});
