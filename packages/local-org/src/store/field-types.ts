/** Fields and their values. */

export type FieldType =
  | 'id'
  | 'string'
  | 'textarea'
  | 'picklist'
  | 'multipicklist'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'time'
  | 'reference'
  | 'email'
  | 'phone'
  | 'url'
  | 'encryptedstring'
  | 'address'
  | 'base64'
  | 'combobox'
  | 'anyType';

/**
 * A stored value: text types and ids as string (ids 18 characters), `date` as `YYYY-MM-DD`,
 * `datetime` as epoch milliseconds (whole seconds), `time` as milliseconds of the day, numbers as
 * number, checkboxes as boolean, absent as null ('' is stored as null). An `address` is read as the
 * text of a JSON object of its parts.
 */
export type Value = string | number | boolean | null;

export interface PicklistValue {
  value: string;
  label: string;
  default?: boolean;
  active?: boolean;
  /** For Case.Status, Task.Status and Opportunity.StageName: the record counts as closed. */
  closed?: boolean;
  /** For Opportunity.StageName. */
  won?: boolean;
  /** For Contract.Status: the status category, which is the record's StatusCode. */
  category?: string;
}

export interface FieldSchema {
  name: string;
  label: string;
  type: FieldType;
  custom: boolean;
  length?: number;
  precision?: number;
  scale?: number;
  /** A value must be given on insert and may not be emptied. */
  required: boolean;
  unique: boolean;
  /** For text: whether uniqueness and matching regard case. */
  caseSensitive: boolean;
  externalId: boolean;
  /** May be used to match in upsert (external ids, Id, and standard idLookup fields). */
  idLookup: boolean;
  createable: boolean;
  updateable: boolean;
  calculated: boolean;
  formula?: string;
  /** Whether the formula reads empty numbers as 0 (`formulaTreatBlanksAs`). */
  formulaBlankAsZero?: boolean;
  defaultValue?: Value;
  defaultFormula?: string;
  picklist?: PicklistValue[];
  restricted?: boolean;
  referenceTo?: string[];
  relationshipName?: string;
  childRelationshipName?: string;
  cascadeDelete?: boolean;
  /** What deleting the parent does to a lookup: empty it, be refused, or delete the child. Default `SetNull`. */
  deleteConstraint?: 'SetNull' | 'Restrict' | 'Cascade';
  /** Which master of the child object: 0 the first, 1 the second. Absent for plain lookups. */
  relationshipOrder?: number;
  nameField: boolean;
  autoNumber?: { format: string; start: number };
  /** Set for a roll-up summary; what it sums up is in `summaries` of the detail object. */
  summaryOperation?: 'count' | 'sum' | 'min' | 'max';
  /** Of a master-detail: Read of the master is enough to write its details; otherwise Edit is asked for. */
  writeRequiresMasterRead?: boolean;
}
