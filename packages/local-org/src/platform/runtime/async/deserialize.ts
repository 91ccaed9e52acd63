import type { Apex } from '../../types.ts';
import {
  AddressObject,
  ApexBlob,
  ApexDate,
  ApexDatetime,
  ApexDouble,
  apexException,
  ApexList,
  ApexMap,
  ApexSet,
  ApexTime,
  ApexType,
  Decimal,
  fieldShapes,
  SObject,
  SObjectFieldToken,
  SObjectTypeToken,
} from '../../values/index.ts';
import type { Encoded, EncodedGraph, EncodedObject } from './serialize.ts';

/** What rebuilding a graph needs of the transaction it is rebuilt in. */
export interface GraphHome {
  /** The JavaScript class of a user class. */
  cls(name: string): Apex;
  enumConstant(type: string, name: string): Apex;
}

/** The graph that `serialize` wrote, with the classes of this transaction. Transient fields are null. */
export const deserialize = (text: string, home: GraphHome): Apex => {
  const graph = JSON.parse(text) as EncodedGraph;
  const made = new Map<number, Apex>();

  const decode = (value: Encoded): Apex => {
    if (value === null || typeof value !== 'object') return value;
    if ('ref' in value) return made.get(value.ref) ?? build(value.ref);
    if ('long' in value) return BigInt(value.long);
    if ('decimal' in value) return new Decimal(BigInt(value.decimal[0]), value.decimal[1]);
    if ('double' in value) return new ApexDouble(Number(value.double));
    if ('date' in value) return new ApexDate(value.date);
    if ('datetime' in value) return new ApexDatetime(value.datetime);
    if ('time' in value) return new ApexTime(value.time);
    if ('blob' in value) return new ApexBlob(Uint8Array.from(Buffer.from(value.blob, 'base64')));
    if ('address' in value) return AddressObject.parse(value.address);
    if ('enum' in value) return home.enumConstant(value.enum[0], value.enum[1]);
    if ('type' in value) return new ApexType(value.type);
    if ('sobjectType' in value) return new SObjectTypeToken(value.sobjectType);
    return new SObjectFieldToken(value.sobjectField[0], value.sobjectField[1]);
  };

  const build = (number: number): Apex => {
    const object = graph.objects[number]!;
    const empty = emptyObject(object, home);
    made.set(number, empty);
    fill(object, empty, decode);
    return empty;
  };

  return decode(graph.root);
};

const emptyObject = (object: EncodedObject, home: GraphHome): Apex => {
  switch (object.kind) {
    case 'list':
      return new ApexList(object.element);
    case 'set':
      return new ApexSet(object.element);
    case 'map':
      return new ApexMap(object.key, object.value);
    case 'record':
      return new SObject(object.object);
    case 'instance':
      // The constructor has run when the job was made; running it again could do anything.
      return Object.create(home.cls(object.class).prototype as object);
    case 'exception': {
      if (object.type !== null) return apexException(object.type, object.message);
      const exception = Object.create(home.cls(object.class).prototype as object) as Record<string, Apex>;
      return Object.assign(exception, {
        message: object.message,
        cause: null,
        platformType: null,
        rows: [],
        detail: {},
      });
    }
  }
};

const fill = (object: EncodedObject, target: Apex, decode: (value: Encoded) => Apex): void => {
  switch (object.kind) {
    case 'list':
    case 'set':
      for (const item of object.items) target.add(decode(item));
      break;
    case 'map':
      for (const [key, value] of object.entries) target.put(decode(key), decode(value));
      break;
    case 'record':
      for (const [name, value] of object.fields) target.load(name, decode(value));
      for (const [name, parent] of object.parents) target.putParent(name, decode(parent));
      for (const [name, children] of object.children) target.putChildren(name, decode(children));
      target.loaded = object.loaded;
      break;
    case 'exception':
      target.cause = decode(object.cause);
      fillFields(object.fields, target, decode);
      break;
    case 'instance':
      fillFields(object.fields, target, decode);
      break;
  }
};

const fillFields = (
  fields: [string, Encoded][],
  target: Record<string, Apex>,
  decode: (value: Encoded) => Apex,
): void => {
  for (const shape of fieldShapes(target)) target[shape.member] = null;
  for (const [member, value] of fields) target[member] = decode(value);
};
