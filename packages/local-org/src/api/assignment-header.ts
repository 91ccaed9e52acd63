import type { AssignmentChoice } from '../store/types.ts';

/**
 * `Sforce-Auto-Assign: TRUE | FALSE | <rule id>`; without it the active rules are used, and what it says holds for every
 * save of the request. REST API Developer Guide, "Assignment Rule Header".
 */
export const assignmentChoice = (headers: Record<string, string>): AssignmentChoice | null => {
  const given = headers['sforce-auto-assign']?.trim() ?? 'true';
  if (/^true$/i.test(given)) return 'active';
  return /^false$/i.test(given) ? null : { ruleId: given };
};
