/** What List, Set and Map share: element iteration that forbids structural changes meanwhile. */
import { apexException } from './exception.ts';
import { ComparedByContent } from './key.ts';

export abstract class ApexCollection extends ComparedByContent {
  /** Trigger.new and the like. */
  readOnly = false;
  #iterating = 0;

  /** Called before every structural change. */
  protected changing(): void {
    if (this.readOnly) throw apexException('FinalException', 'Collection is read-only');
    if (this.#iterating > 0)
      throw apexException('FinalException', 'Cannot modify a collection while it is being iterated.');
  }

  /** Iterates over a snapshot's positions; leaving the loop in any way ends the protection. */
  protected guarded<T>(inner: Iterator<T>): IterableIterator<T> {
    this.#iterating++;
    let open = true;
    const close = (): void => {
      if (open) this.#iterating--;
      open = false;
    };
    const iterator: IterableIterator<T> = {
      [Symbol.iterator]: () => iterator,
      next: () => {
        const step = inner.next();
        if (step.done === true) close();
        return step;
      },
      return: (value?: T) => {
        close();
        return { done: true, value: value as T };
      },
    };
    return iterator;
  }
}
