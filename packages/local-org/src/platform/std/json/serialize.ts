/** JSON.serialize: any Apex value as JSON. */
import type { Apex } from '../../types.ts';
import {
  AddressObject,
  ApexBlob,
  ApexDatetime,
  ApexDouble,
  ApexEnum,
  ApexException,
  ApexList,
  ApexMap,
  apexException,
  ApexObject,
  ApexSet,
  ApexType,
  Decimal,
  fieldShapes,
  NativeObject,
  SObject,
  SObjectTypeToken,
  toApexString,
  typeNameOf,
} from '../../values/index.ts';
import type { DatabaseError } from '../shared/database-error.ts';
import { DmlResult } from '../shared/dml-result.ts';
import type { JsonWriter } from './writer.ts';

/** Version in the URLs of record attributes. */
const API_VERSION = '67.0';

/** Nested deeper than this, an object that refers to itself is the likely cause. */
const MAX_DEPTH = 1000;

class Serializer {
  readonly #writer: JsonWriter;
  readonly #skipNulls: boolean;
  #depth = 0;

  constructor(writer: JsonWriter, skipNulls: boolean) {
    this.#writer = writer;
    this.#skipNulls = skipNulls;
  }

  write(value: Apex): void {
    const writer = this.#writer;
    if (value === null || value === undefined) writer.raw('null');
    else if (typeof value === 'string') writer.string(value);
    else if (typeof value !== 'object') writer.raw(String(value));
    else if (value instanceof Decimal || value instanceof ApexDouble) writer.raw(value.toString());
    else if (value instanceof ApexDatetime) writer.string(value.toIso());
    else if (value instanceof ApexBlob) writer.string(value.toBase64());
    else if (value instanceof ApexEnum) writer.string(value.name);
    else if (isComposite(value)) this.#composite(value);
    else if (value instanceof ApexException || value instanceof NativeObject) this.#native(value);
    else writer.string(String(value));
  }

  #composite(value: Apex): void {
    if (++this.#depth > MAX_DEPTH)
      throw apexException('JSONException', 'Maximum nesting depth exceeded: does the object refer to itself?');
    if (value instanceof ApexList) this.#array(value.items);
    else if (value instanceof ApexSet) this.#array(value.values());
    else if (value instanceof ApexMap) this.#object(value.entries().map(([key, item]) => [mapKey(key), item]));
    else if (value instanceof SObject) this.#record(value);
    else this.#userObject(value);
    this.#depth--;
  }

  #array(items: Apex[]): void {
    this.#writer.start('array');
    for (const item of items) this.write(item);
    this.#writer.end('array');
  }

  #object(entries: [string, Apex][]): void {
    this.#writer.start('object');
    for (const [name, item] of entries) {
      this.#writer.name(name);
      this.write(item);
    }
    this.#writer.end('object');
  }

  #userObject(value: ApexObject): void {
    const entries = fieldShapes(value)
      .filter((shape) => shape.transient !== true)
      .map(({ name, member }): [string, Apex] => [name, (value as unknown as Record<string, Apex>)[member] ?? null]);
    this.#object(this.#skipNulls ? entries.filter(([, item]) => item !== null) : entries);
  }

  #record(record: SObject): void {
    const writer = this.#writer;
    writer.start('object');
    writer.name('attributes');
    this.#object([
      ['type', record.type],
      ...(record.id === null ? [] : [['url', recordUrl(record)] as [string, Apex]]),
    ]);
    for (const [name, value] of [...record.populated(), ...record.parents().filter(([, parent]) => parent !== null)]) {
      writer.name(name);
      this.write(value);
    }
    for (const [name, children] of record.children()) {
      writer.name(name);
      writer.start('object');
      for (const [key, value] of [
        ['totalSize', children.size],
        ['done', true],
        ['records', children],
      ] as [string, Apex][]) {
        writer.name(key);
        this.write(value);
      }
      writer.end('object');
    }
    writer.end('object');
  }

  #native(value: ApexException | NativeObject): void {
    if (value instanceof DmlResult) return this.#object(resultEntries(value));
    if (value instanceof AddressObject) return this.#object(value.entries());
    if (value instanceof ApexType || value instanceof SObjectTypeToken || value.apexType === 'UUID')
      return this.#writer.string(toApexString(value));
    if (value.apexType === 'Database.Error') {
      const { message, statusCode, fields } = value as DatabaseError;
      return this.#object([
        ['message', message],
        ['statusCode', statusCode],
        ['fields', fields],
      ]);
    }
    throw apexException('JSONException', `Apex Type unsupported in JSON: ${value.apexType}`);
  }
}

const isComposite = (value: Apex): boolean =>
  value instanceof ApexList ||
  value instanceof ApexSet ||
  value instanceof ApexMap ||
  value instanceof SObject ||
  value instanceof ApexObject;

const recordUrl = (record: SObject): string => `/services/data/v${API_VERSION}/sobjects/${record.type}/${record.id}`;

const resultEntries = (result: DmlResult): [string, Apex][] => [
  ['success', result.success],
  ['id', result.id],
  ['errors', result.errors],
  ...(result.apexType === 'Database.UpsertResult' ? [['created', result.created] as [string, Apex]] : []),
];

const mapKey = (key: Apex): string => {
  if (key === null) throw apexException('JSONException', 'Null key for a Map not allowed in JSON');
  if (isComposite(key))
    throw apexException('JSONException', `Map keys of type ${typeNameOf(key)} are not supported in JSON`);
  return toApexString(key);
};

/** Writes a value; `skipNulls` leaves out null fields of user objects (not of records, not entries of maps). */
export const serialize = (writer: JsonWriter, value: Apex, skipNulls = false): void =>
  new Serializer(writer, skipNulls).write(value);
