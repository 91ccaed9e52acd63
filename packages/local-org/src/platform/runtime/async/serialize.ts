/**
 * Apex object graphs as text, so that a job outlives the process. Every object is written once and
 * referred to by number, which keeps shared objects shared and lets graphs go round in circles.
 */
import type { Apex } from '../../types.ts';
import {
  AddressObject,
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  ApexEnum,
  ApexException,
  ApexList,
  ApexMap,
  ApexObject,
  apexException,
  ApexSet,
  ApexTime,
  ApexType,
  Decimal,
  fieldShapes,
  SObject,
  SObjectFieldToken,
  SObjectTypeToken,
  typeNameOf,
} from '../../values/index.ts';

/** A value in place: plain JSON scalars stand for themselves, everything else is tagged. */
export type Encoded =
  | null
  | boolean
  | number
  | string
  | { ref: number }
  | { long: string }
  | { decimal: [unscaled: string, scale: number] }
  | { double: string }
  | { date: number }
  | { datetime: number }
  | { time: number }
  | { blob: string }
  | { address: string }
  | { enum: [type: string, name: string] }
  | { type: string }
  | { sobjectType: string }
  | { sobjectField: [object: string, field: string] };

export type EncodedObject =
  | { kind: 'list' | 'set'; element: string; items: Encoded[] }
  | { kind: 'map'; key: string; value: string; entries: [Encoded, Encoded][] }
  | {
      kind: 'record';
      object: string;
      loaded: boolean;
      fields: [string, Encoded][];
      parents: [string, Encoded][];
      children: [string, Encoded][];
    }
  | { kind: 'instance'; class: string; fields: [member: string, value: Encoded][] }
  | {
      kind: 'exception';
      type: string | null;
      class: string;
      message: string | null;
      cause: Encoded;
      fields: [string, Encoded][];
    };

export interface EncodedGraph {
  root: Encoded;
  objects: EncodedObject[];
}

/** Numbers the objects of a graph in the order in which they are met. */
class Encoder {
  readonly objects: EncodedObject[] = [];
  readonly #known = new Map<object, number>();

  encode(value: Apex): Encoded {
    if (value === null || value === undefined) return null;
    if (typeof value === 'bigint') return { long: String(value) };
    if (typeof value !== 'object') return value as string | number | boolean;
    if (value instanceof Decimal) return { decimal: [String(value.unscaled), value.scale] };
    if (value instanceof ApexDouble) return { double: String(value.value) };
    if (value instanceof ApexDate) return { date: value.days };
    if (value instanceof ApexDatetime) return { datetime: value.ms };
    if (value instanceof ApexTime) return { time: value.ms };
    if (value instanceof ApexBlob) return { blob: value.toBase64() };
    if (value instanceof AddressObject) return { address: value.toJson() };
    if (value instanceof ApexEnum) return { enum: [value.apexType, value.name] };
    if (value instanceof ApexType) return { type: value.ref };
    if (value instanceof SObjectTypeToken) return { sobjectType: value.object };
    if (value instanceof SObjectFieldToken) return { sobjectField: [value.object, value.field] };
    return { ref: this.#numberOf(value as object) };
  }

  #numberOf(value: object): number {
    const seen = this.#known.get(value);
    if (seen !== undefined) return seen;
    const number = this.objects.length;
    this.#known.set(value, number);
    // The place is taken before the contents are encoded: they may refer back to it.
    this.objects.push({ kind: 'list', element: '', items: [] });
    this.objects[number] = this.#object(value);
    return number;
  }

  #object(value: object): EncodedObject {
    if (value instanceof ApexList)
      return { kind: 'list', element: value.elementType, items: value.items.map((item) => this.encode(item)) };
    if (value instanceof ApexSet)
      return { kind: 'set', element: value.elementType, items: value.values().map((item) => this.encode(item)) };
    if (value instanceof ApexMap) {
      return {
        kind: 'map',
        key: value.keyType,
        value: value.valueType,
        entries: value.entries().map(([k, v]) => [this.encode(k), this.encode(v)]),
      };
    }
    if (value instanceof SObject) {
      return {
        kind: 'record',
        object: value.type,
        loaded: value.loaded,
        fields: value.fieldNames().map((name) => [name, this.encode(value.peek(name))]),
        parents: value.parents().map(([name, parent]) => [name, this.encode(parent)]),
        children: value.children().map(([name, list]) => [name, this.encode(list)]),
      };
    }
    if (value instanceof ApexObject) return { kind: 'instance', class: value.apexType, fields: this.#fields(value) };
    if (value instanceof ApexException) {
      const { platformType: type, message, cause } = value;
      return {
        kind: 'exception',
        type,
        class: value.apexType,
        message,
        cause: this.encode(cause),
        fields: type === null ? this.#fields(value) : [],
      };
    }
    throw apexException('SerializationException', `Not Serializable: ${typeNameOf(value)}`);
  }

  #fields(value: object): [string, Encoded][] {
    return fieldShapes(value)
      .filter((shape) => shape.transient !== true)
      .map((shape) => [shape.member, this.encode((value as Record<string, Apex>)[shape.member])]);
  }
}

/** The graph below `root`. Throws SerializationException for what the platform cannot keep either (open requests, iterators …). */
export const serialize = (root: Apex): string => {
  const encoder = new Encoder();
  const graph: EncodedGraph = { root: encoder.encode(root), objects: encoder.objects };
  return JSON.stringify(graph);
};
