/** Set: unique elements in the order of their insertion. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { ApexCollection } from './collection.ts';
import { hashOf, hashSum } from './hash.ts';
import { KeyIndex } from './key-index.ts';
import { spend } from './work.ts';

export class ApexSet extends ApexCollection {
  readonly elementType: TypeRef;
  protected readonly index: KeyIndex;

  constructor(elementType: TypeRef, items: Iterable<Apex> = [], index = new KeyIndex()) {
    super();
    this.elementType = elementType;
    this.index = index;
    for (const item of items) this.index.add(item);
  }

  get apexType(): TypeRef {
    return `Set<${this.elementType}>`;
  }

  get size(): number {
    return this.index.keys.size;
  }

  has(value: Apex): boolean {
    return this.index.find(value) !== undefined;
  }

  /** True when the set changed. */
  add(value: Apex): boolean {
    this.changing();
    return this.index.add(value).added;
  }

  /** True when the set changed. */
  remove(value: Apex): boolean {
    this.changing();
    const key = this.index.find(value);
    if (key === undefined) return false;
    this.index.delete(key);
    return true;
  }

  clear(): void {
    this.changing();
    this.index.clear();
  }

  values(): Apex[] {
    return [...this.index.keys.values()];
  }

  [Symbol.iterator](): IterableIterator<Apex> {
    return this.guarded(this.index.keys.values());
  }

  sameContent(other: Apex): boolean {
    if (!(other instanceof ApexSet) || other.size !== this.size) return false;
    spend(1 + this.size);
    return this.values().every((item) => other.has(item));
  }

  contentHash(): number {
    spend(1 + this.size);
    return hashSum(this.values().map(hashOf));
  }
}
