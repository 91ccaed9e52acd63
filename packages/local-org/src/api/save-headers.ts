/** Headers that say something to rules of a save. */
import type { AssignmentChoice, DuplicateChoice } from '../store/types.ts';

/**
 * `Sforce-Auto-Assign: TRUE | FALSE | <rule id>`; without it the active rules are used, and what it says holds for every
 * save of the request. REST API Developer Guide, "Assignment Rule Header".
 */
export const assignmentChoice = (headers: Record<string, string>): AssignmentChoice | null => {
  const given = headers['sforce-auto-assign']?.trim() ?? 'true';
  if (/^true$/i.test(given)) return 'active';
  return /^false$/i.test(given) ? null : { ruleId: given };
};

/** `Sforce-Duplicate-Rule-Header: allowSave=true; runAsCurrentUser=true`. REST API Developer Guide, "Duplicate Rule Header". */
export const duplicateChoice = (headers: Record<string, string>): DuplicateChoice | undefined => {
  const given = headers['sforce-duplicate-rule-header'];
  if (given === undefined) return undefined;
  const says = (name: string): boolean => new RegExp(`(?:^|;)\\s*${name}\\s*=\\s*true\\s*(?:;|$)`, 'i').test(given);
  return { allowSave: says('allowSave'), asUser: says('runAsCurrentUser') };
};
