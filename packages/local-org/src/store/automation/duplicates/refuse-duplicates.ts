/**
 * Duplicate rules: behind the validation rules, before the record is stored (Apex Developer Guide, "Triggers and Order of
 * Execution"). A record is compared with those that are stored, not with others of the same request.
 */
import type { SaveContext } from '../../save/context.ts';
import { isChanged, saveError, valueOf, type Entry } from '../../save/entry.ts';
import type { DuplicateMatch, Value } from '../../types.ts';
import type { DuplicateAction, DuplicateRuleSchema, MatchingItem, MatchingRuleSchema } from './types.ts';

/** Step: rows that an active rule takes for duplicates fail with DUPLICATES_DETECTED, unless the caller may go on and does. */
export function refuseDuplicates(context: SaveContext, entries: Entry[]): void {
  const rules = (context.object.duplicateRules ?? []).filter((rule) => rule.active);
  for (const rule of rules) for (const entry of entries) if (entry.errors.length === 0) checkRule(context, entry, rule);
}

function checkRule(context: SaveContext, entry: Entry, rule: DuplicateRuleSchema): void {
  const action = context.operation === 'insert' ? rule.onInsert : rule.onUpdate;
  if (!stops(action, entry)) return;
  if (!context.rules.meets(context, entry, rule.criteria, `duplicate rule ${rule.name}`)) return;
  const matches = rule.matchingRules
    .filter((matching) => isAsked(entry, matching))
    .map((matching): DuplicateMatch => ({ rule: matching.name, ids: duplicatesOf(context, entry, rule, matching) }))
    .filter(({ ids }) => ids.length > 0);
  if (matches.length === 0) return;
  entry.errors.push({
    ...saveError('DUPLICATES_DETECTED', rule.message),
    duplicates: { rule: rule.name, object: context.object.name, allowSave: action === 'alert', matches },
  });
}

const stops = (action: DuplicateAction, entry: Entry): boolean =>
  action === 'block' || (action === 'alert' && entry.duplicateChoice?.allowSave !== true);

/** An edit counts when it changes what the rule compares (Salesforce Help, "Considerations for Duplicate Management"). */
const isAsked = (entry: Entry, { items }: MatchingRuleSchema): boolean =>
  items.some(({ field }) => isChanged(entry, field.name));

function duplicatesOf(
  context: SaveContext,
  entry: Entry,
  rule: DuplicateRuleSchema,
  { items, logic }: MatchingRuleSchema,
): string[] {
  const { object, records } = context;
  const candidates = items.flatMap(({ field, matchBlanks }) => {
    const value = valueOf(entry, field.name);
    return value === null && !matchBlanks ? [] : records.idsWhere(object, field, [value]).map(({ id }) => id);
  });
  const others = [...new Set(candidates)].filter((id) => id !== entry.id);
  return records
    .read(object, others)
    .filter((row) => logic((index) => agree(items[index]!, entry, row.values)))
    .filter((row) => isSeen(context, entry, rule, row.values.get('OwnerId') ?? null))
    .map((row) => row.id!);
}

function agree({ field, matchBlanks }: MatchingItem, entry: Entry, stored: ReadonlyMap<string, Value>): boolean {
  const [mine, theirs] = [valueOf(entry, field.name), stored.get(field.name) ?? null];
  if (mine === null || theirs === null) return matchBlanks && mine === theirs;
  return folded(mine) === folded(theirs);
}

/** As queries compare text. */
const folded = (value: Value): Value =>
  typeof value === 'string' ? value.replace(/[A-Z]/g, (letter) => letter.toLowerCase()) : value;

/** Whether the record counts for who saves: sharing may hide it, where rule and caller ask for that. */
function isSeen(
  { object, permissions, request: { access } }: SaveContext,
  entry: Entry,
  rule: DuplicateRuleSchema,
  owner: Value,
): boolean {
  const asUser = access.mode === 'user' || access.sharing || entry.duplicateChoice?.asUser === true;
  if (rule.bypassesSharing || !asUser) return true;
  if (!permissions.restrictedObjects(access.userId).has(object.name.toLowerCase())) return true;
  return permissions.visibleOwners(access.userId).includes(String(owner));
}
