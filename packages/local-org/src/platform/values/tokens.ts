/** Values that name parts of the program or the schema: System.Type and the Schema tokens. */
import type { TypeRef } from '../../compiler/types.ts';
import { NativeObject } from './object.ts';

/** System.Type: `Account.class`. */
export class ApexType extends NativeObject {
  readonly ref: TypeRef;

  constructor(ref: TypeRef) {
    super('Type');
    this.ref = ref;
  }

  override identity(): string {
    return this.ref.toLowerCase();
  }

  override toText(): string {
    return this.ref;
  }
}

/** Schema.SObjectType: `Case.SObjectType`. */
export class SObjectTypeToken extends NativeObject {
  readonly object: string;

  constructor(object: string) {
    super('Schema.SObjectType');
    this.object = object;
  }

  override identity(): string {
    return this.object.toLowerCase();
  }

  override toText(): string {
    return this.object;
  }
}

/** Schema.SObjectField: `Case.Subject`. */
export class SObjectFieldToken extends NativeObject {
  readonly object: string;
  readonly field: string;

  constructor(object: string, field: string) {
    super('Schema.SObjectField');
    this.object = object;
    this.field = field;
  }

  override identity(): string {
    return `${this.object}.${this.field}`.toLowerCase();
  }

  override toText(): string {
    return this.field;
  }
}
