/** JSON.deserialize: JSON into a given Apex type. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { FieldSchema, ObjectSchema } from '../../../store/types.ts';
import type { Apex, Runtime } from '../../types.ts';
import type { ApexEnum } from '../../values/index.ts';
import {
  type AddressParts,
  AddressObject,
  addressPart,
  ApexBlob,
  ApexDate,
  ApexDouble,
  ApexList,
  ApexMap,
  type ApexException,
  apexException,
  ApexSet,
  argumentsOf,
  baseOf,
  Decimal,
  fieldShapes,
  SObject,
} from '../../values/index.ts';
import { idOf } from '../Id.ts';
import { constantNamed } from '../shared/enum.ts';
import { databaseError } from '../shared/database-error.ts';
import { DmlResult } from '../shared/dml-result.ts';
import { datetimeFromIso, timeFromIso } from '../shared/field-text.ts';
import { apexTypeOf } from '../shared/field-values.ts';
import { objectSchema } from '../shared/sobject-type.ts';
import type { PlatformRuntime } from '../../services.ts';
import type { Token, Tokenizer } from './tokens.ts';
import type { Node } from './tree.ts';
import { scalarValue, untypedValue } from './untyped.ts';

export interface DeserializeOptions {
  /** Fields of the text that the type does not have are errors. */
  strict: boolean;
  /** What is wanted as Object is read as by deserializeUntyped; JSON.deserialize refuses it. */
  untypedObjects?: boolean;
}

const RESULT_TYPES = new Set([
  'database.saveresult',
  'database.upsertresult',
  'database.deleteresult',
  'database.undeleteresult',
]);

export class Deserializer {
  readonly #runtime: Runtime;
  readonly #tokens: Tokenizer;
  readonly #options: DeserializeOptions;

  constructor($: Runtime, tokens: Tokenizer, options: DeserializeOptions) {
    this.#runtime = $;
    this.#tokens = tokens;
    this.#options = options;
  }

