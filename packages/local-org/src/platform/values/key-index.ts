/** The order and identity of the elements of a Set or the keys of a Map. */
import type { Apex } from '../types.ts';
import { hashOf } from './hash.ts';
import { HeapSize } from './heap-size.ts';
import { plainKey, sameKey } from './key.ts';
import { made } from './made.ts';
import { ApexObject, userMethod } from './object.ts';
import { checkElements, spend } from './work.ts';

/** Bytes of heap: key and value of a map, each with a number in it. */
const ENTRY = 2 * (HeapSize.reference + HeapSize.scalar);

/** Objects with `equals` and without `hashCode` have hash codes of their own: none of them is found as another one. */
const ownKey = (value: Apex): unknown => {
  if (value instanceof ApexObject && userMethod(value, 'hashCode', 0) === null) return value;
  return plainKey(value);
};

/**
 * Finds the JavaScript Map key under which an Apex value is filed. Values with plain equality are
 * filed under a primitive; lists, records and user objects with `equals` under the first equal
 * value that was added, which is found through a bucket of the same hash code.
 */
export class KeyIndex {
  readonly keys = new Map<unknown, Apex>();
  #buckets: Map<number, Apex[]> | null = null;

  /** The key of an equal element that is present, or undefined. */
  find(value: Apex): unknown {
    const plain = ownKey(value);
    if (plain !== undefined) return this.keys.has(plain) ? plain : undefined;
    return this.#buckets?.get(hashOf(value))?.find((present) => sameKey(present, value));
  }

  /** Adds the value unless an equal one is present; answers its key. */
  add(value: Apex): { key: unknown; added: boolean } {
    const found = this.find(value);
    if (found !== undefined) return { key: found, added: false };
    const key = ownKey(value) ?? this.#file(value);
    checkElements(this.keys.size + 1);
    made(ENTRY);
    this.keys.set(key, value);
    return { key, added: true };
  }

  delete(key: unknown): void {
    this.keys.delete(key);
    if (this.#buckets === null || typeof key !== 'object' || key === null) return;
    if (this.#takeFrom(hashOf(key), key)) return;
    // It has changed since it was filed, and its hash with it.
    spend(this.#buckets.size);
    for (const hash of this.#buckets.keys()) if (this.#takeFrom(hash, key)) return;
  }

  clear(): void {
    this.keys.clear();
    this.#buckets = null;
  }

  #takeFrom(hash: number, key: Apex): boolean {
    const bucket = this.#buckets!.get(hash);
    const position = bucket?.indexOf(key) ?? -1;
    if (position < 0) return false;
    bucket!.splice(position, 1);
    if (bucket!.length === 0) this.#buckets!.delete(hash);
    return true;
  }

  #file(value: Apex): Apex {
    this.#buckets ??= new Map();
    const hash = hashOf(value);
    const bucket = this.#buckets.get(hash);
    if (bucket) bucket.push(value);
    else this.#buckets.set(hash, [value]);
    return value;
  }
}
