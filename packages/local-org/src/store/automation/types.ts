/** What metadata says of the automation of an object, read once when the schema is loaded. */
import type { FieldSchema, FieldType, Value } from '../field-types.ts';

/** Whether conditions hold together, given whether the condition with an index (from 0) holds. */
export type Logic = (holds: (index: number) => boolean) => boolean;

export type CriterionOperation =
  | 'equals'
  | 'notEqual'
  | 'lessThan'
  | 'lessOrEqual'
  | 'greaterThan'
  | 'greaterOrEqual'
  | 'contains'
  | 'notContain'
  | 'startsWith'
  | 'includes'
  | 'excludes';

/** One line of a rule's criteria: `Case.Priority equals High,Medium`. */
export interface Criterion {
  /** As formulas address it: `Priority`, `Account.Name`, `$User.Username`. */
  path: string;
  type: FieldType;
  operation: CriterionOperation;
  /** The listed values, in the form of the field; of a text any of them counts. */
  values: Value[];
}

/** When a rule counts: criteria, or a formula, or always. */
export type Criteria =
  { kind: 'always' } | { kind: 'formula'; formula: string } | { kind: 'items'; items: Criterion[]; logic: Logic };

export interface FieldUpdateSchema {
  name: string;
  field: FieldSchema;
  /** What the field gets; a user, queue or record type by its name. */
  source:
    | { kind: 'literal'; value: Value }
    | { kind: 'formula'; formula: string }
    | { kind: 'lookup'; type: LookupType; name: string }
    | { kind: 'step'; by: 1 | -1 };
  reevaluate: boolean;
}

/** A roll-up summary field: which details of a record it sums up, and how. Metadata API Developer Guide, "CustomField". */
export interface SummarySchema {
  /** Name of the object that has the summary. */
  master: string;
  /** The summary itself, a field of the master. */
  target: FieldSchema;
  /** The detail's field that names its master. */
  lookup: FieldSchema;
  operation: 'count' | 'sum' | 'min' | 'max';
  /** The detail's field that is summed up; null when details are counted. */
  summarized: FieldSchema | null;
  /** Which details count: all of the filter items must hold. */
  criteria: Criteria;
  /** All of the above as text: another text means that stored values are of no use. */
  definition: string;
}

export type LookupType = 'User' | 'Queue' | 'RecordType';

export interface WorkflowRuleSchema {
  name: string;
  active: boolean;
  description: string | null;
  when: 'created' | 'createdOrEdited' | 'createdOrBecameTrue';
  criteria: Criteria;
  fieldUpdates: FieldUpdateSchema[];
}

/** One line of an assignment rule. */
export interface AssignmentEntry {
  criteria: Criteria;
  /** Null: the line says who keeps the owner, nobody is assigned. */
  owner: OwnerName | null;
}

/** A user by username, a queue by developer name. */
export interface OwnerName {
  type: 'User' | 'Queue';
  name: string;
}

export interface AssignmentRuleSchema {
  name: string;
  active: boolean;
  entries: AssignmentEntry[];
}