  read(node: Node, type: TypeRef): Apex {
    if (node.token.kind === 'VALUE_NULL') return null;
    const [first = 'Object', second = 'Object'] = argumentsOf(type);
    switch (baseOf(type).toLowerCase()) {
      case 'list':
      case 'iterable':
        return new ApexList(
          first,
          this.#items(node, 'List').map((item) => this.read(item, first)),
        );
      case 'set':
        return new ApexSet(
          first,
          this.#items(node, 'Set').map((item) => this.read(item, first)),
        );
      case 'map':
        return this.#map(node, first, second);
      case 'sobject':
        return this.#record(node, null);
      case 'object':
        if (this.#options.untypedObjects === true) return untypedValue(node);
        throw apexException('JSONException', 'Apex Type unsupported in JSON: Object');
      default:
        break;
    }
    const primitive = PRIMITIVES[type.toLowerCase()];
    if (primitive) return this.#primitive(node, type, primitive);
    if (RESULT_TYPES.has(type.toLowerCase())) return this.#result(node, type);
    const schema = objectSchema(this.#runtime, type);
    return schema === null ? this.#named(node, type) : this.#record(node, schema);
  }

  #error(message: string, token: Token): ApexException {
    return this.#tokens.error(message, token.at + Math.max(1, token.text.length));
  }

  #primitive(node: Node, type: TypeRef, read: PrimitiveReader): Apex {
    if (node.kind !== 'scalar') throw this.#error('Illegal value for primitive', node.token);
    const value: Apex = read(node.token);
    if (value !== undefined) return value;
    const { kind, text } = node.token;
    throw this.#error(
      `Cannot deserialize instance of ${type.toLowerCase()} from ${kind} value ${text} or request may be missing a required field`,
      node.token,
    );
  }

  #items(node: Node, kind: string): Node[] {
    if (node.kind !== 'array')
      throw this.#error(`Malformed JSON: Expected '[' at the beginning of ${kind}`, node.token);
    return node.items;
  }

  #entries(node: Node, kind: string): [string, Node, Token][] {
    if (node.kind !== 'object')
      throw this.#error(`Malformed JSON: Expected '{' at the beginning of ${kind}`, node.token);
    return node.entries;
  }

  #map(node: Node, keyType: TypeRef, valueType: TypeRef): ApexMap {
    const entries = this.#entries(node, 'Map').map(([, value, token]): [Apex, Apex] => [
      this.read({ kind: 'scalar', token: asKey(token, keyType) }, keyType),
      this.read(value, valueType),
    ]);
    return new ApexMap(keyType, valueType, entries);
  }

  /** A class or enum of the project, or an enum of the platform. */
  #named(node: Node, type: TypeRef): Apex {
    const $ = this.#runtime;
    const platform = $.std[type.toLowerCase()];
    if (platform?.values)
      return this.#constant(
        node,
        type,
        Object.values(platform.sp!).map((property) => property.get() as ApexEnum),
      );
    if (platform) throw apexException('JSONException', `Apex Type unsupported in JSON: ${type}`);
    const user: Apex = $.cls(type);
    if (user.$values) return this.#constant(node, type, user.$values as ApexEnum[]);
    return this.#userObject(node, user);
  }

  #constant(node: Node, type: TypeRef, constants: ApexEnum[]): ApexEnum {
    if (node.token.kind !== 'VALUE_STRING') throw this.#error('Illegal value for primitive', node.token);
    return constantNamed(type, constants, node.token.text);
  }

  /** Neither constructors nor initialisers run; fields that the text does not mention are null. */
  #userObject(node: Node, type: { prototype: object }): Apex {
    const object: Record<string, Apex> = Object.create(type.prototype) as Record<string, Apex>;
    const shapes = fieldShapes(object);
    for (const shape of shapes) object[shape.member] = null;
    for (const [name, value, token] of this.#entries(node, 'object')) {
      const shape =
        shapes.find((candidate) => candidate.name === name) ??
        shapes.find((candidate) => candidate.name.toLowerCase() === name.toLowerCase());
      if (shape) object[shape.member] = this.read(value, shape.type);
      else if (this.#options.strict) throw this.#error(`Unrecognized field "${name}"`, token);
    }
    return object;
  }

  #record(node: Node, expected: ObjectSchema | null): SObject {
    const entries = this.#entries(node, 'SObject');
    const schema = this.#typeOfRecord(entries) ?? expected;
    if (schema === null) throw this.#error('sObject has no type: attributes.type is missing', node.token);
    const record = new SObject(schema.name);
    for (const [name, value, token] of entries) {
      if (name !== 'attributes') this.#member(record, schema, name, value, token);
    }
    return record;
  }

  #typeOfRecord(entries: [string, Node, Token][]): ObjectSchema | null {
    const attributes = entries.find(([name]) => name === 'attributes')?.[1];
    const type = attributes?.kind === 'object' ? attributes.entries.find(([name]) => name === 'type')?.[1] : undefined;
    return type ? objectSchema(this.#runtime, type.token.text) : null;
  }

  /** A field, a parent record, or child records. */
  #member(record: SObject, schema: ObjectSchema, name: string, value: Node, token: Token): void {
    const key = name.toLowerCase();
    const field = schema.fields.get(key);
    if (field) return record.put(field.name, this.#fieldValue(field, value));
    const lookup = [...schema.fields.values()].find((candidate) => candidate.relationshipName?.toLowerCase() === key);
    if (lookup) {
      const parent = lookup.referenceTo?.length === 1 ? objectSchema(this.#runtime, lookup.referenceTo[0]!) : null;
      return record.putParent(
        lookup.relationshipName!,
        value.token.kind === 'VALUE_NULL' ? null : this.#record(value, parent),
      );
    }
    const children = schema.childRelationships.get(key);
    if (!children) throw this.#error(`No such column '${name}' on sobject of type ${schema.name}`, token);
    if (value.token.kind !== 'VALUE_NULL') record.putChildren(children.name, this.#children(value, children.object));
  }

  #children(node: Node, object: string): ApexList {
    const records = node.kind === 'object' ? node.entries.find(([name]) => name === 'records')?.[1] : node;
    if (records === undefined) return new ApexList(object);
    const schema = objectSchema(this.#runtime, object);
    return new ApexList(
      object,
      this.#items(records, 'List').map((item) => this.#record(item, schema)),
    );
  }

  #fieldValue(field: FieldSchema, node: Node): Apex {
    const type = apexTypeOf(field);
    if (type !== 'Address') return type === 'Object' ? untypedValue(node) : this.read(node, type);
    return node.token.kind === 'VALUE_NULL' ? null : this.#address(node);
  }

  #address(node: Node): AddressObject {
    const parts: AddressParts = {};
    for (const [name, value] of this.#entries(node, 'System.Address')) {
      const part = addressPart(name);
      if (part === null) continue;
      const numeric = part === 'latitude' || part === 'longitude';
      const given = this.read(value, numeric ? 'Double' : 'String') as ApexDouble | string | null;
      parts[part] = given instanceof ApexDouble ? given.value : given;
    }
    return new AddressObject(parts);
  }

  /** Tests make results of DML from JSON, because they cannot be constructed otherwise. */
  #result(node: Node, type: TypeRef): DmlResult {
    const result = new DmlResult(type);
    for (const [name, value] of this.#entries(node, 'object')) {
      if (name === 'id') result.id = this.read(value, 'Id') as string | null;
      else if (name === 'success') result.success = this.read(value, 'Boolean') as boolean;
      else if (name === 'created') result.created = this.read(value, 'Boolean') as boolean;
      else if (name === 'errors')
        result.errors.items = this.#items(value, 'List').map((item) => this.#resultError(item));
    }
    return result;
  }

  #resultError(node: Node): Apex {
    const values = new Map(this.#entries(node, 'object').map(([name, value]) => [name, value]));
    const text = (name: string): string => (values.has(name) ? String(scalarValue(values.get(name)!.token)) : '');
    const fields = values.get('fields');
    return databaseError(this.#runtime as PlatformRuntime, {
      code: text('statusCode'),
      message: text('message'),
      fields: fields?.kind === 'array' ? fields.items.map((item) => item.token.text) : [],
    });
  }
}

