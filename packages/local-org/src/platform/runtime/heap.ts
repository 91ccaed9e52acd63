/**
 * The heap of one transaction: what its static variables, the variables of the methods that run, and the request and
 * response of Apex REST reach. The records of a trigger (`Trigger.new`, `Trigger.old`) are the platform's and count nothing.
 * Page: Apex Developer Guide, "Execution Governors and Limits", total heap size; attested besides are that only what
 * is still held counts, that a trigger sees nothing of the variables of the code that saved, and that Salesforce looks
 * only now and then. So does this: whoever makes values counts bytes, and only when there may be too many the heap is walked.
 */
import type { Apex } from '../types.ts';
import { bytesMade, heapTooLarge } from '../values/index.ts';
import { heapSize } from './heap-walk.ts';

/** Part of the limit that may be made between two looks, however full the heap is. */
const MIN_ROOM = 1 / 8;
/** The most bytes between two looks: work with a higher limit may run within work with a lower one. */
const MAX_ROOM = 6_000_000;

const NOTHING: readonly Apex[] = [];

export interface HeapOwner {
  /** Bytes that may be held now. */
  limit(): number;
  /** What counts besides the variables of methods. */
  globals(): Iterable<unknown>;
}

export class Heap {
  readonly #owner: HeapOwner;
  /** Each tells the variables of a method that runs, innermost last. */
  #frames: (() => unknown[])[] = [];
  /** The count of bytes made at which it is time to look. */
  #lookAt = bytesMade + MAX_ROOM;

  constructor(owner: HeapOwner) {
    this.#owner = owner;
  }

  hold(frame: () => unknown[]): void {
    this.#frames.push(frame);
  }

  release(): void {
    this.#frames.pop();
  }

  /** Runs a trigger or a job of a test: the variables of whoever caused it are set aside meanwhile. */
  apart<T>(work: () => T): T {
    const outer = this.#frames;
    this.#frames = [];
    try {
      return work();
    } finally {
      this.#frames = outer;
    }
  }

  /** Bytes that are held now. */
  size(besides: readonly Apex[] = NOTHING): number {
    return heapSize([...this.#owner.globals(), ...this.#frames.flatMap((frame) => frame()), ...besides]);
  }

  /** LimitException when too much is held. `besides`: values that no variable holds yet. */
  check(besides: readonly Apex[] = NOTHING): void {
    if (bytesMade > this.#lookAt) this.#look(besides);
  }

  #look(besides: readonly Apex[]): void {
    const limit = this.#owner.limit();
    const size = this.size(besides);
    if (size > limit) throw heapTooLarge(size);
    this.#lookAt = bytesMade + Math.min(Math.max(limit - size, limit * MIN_ROOM), MAX_ROOM);
  }
}
