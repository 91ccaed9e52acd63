/** List and array. */
import type { TypeRef } from '../../compiler/types.ts';
import type { Apex } from '../types.ts';
import { ApexCollection } from './collection.ts';
import { apexException } from './exception.ts';
import { hashOf } from './hash.ts';
import { HeapSize } from './heap-size.ts';
import { sameKey } from './key.ts';
import { made } from './made.ts';
import { checkElements, spend } from './work.ts';

/** Elements compared that are one step of CPU time. */
const ELEMENTS_PER_STEP = 8;
/** Bytes of heap: the place, and a number in it. */
const ELEMENT = HeapSize.reference + HeapSize.scalar;

export class ApexList extends ApexCollection {
  readonly elementType: TypeRef;
  items: Apex[];

  constructor(elementType: TypeRef, items: Apex[] = []) {
    super();
    this.elementType = elementType;
    this.items = items;
    made(HeapSize.object + items.length * ELEMENT);
  }

  get apexType(): TypeRef {
    return `List<${this.elementType}>`;
  }

  get size(): number {
    return this.items.length;
  }

  /** `list[i]`, `list.get(i)`. */
  get(index: number): Apex {
    return this.items[this.#checked(index, this.items.length)];
  }

  /** `list[i] = x`, `list.set(i, x)`. */
  set(index: number, value: Apex): Apex {
    if (this.readOnly) throw apexException('FinalException', 'Collection is read-only');
    return (this.items[this.#checked(index, this.items.length)] = value);
  }

  add(value: Apex): void {
    this.changing();
    checkElements(this.items.length + 1);
    made(ELEMENT);
    this.items.push(value);
  }

  insert(index: number, value: Apex): void {
    this.changing();
    made(ELEMENT);
    this.items.splice(this.#checked(index, this.items.length + 1), 0, value);
  }

  addAll(values: Iterable<Apex>): void {
    this.changing();
    const added = [...values];
    checkElements(this.items.length + added.length);
    made(added.length * ELEMENT);
    for (const value of added) this.items.push(value);
  }

  remove(index: number): Apex {
    this.changing();
    return this.items.splice(this.#checked(index, this.items.length), 1)[0];
  }

  clear(): void {
    this.changing();
    this.items.length = 0;
  }

  [Symbol.iterator](): IterableIterator<Apex> {
    return this.guarded(this.items[Symbol.iterator]());
  }

  sameContent(other: Apex): boolean {
    if (!(other instanceof ApexList) || other.items.length !== this.items.length) return false;
    spend(1 + this.items.length / ELEMENTS_PER_STEP);
    return this.items.every((item, i) => sameKey(item, other.items[i]));
  }

  contentHash(): number {
    spend(1 + this.items.length / ELEMENTS_PER_STEP);
    return this.items.reduce<number>((hash, item) => (Math.imul(hash, 31) + hashOf(item)) | 0, 1);
  }

  #checked(index: number | null, length: number): number {
    if (index === null) throw apexException('NullPointerException', 'Attempt to de-reference a null object');
    if (index < 0 || index >= length) throw apexException('ListException', `List index out of bounds: ${index}`);
    return index;
  }
}
