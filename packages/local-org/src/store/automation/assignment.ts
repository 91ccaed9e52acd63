import type { SaveContext } from '../save/context.ts';
import { saveError, type Entry } from '../save/entry.ts';
import type { AssignmentChoice, ObjectSchema, Value } from '../types.ts';
import { idOfNamed } from './named-records.ts';
import type { AssignmentRuleSchema, OwnerName } from './types.ts';

/**
 * Step behind the after triggers: rows that ask for an assignment rule get the owner of the first line whose criteria
 * they meet, or the default owner when none fits or no rule is active. No trigger fires for it. Apex Developer Guide,
 * "Triggers and Order of Execution"; Salesforce Help 000395506 on inactive rules.
 */
export function assignOwners(context: SaveContext, entries: Entry[]): void {
  const rules = context.object.assignmentRules ?? [];
  if (rules.length === 0) return;
  for (const entry of entries) {
    if (entry.assignmentRule === undefined) continue;
    const rule = chosen(context, rules, entry.assignmentRule);
    if (rule === 'unknown') entry.errors.push(saveError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id'));
    else assign(context, entry, rule);
  }
}

function chosen(
  context: SaveContext,
  rules: readonly AssignmentRuleSchema[],
  choice: AssignmentChoice,
): AssignmentRuleSchema | null | 'unknown' {
  if (choice === 'active') return rules.find((rule) => rule.active) ?? null;
  const [row] = context.records.read(context.schema.objects.get('assignmentrule')!, [choice.ruleId]);
  const name = row?.values.get('SobjectType') === context.object.name ? row.values.get('Name') : undefined;
  return rules.find((rule) => rule.name === name) ?? 'unknown';
}

function assign(context: SaveContext, entry: Entry, rule: AssignmentRuleSchema | null): void {
  entry.row = context.records.read(context.object, [entry.id!])[0] ?? entry.row;
  const line = rule?.entries.find(({ criteria }) =>
    context.rules.meets(context, entry, criteria, `assignment rule ${rule.name}`),
  );
  if (line?.owner === null) return;
  const owner: Value =
    line === undefined ? defaultOwner(context) : idOfNamed(context, line.owner.type, line.owner.name, context.object);
  if (owner === null) {
    const who = line === undefined ? 'no default owner' : `no ${line.owner.type} named ${line.owner.name}`;
    entry.errors.push(saveError('INVALID_CROSS_REFERENCE_KEY', `assignment rule: ${who}`, ['OwnerId']));
    return;
  }
  if (entry.row.values.get('OwnerId') === owner) return;
  context.records.update(context.object, entry.id!, new Map([['OwnerId', owner]]));
  entry.row = { ...entry.row, values: new Map([...entry.row.values, ['OwnerId', owner]]) };
}

function defaultOwner(context: SaveContext): string | null {
  const { defaultOwner: named } = context.object;
  return named === undefined ? context.administrator() : idOfNamed(context, named.type, named.name, context.object);
}

/** Whom the rules of an object name, each once. */
export const ownersIn = (object: ObjectSchema): OwnerName[] => [
  ...(object.assignmentRules ?? []).flatMap(({ entries }) => entries.flatMap(({ owner }) => owner ?? [])),
  ...(object.defaultOwner === undefined ? [] : [object.defaultOwner]),
];
