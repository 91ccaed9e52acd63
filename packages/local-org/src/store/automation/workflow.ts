/**
 * Workflow rules: evaluated behind the after triggers; their field updates save the record once more, with update
 * triggers and without custom rules. Apex Developer Guide, "Triggers and Order of Execution".
 */
import { saveError, type Entry } from '../save/entry.ts';
import type { SaveContext } from '../save/context.ts';
import { saveAgain } from '../save/save-again.ts';
import type { Row, Value } from '../types.ts';
import { idOfNamed } from './named-records.ts';
import type { FieldUpdateSchema, WorkflowRuleSchema } from './types.ts';

/** How often field updates that ask for it have the rules evaluated again (Salesforce Help, "Field Updates That Reevaluate Workflow Rules"). */
const MAX_REEVALUATIONS = 5;

/** One record on its way through the rules of its object. */
interface Flowing {
  entry: Entry;
  /** What triggers see as the old state: before the first update, or as it was inserted. */
  before: Row;
  fired: Set<WorkflowRuleSchema>;
}

/** Step: evaluates the rules for rows that are saved, in memory as they are stored now. */
export function runWorkflow(context: SaveContext, entries: Entry[]): void {
  const rules = (context.object.workflowRules ?? []).filter((rule) => rule.active);
  if (rules.length === 0) return;
  let flowing = entries.map((entry): Flowing => {
    const row = stored(context, entry);
    return { entry, before: entry.old ?? row, fired: new Set() };
  });
  for (let pass = 0; pass <= MAX_REEVALUATIONS && flowing.length > 0; pass++)
    flowing = runPass(context, rules, flowing);
}

/** Evaluates the rules once; answers the records whose rules are to be evaluated again. */
function runPass(context: SaveContext, rules: WorkflowRuleSchema[], flowing: Flowing[]): Flowing[] {
  const changed = flowing.flatMap((each) => {
    each.entry.row = stored(context, each.entry);
    const updates = rules.filter((rule) => fires(context, rule, each)).flatMap((rule) => rule.fieldUpdates);
    const values = fieldValues(context, each.entry, updates);
    return values.size === 0 ? [] : [{ each, values, updates }];
  });
  saveAgain(
    context,
    changed.map(({ each, values }) => ({ entry: each.entry, before: each.before, values })),
  );
  return changed
    .filter(({ each, values, updates }) => {
      const reevaluate = updates.some((update) => update.reevaluate && values.has(update.field.name));
      return reevaluate && each.entry.errors.length === 0;
    })
    .map(({ each }) => each);
}

/** The state of the record now: what after triggers saved counts. */
const stored = (context: SaveContext, entry: Entry): Row =>
  context.records.read(context.object, [entry.id!])[0] ?? entry.row;

/** Whether the rule fires for the record; each does so once in a save. */
function fires(context: SaveContext, rule: WorkflowRuleSchema, { entry, fired }: Flowing): boolean {
  if (fired.has(rule)) return false;
  const what = `workflow rule ${context.object.name}.${rule.name}`;
  const { old } = entry;
  if (old !== null && rule.when === 'created') return false;
  if (!context.rules.meets(context, entry, rule.criteria, what)) return false;
  const was = old !== null && rule.when === 'createdOrBecameTrue' && wasMet(context, entry, old, rule, what);
  if (!was) fired.add(rule);
  return !was;
}

const wasMet = (context: SaveContext, entry: Entry, old: Row, rule: WorkflowRuleSchema, what: string): boolean =>
  context.rules.meets(context, { ...entry, row: old }, rule.criteria, what);

/** What the updates change: values that are there already are left out. The last update of a field counts. */
export function fieldValues(
  context: SaveContext,
  entry: Entry,
  updates: readonly FieldUpdateSchema[],
): Map<string, Value> {
  const values = new Map<string, Value>();
  for (const update of updates) {
    const value = valueOf(context, entry, update);
    const now = entry.row.values.get(update.field.name) ?? null;
    if (value === now) values.delete(update.field.name);
    else values.set(update.field.name, value);
  }
  return values;
}

function valueOf(context: SaveContext, entry: Entry, update: FieldUpdateSchema): Value {
  const { field, source, name } = update;
  switch (source.kind) {
    case 'literal':
      return source.value;
    case 'formula':
      return context.rules.value(context, entry, source.formula, `field update ${name}`, field);
    case 'step':
      return stepped(update, source.by, entry);
    case 'lookup': {
      const id = idOfNamed(context, source.type, source.name, context.object);
      if (id === null)
        entry.errors.push(
          saveError('INVALID_CROSS_REFERENCE_KEY', `field update ${name}: no ${source.type} named ${source.name}`),
        );
      return id;
    }
  }
}

/** The value before or behind the present one in the picklist; at the end it stays. */
function stepped({ field }: FieldUpdateSchema, by: 1 | -1, entry: Entry): Value {
  const now = entry.row.values.get(field.name) ?? null;
  const values = field.picklist ?? [];
  const at = values.findIndex(({ value }) => value === now);
  return values[at + by]?.value ?? now;
}
