/** A field as a describe of its object tells it: the part that the check reads (REST API Developer Guide, sObject Describe). */
export interface FieldDescription {
  name: string;
  type: string;
  /** Characters; 0 of what is no text. */
  length: number;
  calculated: boolean;
  autoNumber: boolean;
  custom: boolean;
  /** Whether permissions of fields are for it. Required fields have none: who may edit the object may edit them. */
  permissionable: boolean;
  createable: boolean;
  updateable: boolean;
  picklistValues: { value: string; active: boolean }[];
}

/** An active record of Synced_Field__mdt. */
export interface SyncedFieldRecord {
  developerName: string;
  field: string;
  flow: string | null;
  /** Where a person corrects it: a file, or the record of the org. */
  place: string;
}

/** An active record of Sync_Scope__mdt: a condition. */
export interface ScopeRecord {
  field: string;
  flow: string | null;
  operator: string;
  /** One a line, as they stand there. */
  values: string[];
  place: string;
}

/** By the name of a flow: the object whose fields it syncs. */
export type ObjectsOfFlows = ReadonlyMap<string, string>;

/** What is checked: the source of a project, or an org. */
export interface Checked {
  records: SyncedFieldRecord[];
  scope: ScopeRecord[];
  /** Developer names of the record types of each object. */
  recordTypes: ReadonlyMap<string, readonly string[]>;
  /** The fields of each object that the records are for, by their names in lower case. */
  fields: ReadonlyMap<string, ReadonlyMap<string, FieldDescription>>;
  /** How a field that is not there is told, and what to do. */
  absent: (object: string, field: string) => string;
  /** Why the integration user may not read and edit the field, and what to do, or null. */
  access: (record: SyncedFieldRecord, object: string, field: FieldDescription) => string | null;
}

export interface FieldProblem {
  /** A warning lets the sync run; people should know all the same. */
  severity: 'problem' | 'warning';
  place: string;
  /** The field with its object, or what the record says in its place. */
  subject: string;
  /** What is wrong, and what to do. */
  text: string;
}
