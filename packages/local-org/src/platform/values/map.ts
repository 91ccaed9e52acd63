/** Map: keys in the order of their insertion. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { ApexCollection } from './collection.ts';
import { apexException } from './exception.ts';
import { hashOf, hashSum } from './hash.ts';
import { sameKey } from './key.ts';
import { KeyIndex } from './key-index.ts';
import { ApexSet } from './set.ts';
import { spend } from './work.ts';

export class ApexMap extends ApexCollection {
  readonly keyType: TypeRef;
  readonly valueType: TypeRef;
  readonly #index = new KeyIndex();
  readonly #values = new Map<unknown, Apex>();

  constructor(keyType: TypeRef, valueType: TypeRef, entries: Iterable<readonly [Apex, Apex]> = []) {
    super();
    this.keyType = keyType;
    this.valueType = valueType;
    for (const [key, value] of entries) this.#values.set(this.#index.add(key).key, value);
  }

  get apexType(): TypeRef {
    return `Map<${this.keyType},${this.valueType}>`;
  }

  get size(): number {
    return this.#values.size;
  }

  has(key: Apex): boolean {
    return this.#index.find(key) !== undefined;
  }

  /** Null when the key is absent. */
  get(key: Apex): Apex {
    const found = this.#index.find(key);
    return found === undefined ? null : this.#values.get(found);
  }

  /** Answers the value that was there, or null. */
  put(key: Apex, value: Apex): Apex {
    const found = this.#index.find(key);
    if (found === undefined) {
      this.changing();
      this.#values.set(this.#index.add(key).key, value);
      return null;
    }
    if (this.readOnly) this.changing();
    const previous = this.#values.get(found);
    this.#values.set(found, value);
    return previous;
  }

  /** Answers the removed value, or null. */
  remove(key: Apex): Apex {
    this.changing();
    const found = this.#index.find(key);
    if (found === undefined) return null;
    const previous = this.#values.get(found);
    this.#index.delete(found);
    this.#values.delete(found);
    return previous;
  }

  clear(): void {
    this.changing();
    this.#index.clear();
    this.#values.clear();
  }

  entries(): [Apex, Apex][] {
    return [...this.#index.keys].map(([filed, key]) => [key, this.#values.get(filed)]);
  }

  values(): Apex[] {
    return this.entries().map(([, value]) => value);
  }

  /** A live view: what is removed from it leaves the map too; nothing can be added to it. */
  keySet(): ApexSet {
    return new KeySet(this, this.#index);
  }

  sameContent(other: Apex): boolean {
    if (!(other instanceof ApexMap) || other.size !== this.size) return false;
    spend(1 + this.size);
    return this.entries().every(([key, value]) => other.has(key) && sameKey(value, other.get(key)));
  }

  contentHash(): number {
    spend(1 + this.size);
    return hashSum(this.entries().map(([key, value]) => hashOf(key) ^ hashOf(value)));
  }
}

class KeySet extends ApexSet {
  readonly #map: ApexMap;

  constructor(map: ApexMap, index: KeyIndex) {
    super(map.keyType, [], index);
    this.#map = map;
  }

  override add(): boolean {
    throw apexException('FinalException', 'Collection is read-only');
  }

  override remove(value: Apex): boolean {
    this.changing();
    const present = this.#map.has(value);
    if (present) this.#map.remove(value);
    return present;
  }

  override clear(): void {
    this.changing();
    this.#map.clear();
  }
}
