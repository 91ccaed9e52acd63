/** A record-triggered flow as its metadata describes it. Metadata API Developer Guide, "Flow". */
import type { FieldType, Value } from '../../field-types.ts';
import type { Logic } from '../types.ts';

/** A value of a flow: given, or that of a resource, or a text with resources in it. */
export type Operand =
  | { kind: 'literal'; value: Value; type: FieldType }
  | { kind: 'reference'; path: string }
  | { kind: 'template'; text: string };

export interface Condition {
  /** What is compared: a reference, or the field of a record. */
  left: string;
  operator: string;
  right: Operand;
}

export interface Conditions {
  items: Condition[];
  logic: Logic;
}

/** A value that goes to a resource or a field. */
export interface Assignment {
  to: string;
  operator: string;
  value: Operand;
}

/** Which records an element finds: those of an object that meet conditions on their fields. */
export interface Selection {
  object: string;
  conditions: Conditions;
  /** Filter logic over conditions, as SOQL has it. */
  soql: (conditions: readonly string[]) => string;
}

/** Records an element works on: what a resource holds, or a selection. */
export type Target = { kind: 'reference'; path: string } | ({ kind: 'selection' } & Selection);

interface Step {
  name: string;
  next: string | null;
}

export type DataElement =
  | (Step & {
      kind: 'lookup';
      fault: string | null;
      selection: Selection;
      orderBy: string | null;
      limit: number | null;
      first: boolean;
      /** The variable that gets the result; null: the element itself holds it. */
      output: string | null;
    })
  | (Step & {
      kind: 'create';
      fault: string | null;
      object: string | null;
      reference: string | null;
      values: Assignment[];
    })
  | (Step & { kind: 'update'; fault: string | null; target: Target; values: Assignment[] })
  | (Step & { kind: 'delete'; fault: string | null; target: Target });

export type Element =
  | (Step & { kind: 'assignment'; items: Assignment[] })
  | (Step & { kind: 'decision'; outcomes: { name: string; conditions: Conditions; next: string | null }[] })
  | (Step & { kind: 'loop'; collection: string; descending: boolean; body: string | null })
  | (Step & { kind: 'error'; messages: { text: string; field: string | null }[] })
  | DataElement;

export type Resource =
  | { kind: 'variable'; type: FieldType; collection: boolean; object: string | null; initial: Operand | null }
  | { kind: 'formula'; type: FieldType; scale: number | undefined; formula: string }
  | { kind: 'template'; text: string };

export interface FlowSchema {
  name: string;
  label: string;
  description: string | null;
  status: string;
  processType: string;
  /** Absent: no record triggers it. */
  trigger?: FlowTrigger;
}

export interface FlowTrigger {
  object: string;
  timing: 'before' | 'after';
  /** `RecordBeforeSave`, `Create` …, as metadata has them. */
  triggerType: string;
  recordTriggerType: string;
  on: { insert: boolean; update: boolean };
  order: number | null;
  conditions: Conditions | null;
  formula: string | null;
  /** An update counts only when the record did not meet the conditions before. */
  onlyWhenChangedToMeet: boolean;
  first: string | null;
  /** Null when the flow uses what the local org does not have; it does not run then. */
  body: FlowBody | null;
}

export interface FlowBody {
  elements: ReadonlyMap<string, Element>;
  resources: ReadonlyMap<string, Resource>;
}
