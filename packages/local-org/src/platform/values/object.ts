/** Base classes of everything in Apex that is neither a primitive nor a collection. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { HeapSize } from './heap-size.ts';
import { made } from './made.ts';

/** One instance field of a user class, as the compiler describes it on the class. */
export interface ApexFieldShape {
  /** Apex spelling. */
  name: string;
  /** JavaScript property that holds the value. */
  member: string;
  type: TypeRef;
  /** `transient`: left out of JSON and of serialised jobs. */
  transient?: boolean;
}

/**
 * What the emitted JavaScript class of a user class carries as static members, so that the platform
 * can print, serialise and compare its instances.
 */
export interface ApexClassShape {
  /** `Outer` or `Outer.Inner`. */
  apexName?: string;
  /** Own instance fields and auto-properties in declaration order; inherited ones stand on the superclass. */
  apexFields?: readonly ApexFieldShape[];
}

/** As many fields are counted when an object is made: more than most classes have. */
const FIELDS = 16;

/** Base of user classes. Methods are members named `name$arity`, lower-cased: `equals$1`. */
export class ApexObject {
  constructor() {
    made(HeapSize.object + FIELDS * HeapSize.reference);
  }

  get apexType(): TypeRef {
    return (this.constructor as ApexClassShape).apexName ?? 'Object';
  }
}

/** Base of the platform's own object types (`HttpRequest`, `Database.SaveResult`, …). */
export class NativeObject {
  readonly apexType: TypeRef;

  constructor(apexType: TypeRef) {
    this.apexType = apexType;
  }

  /** Types with value equality (System.Type, schema tokens) give the text that identifies the value; null means identity. */
  identity(): string | null {
    return null;
  }

  /** Values of the program that it holds: they count toward the heap. */
  held(): readonly unknown[] {
    return [];
  }

  /** What String.valueOf and debug show. */
  toText(): string {
    const name = this.apexType.includes('.') ? this.apexType : `System.${this.apexType}`;
    return `${name}[]`;
  }
}

/** An enum constant: one object per constant and transaction. */
export class ApexEnum {
  readonly apexType: TypeRef;
  readonly name: string;
  readonly ordinal: number;

  constructor(apexType: TypeRef, name: string, ordinal: number) {
    this.apexType = apexType;
    this.name = name;
    this.ordinal = ordinal;
  }
}

/** The method `name` with `arity` parameters of a user object, bound to it, or null when its class has none. */
export const userMethod = (target: Apex, name: string, arity: number): ((...args: Apex[]) => Apex) | null => {
  const member: unknown = target[`${name.toLowerCase()}$${arity}`];
  return typeof member === 'function' ? (member.bind(target) as (...args: Apex[]) => Apex) : null;
};

/** All instance fields of a user object, superclass first. */
export const fieldShapes = (target: object): ApexFieldShape[] => {
  const shapes: ApexFieldShape[] = [];
  let type = target.constructor as ApexClassShape & (abstract new () => unknown);
  while (typeof type === 'function' && type !== (Function.prototype as unknown)) {
    if (Object.hasOwn(type, 'apexFields')) shapes.unshift(...type.apexFields!);
    type = Object.getPrototypeOf(type) as typeof type;
  }
  return shapes;
};
