/** What Database.DMLOptions ask of a save. */
import type { AssignmentChoice, DuplicateChoice } from '../../../store/types.ts';
import type { Apex } from '../../types.ts';
import { Bag } from './bag.ts';

/** Which assignment rule the options ask for: one by id, the active one, or none. */
export const assignmentRuleOf = (options: Apex): AssignmentChoice | undefined => {
  const header = headerOf(options, 'AssignmentRuleHeader');
  if (header === null) return undefined;
  const ruleId: Apex = header.values['AssignmentRuleId'];
  if (typeof ruleId === 'string') return { ruleId };
  return header.values['UseDefaultRule'] === true ? 'active' : undefined;
};

/** What the options say to duplicate rules; nothing, unless a part of the header is set. */
export const duplicateChoiceOf = (options: Apex): DuplicateChoice | undefined => {
  const header = headerOf(options, 'DuplicateRuleHeader');
  if (header === null || Object.keys(header.values).length === 0) return undefined;
  return { allowSave: header.values['AllowSave'] === true, asUser: header.values['RunAsCurrentUser'] === true };
};

const headerOf = (options: Apex, name: string): Bag | null => {
  const header: Apex = options instanceof Bag ? options.values[name] : null;
  return header instanceof Bag ? header : null;
};
