import { base62 } from '../ids/record-id.ts';
import type { ObjectKind } from '../types.ts';

const FIRST: Record<Exclude<ObjectKind, 'standard'>, string> = {
  custom: 'a',
  customSetting: 'a',
  platformEvent: 'e',
  customMetadata: 'm',
};

/**
 * Gives out the key prefixes of custom objects: `a00`, `a01`, … for objects and settings, `e00` for
 * events, `m00` for metadata types, in the order in which objects are first seen. What was given out
 * once is kept, so ids in a file stay valid when objects are added.
 */
export class KeyPrefixes {
  readonly #byObject: Map<string, string>;

  constructor(known: Iterable<[object: string, prefix: string]>) {
    this.#byObject = new Map(known);
  }

  /** The prefix of `object`, newly given out when it is new. */
  of(object: string, kind: Exclude<ObjectKind, 'standard'>): string {
    const known = this.#byObject.get(object);
    if (known !== undefined) return known;
    const first = FIRST[kind];
    const count = [...this.#byObject.values()].filter((prefix) => prefix.startsWith(first)).length;
    const prefix = first + base62(count, 2);
    this.#byObject.set(object, prefix);
    return prefix;
  }

  /** All prefixes given out so far. */
  entries(): [object: string, prefix: string][] {
    return [...this.#byObject];
  }
}
