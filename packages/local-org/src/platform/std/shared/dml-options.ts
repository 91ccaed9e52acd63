/** What Database.DMLOptions ask of a save. */
import type { AssignmentChoice } from '../../../store/types.ts';
import type { Apex } from '../../types.ts';
import { Bag } from './bag.ts';

/** Which assignment rule the options ask for: one by id, the active one, or none. */
export const assignmentRuleOf = (options: Apex): AssignmentChoice | undefined => {
  const header: Apex = options instanceof Bag ? options.values['AssignmentRuleHeader'] : undefined;
  if (!(header instanceof Bag)) return undefined;
  const ruleId: Apex = header.values['AssignmentRuleId'];
  if (typeof ruleId === 'string') return { ruleId };
  return header.values['UseDefaultRule'] === true ? 'active' : undefined;
};