/** The value of a scalar, or undefined when the token cannot be one of the type. */
type PrimitiveReader = (token: Token) => Apex;

const whole =
  (bits: 32 | 64): PrimitiveReader =>
  (token) => {
    if (token.kind !== 'VALUE_NUMBER_INT') return undefined;
    const value = BigInt(token.text);
    if (BigInt.asIntN(bits, value) !== value) return undefined;
    return bits === 32 ? Number(value) : value;
  };

const isNumber = (token: Token): boolean => token.kind === 'VALUE_NUMBER_INT' || token.kind === 'VALUE_NUMBER_FLOAT';
const fromText =
  (read: (text: string) => Apex): PrimitiveReader =>
  (token) =>
    token.kind === 'VALUE_STRING' ? (read(token.text) ?? undefined) : undefined;

const PRIMITIVES: Record<string, PrimitiveReader> = {
  string: (token) => token.text,
  id: fromText((text) => (text === '' ? undefined : idOf(text))),
  integer: whole(32),
  long: whole(64),
  decimal: (token) => (isNumber(token) ? Decimal.parse(token.text) : undefined),
  double: (token) => (isNumber(token) ? new ApexDouble(Number(token.text)) : undefined),
  boolean: (token) => (token.kind === 'VALUE_TRUE' ? true : token.kind === 'VALUE_FALSE' ? false : undefined),
  date: fromText((text) => ApexDate.parse(/^\d{4}-\d{2}-\d{2}/.exec(text)?.[0] ?? '')),
  datetime: fromText(datetimeFromIso),
  time: fromText(timeFromIso),
  blob: fromText((text) => new ApexBlob(new Uint8Array(Buffer.from(text, 'base64')))),
};

/** Keys are text in JSON: those of numeric maps read as numbers. */
const asKey = (token: Token, keyType: TypeRef): Token => {
  const type = keyType.toLowerCase();
  if (type === 'integer' || type === 'long') return { ...token, kind: 'VALUE_NUMBER_INT' };
  return { ...token, kind: type === 'decimal' || type === 'double' ? 'VALUE_NUMBER_FLOAT' : 'VALUE_STRING' };
};
