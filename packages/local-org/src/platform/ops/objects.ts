/** Enums, exceptions and overloads of user classes. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex, NativeFunction } from '../types.ts';
import { ApexException, ApexList, apexException, fieldShapes, stringHash, toApexString } from '../values/index.ts';
import type { ApexEnum, ApexObject, SObject } from '../values/index.ts';
import { nullPointer } from './null.ts';

interface UserEnum {
  $values: ApexEnum[];
}

export const objects = {
  /** `Season.values()` */
  enumValues: (type: TypeRef, { $values }: UserEnum) => new ApexList(type, [...$values]),
  /** `Season.valueOf('SUMMER')` */
  enumValueOf: (type: TypeRef, { $values }: UserEnum, name: string | null) => {
    const wanted = (name ?? nullPointer()).toLowerCase();
    const found = $values.find((constant) => constant.name.toLowerCase() === wanted);
    if (found === undefined) throw apexException('NoSuchElementException', `No enum constant ${type}.${name}`);
    return found;
  },
  /** `super.toString()` and its like in classes without a superclass that has one. */
  baseToString: (self: ApexObject) => {
    const fields = fieldShapes(self).map(
      ({ name, member }) => `${name}=${toApexString((self as unknown as Record<string, Apex>)[member])}`,
    );
    return `${self.apexType.slice(self.apexType.lastIndexOf('.') + 1)}:[${fields.join(', ')}]`;
  },
  baseEquals: (self: object, other: Apex) => self === other,
  baseHashCode: (self: ApexObject) => stringHash(self.apexType),
  hasMember: (self: Record<string, unknown>, member: string) => typeof self[member] === 'function',
  /** `clone()` of a user object: its fields, not what they hold. */
  cloneObject: (self: object): object =>
    Object.assign(Object.create(Object.getPrototypeOf(self) as object) as object, self),
  /** `contact.Account.Name`: null when there is no parent. */
  parentField: (parent: SObject | null, field: string): Apex => (parent === null ? null : parent.get(field)),
  parentOf: (parent: SObject | null, relationship: string) => (parent === null ? null : parent.parent(relationship)),
  parentChildren: (parent: SObject | null, relationship: string) =>
    parent === null ? null : parent.childRecords(relationship),
  /** `contact.Account = account` */
  setParent: (record: SObject | null, relationship: string, parent: SObject | null) =>
    (record ?? nullPointer()).putParent(relationship, parent),
  /** `new Contact(Account = new Account(Key__c = 'x'))` */
  withParents: (record: SObject, parents: Record<string, SObject | null>) => {
    for (const [relationship, parent] of Object.entries(parents)) record.putParent(relationship, parent);
    return record;
  },
  /** The four constructors that every exception has. */
  exceptionInit: (self: ApexException, first?: Apex, second?: Apex) => {
    for (const value of [first, second]) {
      if (value instanceof ApexException) self.cause = value;
      else if (typeof value === 'string') self.message = value;
    }
  },
} satisfies Record<string, NativeFunction>;
