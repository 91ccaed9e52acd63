import type { Row, TriggerCall, TriggerTiming } from '../types.ts';
import type { SaveContext } from './context.ts';
import type { Entry } from './entry.ts';

/** Step: runs the before triggers, which may change the new rows. */
export const fireBefore = (context: SaveContext, entries: Entry[]): void => fire(context, entries, 'before');

/** Step: runs the after triggers on the rows as they are stored, formulas included. */
export function fireAfter(context: SaveContext, entries: Entry[]): void {
  if (!context.triggers.hasTriggers(context.object.name, 'after', context.operation)) return;
  const stored = new Map(
    context.records
      .read(
        context.object,
        entries.map((entry) => entry.id!),
      )
      .map((row) => [row.id, row]),
  );
  for (const entry of entries) {
    const { clonedFrom } = entry.row;
    const row = stored.get(entry.id) ?? entry.row;
    entry.row = clonedFrom === undefined ? row : { ...row, clonedFrom };
  }
  fire(context, entries, 'after');
}

function fire(context: SaveContext, entries: Entry[], timing: TriggerTiming): void {
  const { object, operation, triggers } = context;
  if (entries.length === 0 || !triggers.hasTriggers(object.name, timing, operation)) return;
  const call: TriggerCall = { object: object.name, timing, operation, newRows: entries.map((entry) => entry.row) };
  if (operation === 'update') call.oldRows = entries.map((entry): Row => entry.triggerOld ?? entry.old!);
  const errors = triggers.fire(call);
  entries.forEach((entry, index) => entry.errors.push(...(errors[index] ?? [])));
}
