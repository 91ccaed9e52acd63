/** The objects behind describe results. */
import type { FieldSchema, ObjectSchema, PicklistValue } from '../../../store/types.ts';
import { NativeObject } from '../../values/index.ts';

export class ObjectDescribe extends NativeObject {
  readonly schema: ObjectSchema;

  constructor(schema: ObjectSchema) {
    super('Schema.DescribeSObjectResult');
    this.schema = schema;
  }
}

export class FieldDescribe extends NativeObject {
  readonly object: ObjectSchema;
  readonly field: FieldSchema;

  constructor(object: ObjectSchema, field: FieldSchema) {
    super('Schema.DescribeFieldResult');
    this.object = object;
    this.field = field;
  }
}

/** `describe.fields`: its getMap() has the tokens. */
export class FieldsOfObject extends NativeObject {
  readonly schema: ObjectSchema;

  constructor(schema: ObjectSchema) {
    super('Schema.SObjectTypeFields');
    this.schema = schema;
  }
}

export class PicklistEntryObject extends NativeObject {
  readonly entry: PicklistValue;

  constructor(entry: PicklistValue) {
    super('Schema.PicklistEntry');
    this.entry = entry;
  }
}

export interface ChildLink {
  name: string;
  object: string;
  field: string;
  cascadeDelete: boolean;
}

export class ChildRelationshipObject extends NativeObject {
  readonly link: ChildLink;

  constructor(link: ChildLink) {
    super('Schema.ChildRelationship');
    this.link = link;
  }
}

export interface RecordTypeDetails {
  id: string | null;
  name: string;
  developerName: string;
  active: boolean;
  master: boolean;
  default: boolean;
}

export class RecordTypeInfoObject extends NativeObject {
  readonly info: RecordTypeDetails;

  constructor(info: RecordTypeDetails) {
    super('Schema.RecordTypeInfo');
    this.info = info;
  }
}
