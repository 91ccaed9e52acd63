/** What metadata says of duplicates: how records are compared, and what follows (Metadata API Developer Guide, "MatchingRule", "DuplicateRule"). */
import type { FieldSchema } from '../../field-types.ts';
import type { Criteria, Logic } from '../types.ts';

export interface MatchingItem {
  field: FieldSchema;
  /** Whether two empty values are the same. */
  matchBlanks: boolean;
}

export interface MatchingRuleSchema {
  name: string;
  active: boolean;
  items: MatchingItem[];
  /** Which items must agree, by index. */
  logic: Logic;
}

/** What a rule does with a duplicate: an alert asks the user, who may go on; without one it is saved. */
export type DuplicateAction = 'block' | 'alert' | 'allow';

export interface DuplicateRuleSchema {
  name: string;
  label: string;
  active: boolean;
  order: number;
  criteria: Criteria;
  onInsert: DuplicateAction;
  onUpdate: DuplicateAction;
  message: string;
  /** Whether records that the user does not see count as duplicates. */
  bypassesSharing: boolean;
  matchingRules: MatchingRuleSchema[];
}
