/** The elements of whatever Apex can iterate over. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { Apex, Runtime } from '../../types.ts';
import { ApexList, ApexMap, ApexSet, apexException, NativeObject } from '../../values/index.ts';

/** Elements of a List, a Set, or a user-defined Iterable. */
export const elementsOf = ($: Runtime, iterable: Apex): Apex[] => {
  if (iterable instanceof ApexList) return iterable.items;
  if (iterable instanceof ApexSet) return iterable.values();
  if (iterable instanceof ApexMap) return iterable.values();
  const iterator: Apex = $.call(iterable, 'iterator', []);
  const items: Apex[] = [];
  while ($.call(iterator, 'hasNext', []) === true) items.push($.call(iterator, 'next', []));
  return items;
};

/** The Iterator that the library's own collections give out. */
export class NativeIterator extends NativeObject {
  readonly #items: readonly Apex[];
  #next = 0;

  constructor(elementType: TypeRef, items: readonly Apex[], apexType = `Iterator<${elementType}>`) {
    super(apexType);
    this.#items = items;
  }

  hasnext$0(): boolean {
    return this.#next < this.#items.length;
  }

  next$0(): Apex {
    if (!this.hasnext$0()) throw apexException('NoSuchElementException', 'No more elements in the iterator.');
    return this.#items[this.#next++];
  }
}
