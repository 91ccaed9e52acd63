/** The Iterator that the library's own collections give out. */
import type { TypeRef } from '../../../compiler/types.ts';
import type { Apex } from '../../types.ts';
import { apexException, NativeObject } from '../../values/index.ts';

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
